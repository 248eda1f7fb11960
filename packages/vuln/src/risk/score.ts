// The risk score of a finding: a sum of named parts, each shown. docs: README of this package.
import type {
  Exposure,
  InUse,
  RiskFactor,
  Severity,
  VulnerabilityFacts,
  WorkloadExposure,
} from '@guardcell/core';

export interface RiskInput {
  /** CVSS base score, 0 when unknown; then the severity stands in. */
  readonly cvss: number;
  readonly severity: Severity;
  readonly facts: Pick<VulnerabilityFacts, 'kev' | 'ssvc' | 'epss'> | undefined;
  readonly exposure: Omit<WorkloadExposure, 'endpoints'>;
  readonly inUse: InUse;
  readonly fixed: string;
  /** Why it can hardly matter: nothing of the package runs, or the functions are not in the program. */
  readonly demotion: string;
}

export interface Risk {
  /** 0–100, whole. */
  readonly score: number;
  readonly factors: readonly RiskFactor[];
}

/** Up to 40 points come from CVSS. */
const CVSS_WEIGHT = 4;
/** Up to 20 points; the square root because most probabilities are small and their order still tells. */
const EPSS_WEIGHT = 20;
const KEV = 25;
const RANSOMWARE = 5;
const SSVC_EXPLOITATION: Readonly<Record<string, number>> = { active: 10, poc: 5 };
const SSVC_AUTOMATABLE = 3;
const SSVC_TOTAL = 2;
const EXPOSURE: Readonly<Record<Exposure, number>> = {
  internet: 8,
  published: 6,
  'host-network': 4,
  unknown: 0,
  loopback: -2,
  internal: -4,
  none: -8,
};
/** Who breaks in has the host. */
const PRIVILEGED = 4;
const IN_USE: Readonly<Record<InUse, number>> = {
  executed: 8,
  loaded: 6,
  opened: 3,
  untouched: -20,
  unknown: 0,
};
const FIX_AVAILABLE = 4;
/** Demoted findings keep at most this much. */
const DEMOTED_MAX = 5;
const STAND_IN: Readonly<Record<Severity, number>> = { critical: 9, high: 7.5, medium: 5, low: 2.5, info: 0 };

/** Adds up the factors and holds the sum between 0 and 100. A factor without evidence is left out. */
export function riskOf(input: RiskInput): Risk {
  const factors = [...severityFactors(input), ...threatFactors(input.facts), ...placeFactors(input)];
  const sum = factors.reduce((total, { effect }) => total + effect, 0);
  const over = sum - DEMOTED_MAX;
  if (input.demotion !== '' && over > 0)
    factors.push({ name: 'in-use', value: input.demotion, effect: -oneDecimal(over) });
  const score = Math.round(input.demotion === '' ? sum : Math.min(sum, DEMOTED_MAX));
  return { score: Math.max(0, Math.min(100, score)), factors };
}

function severityFactors({ cvss, severity }: RiskInput): RiskFactor[] {
  const known = cvss > 0;
  const value = known ? cvss.toFixed(1) : `unknown, ${severity} stands in`;
  return [{ name: 'cvss', value, effect: oneDecimal((known ? cvss : STAND_IN[severity]) * CVSS_WEIGHT) }];
}

function threatFactors(facts: RiskInput['facts']): RiskFactor[] {
  const factors: RiskFactor[] = [];
  if (facts?.epss !== undefined) {
    const { probability } = facts.epss;
    const value = `${(probability * 100).toFixed(1)} % within 30 days`;
    factors.push({ name: 'epss', value, effect: oneDecimal(EPSS_WEIGHT * Math.sqrt(probability)) });
  }
  if (facts?.kev !== undefined) {
    factors.push({ name: 'kev', value: `exploited, listed ${facts.kev.added}`, effect: KEV });
    if (facts.kev.ransomware)
      factors.push({ name: 'ransomware', value: 'used by ransomware', effect: RANSOMWARE });
  }
  const ssvc = facts?.ssvc;
  if (ssvc !== undefined) {
    // That it is exploited counts once, and the catalogue of exploited vulnerabilities says it more firmly.
    const exploitation = facts?.kev === undefined ? (SSVC_EXPLOITATION[ssvc.exploitation] ?? 0) : 0;
    const automatable = ssvc.automatable === 'yes' ? SSVC_AUTOMATABLE : 0;
    const total = ssvc.impact === 'total' ? SSVC_TOTAL : 0;
    const value = `exploitation ${ssvc.exploitation}, automatable ${ssvc.automatable}, impact ${ssvc.impact}`;
    factors.push({ name: 'ssvc', value, effect: exploitation + automatable + total });
  }
  return factors;
}

function placeFactors({ exposure, inUse, fixed }: RiskInput): RiskFactor[] {
  const { level, ports, privileged } = exposure;
  const reached = ports.length === 0 ? level : `${level}: ${ports.join(', ')}`;
  return [
    ...(level === 'unknown' ? [] : [{ name: 'exposure', value: reached, effect: EXPOSURE[level] } as const]),
    ...(privileged
      ? [{ name: 'privileged', value: 'privileged container', effect: PRIVILEGED } as const]
      : []),
    ...(inUse === 'unknown' ? [] : [{ name: 'in-use', value: inUse, effect: IN_USE[inUse] } as const]),
    ...(fixed === '' ? [] : [{ name: 'fix', value: `fixed in ${fixed}`, effect: FIX_AVAILABLE } as const]),
  ];
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
