// Findings grouped by package name and type.
import type { VulnerabilityFilter, VulnerablePackage } from '@guardcell/contract';
import { IN_USE } from '@guardcell/core';
import { inUseIn, scoreIn, severityIn } from '../finding-columns.ts';
import { severityCounts } from './counts.ts';
import { type Sorted, sortBy } from './pages.ts';
import { visitRows } from './row-filter.ts';
import { type ScanIndex, typeName } from './scan-index.ts';

/** A vulnerability of a package is counted once, with its worst severity, however many artifacts have it. */
export interface PackageRow {
  readonly group: number;
  readonly name: string;
  readonly type: number;
  readonly vulnerabilities: readonly [number, number, number, number, number];
  readonly score: number;
  readonly fixable: number;
  readonly inUse: number;
  readonly artifacts: number;
  readonly running: number;
}

interface Growing {
  readonly name: string;
  readonly type: number;
  /** By vulnerability: rank of severity, plus 8 when there is a fixed version. */
  readonly found: Map<number, number>;
  score: number;
  inUse: number;
  artifacts: number;
  running: number;
  lastArtifact: number;
}

export function groupByPackage(
  index: ScanIndex,
  filter: VulnerabilityFilter,
  nowMs: number,
): Sorted<PackageRow> {
  const groups: (Growing | undefined)[] = [];
  visitRows(index, filter, nowMs, (entry, row) => {
    const { columns } = entry;
    const key = columns.package[row] as number;
    const at = index.groupOf[key] as number;
    groups[at] ??= {
      name: index.packages[key]?.name ?? '',
      type: index.typeOf[key] as number,
      found: new Map(),
      score: 0,
      inUse: 255,
      artifacts: 0,
      running: 0,
      lastArtifact: 0,
    };
    const group = groups[at] as Growing;
    const traits = columns.traits[row] as number;
    const v = index.vulnerabilityOf[columns.fact[row] as number] as number;
    const now = severityIn(traits) | (columns.fixed[row] === 0 ? 0 : 8);
    const before = group.found.get(v);
    const joined = before === undefined ? now : Math.min(before & 7, now & 7) | ((before | now) & 8);
    if (joined !== before) group.found.set(v, joined);
    group.score = Math.max(group.score, scoreIn(traits));
    group.inUse = Math.min(group.inUse, inUseIn(traits));
    if (group.lastArtifact === entry.key) return;
    group.lastArtifact = entry.key;
    group.artifacts += 1;
    group.running += entry.running;
  });
  const rows: PackageRow[] = [];
  for (const [group, growing] of groups.entries())
    if (growing !== undefined) rows.push(rowOf(group, growing));
  return sortBy(rows, ({ score, vulnerabilities: [critical, high], artifacts, name, type }) => [
    -score,
    -critical,
    -high,
    -artifacts,
    name,
    type,
  ]);
}

function rowOf(group: number, growing: Growing): PackageRow {
  const { found, name, type, score, inUse, artifacts, running } = growing;
  const vulnerabilities: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let fixable = 0;
  for (const value of found.values()) {
    vulnerabilities[(value & 7) as 0 | 1 | 2 | 3 | 4] += 1;
    if ((value & 8) !== 0) fixable += 1;
  }
  return { group, vulnerabilities, fixable, name, type, score, inUse, artifacts, running };
}

const MOST_VERSIONS = 10;

/** With the versions that are affected, the most frequent. */
export function fillPackages(
  index: ScanIndex,
  filter: VulnerabilityFilter,
  rows: readonly PackageRow[],
  nowMs: number,
): VulnerablePackage[] {
  const versions: (Map<string, number> | undefined)[] = Array.from({ length: index.groups.size() });
  for (const { group } of rows) versions[group] = new Map();
  visitRows(index, filter, nowMs, ({ columns }, row) => {
    const key = columns.package[row] as number;
    const of = versions[index.groupOf[key] as number];
    if (of === undefined) return;
    const version = index.packages[key]?.version ?? '';
    of.set(version, (of.get(version) ?? 0) + 1);
  });
  return rows.map((row) => ({
    name: row.name,
    type: typeName(row.type),
    versions: [...(versions[row.group] ?? [])]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, MOST_VERSIONS)
      .map(([version]) => version),
    vulnerabilities: severityCounts([...row.vulnerabilities]),
    score: row.score,
    fixable: row.fixable,
    inUse: IN_USE[row.inUse] ?? 'unknown',
    artifacts: row.artifacts,
    running: row.running,
  }));
}
