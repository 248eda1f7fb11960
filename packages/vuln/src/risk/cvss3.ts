// CVSS 3.0 and 3.1 base scores, after section 7 (3.1: appendix A for rounding) of FIRST's specifications.
import { type Metrics, weights } from './cvss-metrics.ts';

const TABLE = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
  S: { U: 0, C: 1 },
} as const;
/** Rights needed weigh less when the damage leaves the component. */
const PRIVILEGES = [{ PR: { N: 0.85, L: 0.62, H: 0.27 } }, { PR: { N: 0.85, L: 0.68, H: 0.5 } }] as const;

/** 0–10; undefined when a base metric is missing. */
export function cvss3(metrics: Metrics, minor: '0' | '1'): number | undefined {
  const w = weights(metrics, TABLE);
  if (w === undefined) return undefined;
  const changed = w.S === 1;
  const rights = weights(metrics, PRIVILEGES[changed ? 1 : 0]);
  if (rights === undefined) return undefined;
  const base = 1 - (1 - w.C) * (1 - w.I) * (1 - w.A);
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  if (impact <= 0) return 0;
  const exploitability = 8.22 * w.AV * w.AC * rights.PR * w.UI;
  const score = Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10);
  return minor === '0' ? Math.ceil(score * 10) / 10 : roundUp(score);
}

/** Rounds up to one decimal without the errors of binary fractions. */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
