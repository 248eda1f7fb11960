// Which upgrades close most risk: findings grouped by what one upgrade moves, as `fixPlan` of vuln does for one report,
// here over all artifacts at once and without unpacking anything.
import type { VulnerabilityFilter } from '@guardcell/contract';
import { compareVersions, schemeOfEcosystem } from '@guardcell/vuln';
import { scoreIn, severityIn } from '../finding-columns.ts';
import { visitRows } from './row-filter.ts';
import { type PackageEntry, type ScanIndex, typeName } from './scan-index.ts';

/** One upgrade and what it closes. */
export interface UpgradeStep {
  /** Any of the packages that move, and its key; `names` are all. */
  readonly pkg: PackageEntry;
  readonly key: number;
  readonly names: ReadonlySet<string>;
  readonly to: string;
  /** Rank of severity by number of the vulnerability. */
  readonly closes: ReadonlyMap<number, number>;
  readonly artifacts: number;
  /** Sum of the scores of the findings it closes. */
  readonly score: number;
}

interface Weight {
  readonly move: number;
  readonly score: number;
  readonly artifacts: number;
}

/** The moves that take away most; counting them all needs no more than two arrays. */
function heaviest(index: ScanIndex, filter: VulnerabilityFilter, nowMs: number, most: number): Weight[] {
  const size = index.moves.size();
  const { moveOf } = index;
  const score = new Float64Array(size);
  const artifacts = new Int32Array(size);
  const last = new Int32Array(size);
  visitRows(index, filter, nowMs, (entry, row) => {
    const { columns } = entry;
    const move = moveOf[columns.package[row] as number] as number;
    score[move] = (score[move] as number) + scoreIn(columns.traits[row] as number);
    if (last[move] === entry.key) return;
    last[move] = entry.key;
    artifacts[move] = (artifacts[move] as number) + 1;
  });
  const weights: Weight[] = [];
  for (let move = 0; move < size; move += 1) {
    if (artifacts[move] !== 0)
      weights.push({ move, score: score[move] as number, artifacts: artifacts[move] as number });
  }
  const name = ({ move }: Weight): string => index.moves.text(move);
  return weights
    .sort((a, b) => b.score - a.score || b.artifacts - a.artifacts || (name(a) < name(b) ? -1 : 1))
    .slice(0, most);
}

interface Growing {
  readonly names: Set<string>;
  readonly closes: Map<number, number>;
  /** Keys of fixed versions that its findings name. */
  readonly fixed: Set<number>;
  lastFixed: number;
  key: number;
}

/** At most `most` steps, those that take away most risk first. */
export function upgradeSteps(
  index: ScanIndex,
  given: VulnerabilityFilter,
  nowMs: number,
  most: number,
): UpgradeStep[] {
  const filter = { ...given, fixable: true };
  const weights = heaviest(index, filter, nowMs, most);
  const { moveOf, vulnerabilityOf } = index;
  const slots = new Int32Array(index.moves.size()).fill(-1);
  for (const [slot, { move }] of weights.entries()) slots[move] = slot;
  const steps = weights.map(
    (): Growing => ({ names: new Set(), closes: new Map(), fixed: new Set(), lastFixed: 0, key: 0 }),
  );
  const named = new Uint8Array(index.packages.length);
  visitRows(index, filter, nowMs, ({ columns }, row) => {
    const key = columns.package[row] as number;
    const slot = slots[moveOf[key] as number] as number;
    if (slot < 0) return;
    const step = steps[slot] as Growing;
    if (named[key] === 0) {
      named[key] = 1;
      step.names.add(index.packages[key]?.name ?? '');
      step.key ||= key;
    }
    const fixed = columns.fixed[row] as number;
    if (step.lastFixed !== fixed) step.fixed.add(fixed);
    step.lastFixed = fixed;
    const v = vulnerabilityOf[columns.fact[row] as number] as number;
    const rank = severityIn(columns.traits[row] as number);
    if ((step.closes.get(v) ?? 255) > rank) step.closes.set(v, rank);
  });
  return steps.flatMap(({ names, closes, fixed, key }, slot) => {
    const [pkg, weight] = [index.packages[key], weights[slot]];
    if (pkg === undefined || weight === undefined) return [];
    const { score, artifacts } = weight;
    return [{ pkg, key, names, to: highest(index, pkg, fixed), closes, artifacts, score }];
  });
}

/** The lowest version that closes all is the highest that any of them needs. */
function highest(index: ScanIndex, pkg: PackageEntry, fixed: ReadonlySet<number>): string {
  const scheme = schemeOfEcosystem(typeName(pkg.type)) ?? 'generic';
  const versions = [...fixed].map((key) => index.fixed[key] ?? '').sort();
  return versions.reduce((to, version) => (compareVersions(scheme, to, version) === -1 ? version : to));
}
