// Which upgrades close most risk: findings grouped by what one upgrade moves, as `fixPlan` of vuln does for one report,
// here over all artifacts at once and without unpacking anything.
import type { VulnerabilityFilter } from '@guardcell/contract';
import type { VersionScheme } from '@guardcell/core';
import { compareVersions, schemeOfEcosystem } from '@guardcell/vuln';
import { scoreIn, severityIn } from '../finding-columns.ts';
import { visitRows } from './row-filter.ts';
import { type PackageEntry, type ScanIndex, typeName } from './scan-index.ts';

/** One upgrade and what it closes. */
export interface UpgradeStep {
  /** Any of the packages that move; `names` are all. */
  readonly pkg: PackageEntry;
  readonly names: ReadonlySet<string>;
  readonly to: string;
  /** Rank of severity by number of the vulnerability. */
  readonly closes: ReadonlyMap<number, number>;
  readonly artifacts: number;
  /** Sum of the scores of the findings it closes. */
  readonly score: number;
  /** Key of `pkg` in its table. */
  readonly key: number;
}

interface Growing {
  readonly pkg: PackageEntry;
  readonly scheme: VersionScheme;
  readonly names: Set<string>;
  readonly closes: Map<number, number>;
  to: string;
  /** Keys of versions that `to` is not below of. */
  readonly reached: Set<number>;
  artifacts: number;
  lastArtifact: number;
  score: number;
  readonly key: number;
}

export function upgradeSteps(index: ScanIndex, filter: VulnerabilityFilter, nowMs: number): UpgradeStep[] {
  const steps: (Growing | undefined)[] = [];
  visitRows(index, { ...filter, fixable: true }, nowMs, (entry, row) => {
    const { columns } = entry;
    const key = columns.package[row] as number;
    const pkg = index.packages[key];
    if (pkg === undefined) return;
    const fixed = columns.fixed[row] as number;
    const step = (steps[pkg.move] ??= begin(pkg, key));
    step.names.add(pkg.name);
    if (!step.reached.has(fixed)) raise(step, index.fixed[fixed] ?? '', fixed);
    const traits = columns.traits[row] as number;
    const v = index.facts[columns.fact[row] as number]?.vulnerability ?? 0;
    const rank = severityIn(traits);
    if ((step.closes.get(v) ?? 255) > rank) step.closes.set(v, rank);
    step.score += scoreIn(traits);
    if (step.lastArtifact === entry.key) return;
    step.lastArtifact = entry.key;
    step.artifacts += 1;
  });
  return steps
    .filter((step) => step !== undefined)
    .sort((a, b) => b.score - a.score || b.closes.size - a.closes.size || (nameOf(a) < nameOf(b) ? -1 : 1));
}

const nameOf = ({ pkg }: Growing): string => `${pkg.source || pkg.name} ${pkg.version}`;

function begin(pkg: PackageEntry, key: number): Growing {
  return {
    pkg,
    scheme: schemeOfEcosystem(typeName(pkg.type)) ?? 'generic',
    names: new Set(),
    closes: new Map(),
    to: '',
    reached: new Set(),
    artifacts: 0,
    lastArtifact: 0,
    score: 0,
    key,
  };
}

/** The lowest version that closes all is the highest that any of them needs. */
function raise(step: Growing, version: string, key: number): void {
  step.reached.add(key);
  if (step.to === '' || compareVersions(step.scheme, step.to, version) === -1) step.to = version;
}
