// Takes a finding apart into what all findings of the vulnerability share and what is of this one, and puts it together.
import type { RiskFactor, VulnerabilityFinding } from '@guardcell/core';

/** Equal for every finding that was made of the same facts. */
export interface SharedFacts {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly cvss: number;
  readonly rest: {
    readonly summary: string;
    readonly references: readonly string[];
    readonly factors: readonly RiskFactor[];
  };
}

/** purl, path, layer, exact score, factors, members of `explain`, what silences it. */
export type FindingDetail = readonly [
  package_: string,
  path: string,
  layer: string,
  score: number,
  factors: readonly RiskFactor[],
  explain: readonly [string, string, string, string, string, string],
  suppressed: NonNullable<VulnerabilityFinding['suppressed']> | 0,
];

/** Members of a finding that are columns. */
export type FindingTraits = Pick<
  VulnerabilityFinding,
  'packageName' | 'installed' | 'fixed' | 'severity' | 'status' | 'inUse'
>;

export const FLAG = { exploited: 1, ransomware: 2 } as const;

const OF_PLACE: ReadonlySet<RiskFactor['name']> = new Set(['exposure', 'privileged', 'in-use', 'fix']);

/** Factors of the vulnerability stand before those of the place; where they do not, more of them are kept apart. */
function sharedCount(factors: readonly RiskFactor[]): number {
  const first = factors.findIndex(({ name }) => OF_PLACE.has(name));
  return first < 0 ? factors.length : first;
}

export function sharedFactsOf(finding: VulnerabilityFinding): SharedFacts {
  const { id, aliases, cvss, summary, references, factors } = finding;
  return {
    id,
    aliases,
    cvss,
    rest: { summary, references, factors: factors.slice(0, sharedCount(factors)) },
  };
}

export function detailOf(finding: VulnerabilityFinding, path: string, layer: string): FindingDetail {
  const { explain: e, factors } = finding;
  return [
    finding.package,
    path,
    layer,
    finding.score,
    factors.slice(sharedCount(factors)),
    [e.feed, e.advisory, e.ecosystem, e.matchedName, e.range, e.comparison],
    finding.suppressed ?? 0,
  ];
}

/** The reverse of the two above. */
export function joinFinding(
  { id, aliases, cvss, rest }: SharedFacts,
  [purl, , , score, factors, explain, suppressed]: FindingDetail,
  traits: FindingTraits,
): VulnerabilityFinding {
  const [feed, advisory, ecosystem, matchedName, range, comparison] = explain;
  const { packageName, installed, fixed, severity, status, inUse } = traits;
  return {
    id,
    aliases,
    package: purl,
    packageName,
    installed,
    fixed,
    severity,
    cvss,
    score,
    factors: [...rest.factors, ...factors],
    status,
    inUse,
    summary: rest.summary,
    references: rest.references,
    explain: { feed, advisory, ecosystem, matchedName, range, comparison },
    ...(suppressed !== 0 && { suppressed }),
  };
}

export function flagsOf(factors: readonly RiskFactor[]): number {
  let flags = 0;
  for (const { name } of factors) {
    if (name === 'kev') flags |= FLAG.exploited;
    if (name === 'ransomware') flags |= FLAG.ransomware;
  }
  return flags;
}

/** The probability that the factor shows, 0–1; -1 without the factor. */
export function epssOf(factors: readonly RiskFactor[]): number {
  const factor = factors.find(({ name }) => name === 'epss');
  const percent = Number.parseFloat(factor?.value ?? '');
  return Number.isFinite(percent) ? Math.min(1, Math.max(0, percent / 100)) : -1;
}

/** What a finding is told apart by within an artifact. */
export function findingKey(vulnerability: string, purl: string): string {
  return `${vulnerability}\n${purl}`;
}
