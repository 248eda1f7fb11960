// What changes from one artifact to another: packages by name and type, open vulnerabilities by id and package name.
import type { Comparison } from '@guardcell/contract';
import { SEVERITIES, type SoftwarePackage } from '@guardcell/core';
import { type ArtifactQuestion, packagesOf } from './artifact-reader.ts';
import { scoreIn, severityIn } from './finding-columns.ts';
import { rowOfArtifact, summaryOfRow } from './index/by-artifact.ts';
import { noRanks, type Ranks, severityCounts } from './index/counts.ts';
import { dayOfMs, isSilenced } from './index/row-filter.ts';

type PackageChange = Comparison['packages'][number];
type FindingChange = Comparison['added'][number];

const MOST = 2000;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function compareArtifacts(from: ArtifactQuestion, to: ArtifactQuestion): Comparison {
  const packages = packageChanges(packagesOf(from.sql, from.entry.key), packagesOf(to.sql, to.entry.key));
  const before = openFindings(from);
  const after = openFindings(to);
  const added = [...after].filter(([key]) => !before.has(key)).map(([, change]) => change);
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, change]) => change);
  const unchanged = [...after].filter(([key]) => before.has(key)).map(([, change]) => change);
  return {
    from: summaryOfRow(rowOfArtifact(from.index, from.entry, from.nowMs)),
    to: summaryOfRow(rowOfArtifact(to.index, to.entry, to.nowMs)),
    packages: packages.slice(0, MOST),
    added: added.toSorted(byRisk).slice(0, MOST),
    removed: removed.toSorted(byRisk).slice(0, MOST),
    counts: {
      packages: packages.length,
      added: countsOf(added),
      removed: countsOf(removed),
      unchanged: countsOf(unchanged),
    },
  };
}

function byRisk(a: FindingChange, b: FindingChange): number {
  return b.score - a.score || compareText(a.id, b.id) || compareText(a.packageName, b.packageName);
}

function countsOf(changes: readonly FindingChange[]): Comparison['counts']['added'] {
  const ranks: Ranks = noRanks();
  for (const { severity } of changes) ranks[SEVERITIES.indexOf(severity) as 0] += 1;
  return severityCounts(ranks);
}

/** One for each vulnerability and package name: the riskiest. */
function openFindings({ index, entry, nowMs }: ArtifactQuestion): Map<string, FindingChange> {
  const found = new Map<string, FindingChange>();
  const { columns } = entry;
  const day = dayOfMs(nowMs);
  for (let row = 0; row < columns.length; row += 1) {
    if (isSilenced(entry, row, day)) continue;
    const id = index.vulnerabilities.text(index.facts[columns.fact[row] ?? 0]?.vulnerability ?? 0);
    const pkg = index.packages[columns.package[row] ?? 0];
    const key = `${id}\n${pkg?.name}`;
    const traits = columns.traits[row] ?? 0;
    // Rows stand by falling score, so the first is the riskiest.
    if (found.has(key)) continue;
    found.set(key, {
      id,
      packageName: pkg?.name ?? '',
      installed: pkg?.version ?? '',
      fixed: index.fixed[columns.fixed[row] ?? 0] ?? '',
      severity: SEVERITIES[severityIn(traits)] ?? 'info',
      score: scoreIn(traits),
    });
  }
  return found;
}

interface Named {
  readonly name: string;
  readonly type: SoftwarePackage['type'];
  readonly versions: Set<string>;
}

function versionsByName(packages: readonly SoftwarePackage[]): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const { name, type, version } of packages) {
    const key = `${name}\n${type}`;
    const one = named.get(key) ?? { name, type, versions: new Set() };
    named.set(key, one);
    one.versions.add(version);
  }
  return named;
}

/** Versions of one name that are on one side only, paired in their order: the usual case is one on each side. */
function packageChanges(
  before: readonly SoftwarePackage[],
  after: readonly SoftwarePackage[],
): PackageChange[] {
  const [from, to] = [versionsByName(before), versionsByName(after)];
  const changes: PackageChange[] = [];
  for (const key of new Set([...from.keys(), ...to.keys()])) {
    const [old, now] = [from.get(key), to.get(key)];
    const { name, type } = (now ?? old) as Named;
    const gone = [...(old?.versions ?? [])].filter((version) => !now?.versions.has(version)).sort();
    const come = [...(now?.versions ?? [])].filter((version) => !old?.versions.has(version)).sort();
    for (let at = 0; at < Math.max(gone.length, come.length); at += 1)
      changes.push({ name, type, from: gone[at] ?? '', to: come[at] ?? '' });
  }
  return changes.sort((a, b) => compareText(a.name, b.name) || compareText(a.type, b.type));
}
