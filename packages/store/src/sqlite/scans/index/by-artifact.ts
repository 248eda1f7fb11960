// Findings grouped by artifact and by running container.
import type {
  ArtifactFilter,
  ArtifactSummary,
  VulnerabilityFilter,
  VulnerableWorkload,
} from '@guardcell/contract';
import { isExposed, type WorkloadExposure } from '@guardcell/core';
import { addRow, emptyTally, riskKey, severityCounts, summaryOf, type Tally } from './counts.ts';
import { type Sorted, type SortKey, sortBy } from './pages.ts';
import { dayOfMs, isSilenced, runs, visitRows, workloadsNamed } from './row-filter.ts';
import type { ArtifactEntry, ScanIndex, Workload } from './scan-index.ts';

export interface ArtifactRow {
  readonly entry: ArtifactEntry;
  readonly tally: Tally;
  readonly accepted: number;
}

/** Open findings of one artifact, and how many are silenced. */
export function rowOfArtifact(index: ScanIndex, entry: ArtifactEntry, nowMs: number): ArtifactRow {
  const tally = emptyTally();
  let accepted = 0;
  const day = dayOfMs(nowMs);
  for (let row = 0; row < entry.columns.length; row += 1) {
    if (isSilenced(entry, row, day)) accepted += 1;
    else addRow(tally, index, entry, row);
  }
  return { entry, tally, accepted };
}

export function summaryOfRow({ entry, tally, accepted }: ArtifactRow): ArtifactSummary {
  return summaryOf(entry, tally, accepted);
}

const byRisk = ({ entry, tally }: ArtifactRow): SortKey => [...riskKey(tally), entry.name, entry.id];

const KEYS: Readonly<Record<NonNullable<ArtifactFilter['sort']>, (row: ArtifactRow) => SortKey>> = {
  risk: byRisk,
  name: ({ entry }) => [entry.name, entry.id],
  scanned: ({ entry }) => [-entry.scannedMs, entry.id],
};

export function listArtifacts(index: ScanIndex, filter: ArtifactFilter, nowMs: number): Sorted<ArtifactRow> {
  const word = filter.q?.trim().toLowerCase() ?? '';
  const entries = [...index.artifacts.values()].filter(
    (entry) =>
      (word === '' || entry.words.includes(word)) &&
      ((filter.kind?.length ?? 0) === 0 || filter.kind?.includes(entry.kind)) &&
      (filter.registry === undefined || entry.registries.includes(filter.registry)) &&
      (filter.running === undefined || filter.running === runs(entry)),
  );
  return sortBy(
    entries.map((entry) => rowOfArtifact(index, entry, nowMs)),
    KEYS[filter.sort ?? 'risk'],
  );
}

function talliesOf(index: ScanIndex, filter: VulnerabilityFilter, nowMs: number): Map<number, ArtifactRow> {
  const rows = new Map<number, ArtifactRow>();
  const day = dayOfMs(nowMs);
  visitRows(index, filter, nowMs, (entry, row) => {
    let found = rows.get(entry.key);
    if (found === undefined) {
      let accepted = 0;
      for (let at = 0; at < entry.columns.length; at += 1) if (isSilenced(entry, at, day)) accepted += 1;
      found = { entry, tally: emptyTally(), accepted };
      rows.set(entry.key, found);
    }
    addRow(found.tally, index, entry, row);
  });
  return rows;
}

/** Artifacts with matching findings; what is counted of them are those findings. */
export function listVulnerableArtifacts(
  index: ScanIndex,
  filter: VulnerabilityFilter,
  nowMs: number,
): Sorted<ArtifactRow> {
  return sortBy([...talliesOf(index, filter, nowMs).values()], byRisk);
}

export interface WorkloadRow {
  readonly workload: Workload;
  readonly artifact: string;
  readonly tally: Tally;
}

/** Whether the filter asks for nothing but what runs: then containers whose image is not scanned are shown too. */
function takesAll(filter: VulnerabilityFilter): boolean {
  const { running, accepted } = filter;
  const places: ReadonlySet<string> = new Set(['container', 'running', 'accepted']);
  const others = Object.entries(filter).some(([name, value]) => value !== undefined && !places.has(name));
  return running !== false && accepted !== true && !others;
}

/** Running containers with matching findings, and those of which nothing is known yet. */
export function listWorkloads(
  index: ScanIndex,
  filter: VulnerabilityFilter,
  nowMs: number,
): Sorted<WorkloadRow> {
  const tallies = talliesOf(index, filter, nowMs);
  const unknown = takesAll(filter);
  const { container } = filter;
  const workloads = container === undefined ? index.workloads : workloadsNamed(index, container);
  const { exposed } = filter;
  const rows = workloads.flatMap((workload): WorkloadRow[] => {
    if (exposed !== undefined && exposed !== isExposed(workload.exposure.level)) return [];
    if (workload.artifact === undefined)
      return unknown ? [{ workload, artifact: '', tally: emptyTally() }] : [];
    const found = tallies.get(workload.artifact);
    return found === undefined ? [] : [{ workload, artifact: found.entry.id, tally: found.tally }];
  });
  return sortBy(rows, ({ workload, tally }) => [...riskKey(tally), workload.name, workload.id]);
}

export function workloadOf({ workload, artifact, tally }: WorkloadRow): VulnerableWorkload {
  const { id, name, hostname, namespace, pod, image, exposure } = workload;
  return {
    container: id,
    name,
    hostname,
    namespace,
    pod,
    image,
    artifact,
    vulnerabilities: severityCounts(tally.ranks),
    exploited: tally.exploited,
    inUse: tally.inUse,
    fixable: tally.fixable,
    score: tally.score,
    exposure: wireExposure(exposure),
  };
}

export function wireExposure(exposure: WorkloadExposure): VulnerableWorkload['exposure'] {
  return { ...exposure, ports: [...exposure.ports], endpoints: [...exposure.endpoints] };
}
