// How many findings each value of each condition has, counted without the condition itself, all in one pass.
import type { VulnerabilityFacets, VulnerabilityFilter } from '@guardcell/contract';
import { IN_USE, isExposed, SEVERITIES, VULNERABILITY_STATUSES } from '@guardcell/core';
import { inUseIn, severityIn, statusIn } from '../finding-columns.ts';
import { FLAG } from '../finding-parts.ts';
import { type Condition, failing, visitRows } from './row-filter.ts';
import { type ScanIndex, typeName } from './scan-index.ts';

const MOST_VALUES = 20;

type Facet = VulnerabilityFacets[Condition];

export function facetsOf(index: ScanIndex, filter: VulnerabilityFilter, nowMs: number): VulnerabilityFacets {
  const small = (): Int32Array => new Int32Array(32);
  const [severity, status, inUse, type] = [small(), small(), small(), small()];
  const [fixable, exploited, exposed] = [small(), small(), small()];
  const kind = new Map<string, number>();
  const artifact = new Map<number, number>();
  const packages = new Int32Array(index.packages.length);
  const counts = (condition: Condition): ((fails: number) => boolean) => {
    const bit = failing(condition);
    return (fails) => fails === 0 || fails === bit;
  };
  const inSeverity = counts('severity');
  const inStatus = counts('status');
  const inGrade = counts('inUse');
  const inType = counts('type');
  const inKind = counts('kind');
  const inFixable = counts('fixable');
  const inExploited = counts('exploited');
  const inExposed = counts('exposed');
  const inArtifact = counts('artifact');
  const inPackage = counts('package');
  const add = (to: Int32Array, at: number): void => {
    to[at] = (to[at] as number) + 1;
  };
  visitRows(
    index,
    filter,
    nowMs,
    (entry, row, fails) => {
      const { columns } = entry;
      const traits = columns.traits[row] as number;
      const key = columns.package[row] as number;
      if (inSeverity(fails)) add(severity, severityIn(traits));
      if (inStatus(fails)) add(status, statusIn(traits));
      if (inGrade(fails)) add(inUse, inUseIn(traits));
      if (inType(fails)) add(type, index.typeOf[key] as number);
      if (inKind(fails)) kind.set(entry.kind, (kind.get(entry.kind) ?? 0) + 1);
      if (inFixable(fails)) add(fixable, columns.fixed[row] === 0 ? 0 : 1);
      if (inExploited(fails))
        add(exploited, (index.flagsOf[columns.fact[row] as number] as number) & FLAG.exploited);
      if (inExposed(fails)) add(exposed, isExposed(entry.exposure) ? 1 : 0);
      if (inArtifact(fails)) artifact.set(entry.key, (artifact.get(entry.key) ?? 0) + 1);
      if (inPackage(fails)) add(packages, key);
    },
    true,
  );
  const named = (of: Int32Array, nameOf: (at: number) => string): Facet =>
    [...of].flatMap((count, at) => (count === 0 ? [] : [{ value: nameOf(at), label: nameOf(at), count }]));
  return {
    severity: named(severity, (at) => SEVERITIES[at] ?? ''),
    status: named(status, (at) => VULNERABILITY_STATUSES[at] ?? ''),
    inUse: named(inUse, (at) => IN_USE[at] ?? ''),
    type: most(named(type, typeName)),
    kind: most([...kind].map(([value, count]) => ({ value, label: value, count }))),
    fixable: named(fixable, (at) => String(at === 1)),
    exploited: named(exploited, (at) => String(at === 1)),
    exposed: named(exposed, (at) => String(at === 1)),
    artifact: most(
      [...artifact].map(([key, count]) => {
        const entry = index.artifacts.get(key);
        return { value: entry?.id ?? '', label: entry?.name ?? '', count };
      }),
    ),
    package: packageFacet(index, packages),
  };
}

function most(values: Facet): Facet {
  return values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, MOST_VALUES);
}

/** Versions and types of one name together, as the filter takes them. */
function packageFacet(index: ScanIndex, counts: Int32Array): Facet {
  const byName = new Map<string, number>();
  for (const [key, count] of counts.entries()) {
    if (count === 0) continue;
    const name = index.packages[key]?.name ?? '';
    byName.set(name, (byName.get(name) ?? 0) + count);
  }
  return most([...byName].map(([value, count]) => ({ value, label: value, count })));
}
