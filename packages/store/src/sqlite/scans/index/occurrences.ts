// Single findings: those of one vulnerability over all artifacts, and those of one artifact.
import type { VulnerabilityFilter } from '@guardcell/contract';
import type { VulnerabilitySort } from '../../../scan-ports.ts';
import { layerIn, scoreIn, severityIn } from '../finding-columns.ts';
import { type Sorted, type SortKey, sortBy } from './pages.ts';
import { visitRows } from './row-filter.ts';
import type { ArtifactEntry, ScanIndex } from './scan-index.ts';

export interface FindingRow {
  readonly entry: ArtifactEntry;
  readonly row: number;
}

const vulnerabilityOf = (index: ScanIndex, { entry, row }: FindingRow): string =>
  index.vulnerabilities.text(index.facts[entry.columns.fact[row] ?? 0]?.vulnerability ?? 0);

const packageOf = (index: ScanIndex, { entry, row }: FindingRow): string =>
  index.packages[entry.columns.package[row] ?? 0]?.name ?? '';

/** Keys of facts that an id or alias means. */
function factsNamed(index: ScanIndex, vulnerability: string): ReadonlySet<number> {
  return new Set(index.factsNamed.get(vulnerability.toLowerCase()));
}

/** The riskiest first, then by artifact. Unless asked for, silenced ones are left out. */
export function listOccurrences(
  index: ScanIndex,
  vulnerability: string,
  filter: Pick<VulnerabilityFilter, 'accepted' | 'running'>,
  nowMs: number,
): Sorted<FindingRow> {
  const facts = factsNamed(index, vulnerability);
  const rows: FindingRow[] = [];
  visitRows(index, filter, nowMs, (entry, row) => {
    if (facts.has(entry.columns.fact[row] as number)) rows.push({ entry, row });
  });
  return sortBy(rows, (finding) => [
    -scoreIn(finding.entry.columns.traits[finding.row] ?? 0),
    -finding.entry.running,
    finding.entry.name,
    finding.entry.id,
    packageOf(index, finding),
    finding.row,
  ]);
}

export interface ArtifactFindingFilter extends VulnerabilityFilter {
  readonly layer?: string;
}

/** `layers` are diffIDs of the artifact, lowest first. */
export function listFindings(
  index: ScanIndex,
  entry: ArtifactEntry,
  { layer, ...filter }: ArtifactFindingFilter,
  layers: readonly string[],
  sort: VulnerabilitySort,
  nowMs: number,
): Sorted<FindingRow> {
  const number = layer === undefined ? -1 : layers.indexOf(layer) + 1;
  const rows: FindingRow[] = [];
  if (layer === undefined || number > 0)
    visitRows(index, { ...filter, artifact: entry.id }, nowMs, (found, row) => {
      const fits = number < 0 || layerIn(found.columns.traits[row] as number) === number;
      if (fits) rows.push({ entry: found, row });
    });
  return sortBy(rows, (finding) => keyOf(index, finding, sort));
}

function keyOf(index: ScanIndex, finding: FindingRow, sort: VulnerabilitySort): SortKey {
  const { columns } = finding.entry;
  const traits = columns.traits[finding.row] ?? 0;
  const last = [vulnerabilityOf(index, finding), packageOf(index, finding), finding.row];
  switch (sort) {
    case 'severity':
      return [severityIn(traits), -scoreIn(traits), ...last];
    case 'newest':
      return [-(columns.firstSeen[finding.row] ?? 0), -scoreIn(traits), ...last];
    case 'id':
      return last;
    default:
      return [-scoreIn(traits), severityIn(traits), ...last];
  }
}
