// CVSS 2.0 base score, after section 3.2.1 of FIRST's guide.
import { type Metrics, weights } from './cvss-metrics.ts';

const TABLE = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
} as const;

/** 0–10; undefined when a base metric is missing. */
export function cvss2(metrics: Metrics): number | undefined {
  const w = weights(metrics, TABLE);
  if (w === undefined) return undefined;
  const impact = 10.41 * (1 - (1 - w.C) * (1 - w.I) * (1 - w.A));
  const exploitability = 20 * w.AV * w.AC * w.Au;
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  return Math.round(score * 10) / 10;
}
