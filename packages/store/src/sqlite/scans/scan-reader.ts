// The reading half of the store of scans: every question is answered over the index, as of one moment. Runs in a worker
// thread.
import type * as contract from '@guardcell/contract';
import type { AcceptanceScope, ArtifactFilter, VulnerabilityFilter } from '@guardcell/contract';
import { IN_USE, type ScanReport, SEVERITIES, VULNERABILITY_STATUSES } from '@guardcell/core';
import type { PackageFilter, ScanPage, VulnerabilitySort } from '../../scan-ports.ts';
import * as artifacts from './artifact-reader.ts';
import { compareArtifacts } from './compare-artifacts.ts';
import { inUseIn, scoreIn, severityIn, statusIn } from './finding-columns.ts';
import { createFindingReader } from './finding-reader.ts';
import { fixPlanOf } from './fix-plan.ts';
import * as byArtifact from './index/by-artifact.ts';
import { fillPackages, groupByPackage } from './index/by-package.ts';
import { fillGroups, groupByVulnerability } from './index/by-vulnerability.ts';
import { isoTime } from './index/counts.ts';
import { facetsOf } from './index/facets.ts';
import { createIndexLoader } from './index/load-index.ts';
import { type FindingRow, listFindings, listOccurrences } from './index/occurrences.ts';
import { pageOf, type Sorted } from './index/pages.ts';
import { findArtifact, type ScanIndex } from './index/scan-index.ts';
import { coveredRows, coversArtifact, factsCovered } from './index/silencers.ts';
import { createScanFile, type Sql } from './scan-file.ts';

interface Asked {
  readonly nowMs: number;
}
interface PageAsked extends Asked {
  readonly limit: number;
  readonly cursor: string | undefined;
}
interface FilteredPage extends PageAsked {
  readonly filter: VulnerabilityFilter;
}
interface OfArtifact extends Asked {
  readonly id: string;
}

export interface ScanReader {
  artifacts(input: PageAsked & { readonly filter: ArtifactFilter }): ScanPage<contract.ArtifactSummary>;
  artifact(input: OfArtifact): contract.Artifact | undefined;
  packages(
    input: OfArtifact & PageAsked & { readonly filter: PackageFilter },
  ): ScanPage<contract.ArtifactPackage>;
  artifactVulnerabilities(
    input: OfArtifact &
      FilteredPage & { readonly layer: string | undefined; readonly sort: VulnerabilitySort },
  ): ScanPage<contract.ArtifactVulnerability>;
  findings(input: OfArtifact): contract.ArtifactFindings | undefined;
  report(input: OfArtifact): ScanReport | undefined;
  compare(input: Asked & { readonly from: string; readonly to: string }): contract.Comparison | undefined;
  fixPlan(input: Asked & { readonly filter: VulnerabilityFilter }): contract.FixPlan;
  vulnerabilities(
    input: FilteredPage & { readonly sort: VulnerabilitySort },
  ): ScanPage<contract.VulnerabilityGroup>;
  vulnerablePackages(input: FilteredPage): ScanPage<contract.VulnerablePackage>;
  vulnerableArtifacts(input: FilteredPage): ScanPage<contract.ArtifactSummary>;
  vulnerableWorkloads(input: FilteredPage): ScanPage<contract.VulnerableWorkload>;
  facets(input: Asked & { readonly filter: VulnerabilityFilter }): contract.VulnerabilityFacets;
  occurrences(
    input: PageAsked & {
      readonly vulnerability: string;
      readonly filter: Pick<VulnerabilityFilter, 'accepted' | 'running'>;
    },
  ): ScanPage<contract.VulnerabilityOccurrence>;
  preview(input: Asked & { readonly scope: AcceptanceScope }): {
    findings: number;
    artifacts: number;
    running: number;
  };
  counts(input: Asked): { artifacts: number; findings: number };
  close(): void;
}

/** Lists and counts that were made last: the next page, and the same screen again, need no new pass. */
const MOST_MADE = 8;

export function createScanReader(path: string): ScanReader {
  const file = createScanFile(path, false);
  let loader = createIndexLoader();
  let generation = 0;
  const findings = createFindingReader();
  const made = new Map<string, unknown>();
  let madeOf = -1;

  function ask<T>(nowMs: number, question: (index: ScanIndex, sql: Sql) => T): T {
    return file.transaction((sql) => {
      // After an error it starts from nothing: what was loaded of a damaged file is not trusted.
      if (generation !== file.generation()) {
        loader = createIndexLoader();
        made.clear();
      }
      generation = file.generation();
      return question(loader.refresh(sql, nowMs), sql);
    });
  }

  /** What was made last of the same index; `name` says all that it hangs on. */
  function remembered<Value>(index: ScanIndex, name: readonly unknown[], make: () => Value): Value {
    if (madeOf !== index.version) made.clear();
    madeOf = index.version;
    const key = JSON.stringify(name);
    const value = made.has(key) ? (made.get(key) as Value) : make();
    made.delete(key);
    made.set(key, value);
    for (const oldest of made.keys()) {
      if (made.size <= MOST_MADE) break;
      made.delete(oldest);
    }
    return value;
  }

  function page<Item, Shown>(
    index: ScanIndex,
    { limit, cursor }: PageAsked,
    name: readonly [list: string, ...rest: unknown[]],
    make: () => Sorted<Item>,
    show: (items: readonly Item[]) => Shown[],
  ): ScanPage<Shown> {
    const { items, nextCursor } = pageOf(name[0], remembered(index, name, make), limit, cursor);
    return { items: show(items), nextCursor };
  }

  function ofArtifact<T>(
    { id, nowMs }: OfArtifact,
    question: (asked: artifacts.ArtifactQuestion) => T,
  ): T | undefined {
    return ask(nowMs, (index, sql) => {
      const entry = findArtifact(index, id);
      return entry === undefined ? undefined : question({ sql, index, entry, findings, nowMs });
    });
  }

  function occurrence(index: ScanIndex, sql: Sql, row: FindingRow): contract.VulnerabilityOccurrence {
    const { columns, ...entry } = row.entry;
    const traits = columns.traits[row.row] ?? 0;
    const pkg = index.packages[columns.package[row.row] ?? 0];
    return {
      artifact: entry.id,
      artifactName: entry.name,
      kind: entry.kind,
      package: findings.detail(sql, row)[0],
      packageName: pkg?.name ?? '',
      installed: pkg?.version ?? '',
      fixed: index.fixed[columns.fixed[row.row] ?? 0] ?? '',
      status: VULNERABILITY_STATUSES[statusIn(traits)] ?? 'affected',
      severity: SEVERITIES[severityIn(traits)] ?? 'info',
      score: scoreIn(traits),
      inUse: IN_USE[inUseIn(traits)] ?? 'unknown',
      running: entry.running,
      firstSeenAt: isoTime((columns.firstSeen[row.row] ?? 0) * 1000),
      acceptance: index.silencers[(entry.silencedBy?.[row.row] ?? 0) - 1]?.acceptance.id ?? '',
    };
  }

  return {
    artifacts: (input) =>
      ask(input.nowMs, (index) =>
        page(
          index,
          input,
          [`artifacts ${input.filter.sort ?? 'risk'}`, input.filter, dayOf(input)],
          () => byArtifact.listArtifacts(index, input.filter, input.nowMs),
          (rows) => rows.map(byArtifact.summaryOfRow),
        ),
      ),
    artifact: (input) => ofArtifact(input, artifacts.artifactOf) ?? undefined,
    packages: (input) =>
      ofArtifact(input, (asked) => {
        const name = ['counts by purl', asked.entry.id, dayOf(input)];
        const counts = remembered(asked.index, name, () => artifacts.countsByPurl(asked));
        return artifacts.packagePage(asked, input.filter, counts, input.limit, input.cursor);
      }) ?? NOTHING,
    artifactVulnerabilities: (input) =>
      ofArtifact(input, (asked) =>
        page(
          asked.index,
          input,
          [`findings ${asked.entry.id} ${input.sort}`, input.filter, input.layer, dayOf(input)],
          () => {
            const layers = artifacts.layersOf(asked.sql, asked.entry.key).map(({ diffId }) => diffId);
            const filter = { ...input.filter, ...(input.layer !== undefined && { layer: input.layer }) };
            return listFindings(asked.index, asked.entry, filter, layers, input.sort, input.nowMs);
          },
          (rows) => rows.map((row) => artifacts.vulnerabilityOf(asked, row)),
        ),
      ) ?? NOTHING,
    findings: (input) => ofArtifact(input, artifacts.artifactFindings),
    report: (input) => ofArtifact(input, artifacts.reportOf),
    compare: ({ from, to, nowMs }) =>
      ask(nowMs, (index, sql) => {
        const [before, after] = [findArtifact(index, from), findArtifact(index, to)];
        if (before === undefined || after === undefined) return undefined;
        const asked = { sql, index, findings, nowMs };
        return compareArtifacts({ ...asked, entry: before }, { ...asked, entry: after });
      }),
    fixPlan: (input) =>
      ask(input.nowMs, (index, sql) =>
        remembered(index, ['fix plan', input.filter, dayOf(input)], () =>
          fixPlanOf(sql, index, input.filter, input.nowMs),
        ),
      ),
    vulnerabilities: (input) =>
      ask(input.nowMs, (index, sql) =>
        page(
          index,
          input,
          [`vulnerabilities ${input.sort}`, input.filter, dayOf(input)],
          () => groupByVulnerability(index, input.filter, input.sort, input.nowMs),
          (rows) =>
            fillGroups(index, input.filter, rows, input.nowMs, (fact) => findings.rest(sql, fact).summary),
        ),
      ),
    vulnerablePackages: (input) =>
      ask(input.nowMs, (index) =>
        page(
          index,
          input,
          ['vulnerable packages', input.filter, dayOf(input)],
          () => groupByPackage(index, input.filter, input.nowMs),
          (rows) => fillPackages(index, input.filter, rows, input.nowMs),
        ),
      ),
    vulnerableArtifacts: (input) =>
      ask(input.nowMs, (index) =>
        page(
          index,
          input,
          ['vulnerable artifacts', input.filter, dayOf(input)],
          () => byArtifact.listVulnerableArtifacts(index, input.filter, input.nowMs),
          (rows) => rows.map(byArtifact.summaryOfRow),
        ),
      ),
    vulnerableWorkloads: (input) =>
      ask(input.nowMs, (index) =>
        page(
          index,
          input,
          ['vulnerable workloads', input.filter, dayOf(input)],
          () => byArtifact.listWorkloads(index, input.filter, input.nowMs),
          (rows) => rows.map(byArtifact.workloadOf),
        ),
      ),
    facets: (input) =>
      ask(input.nowMs, (index) =>
        remembered(index, ['facets', input.filter, dayOf(input)], () =>
          facetsOf(index, input.filter, input.nowMs),
        ),
      ),
    occurrences: (input) =>
      ask(input.nowMs, (index, sql) =>
        page(
          index,
          input,
          [`occurrences ${input.vulnerability}`, input.filter, dayOf(input)],
          () => listOccurrences(index, input.vulnerability, input.filter, input.nowMs),
          (rows) => rows.map((row) => occurrence(index, sql, row)),
        ),
      ),
    preview: ({ scope, nowMs }) => ask(nowMs, (index) => previewOf(index, scope)),
    counts: ({ nowMs }) =>
      ask(nowMs, (index) => {
        let rows = 0;
        for (const { columns } of index.artifacts.values()) rows += columns.length;
        return { artifacts: index.artifacts.size, findings: rows };
      }),
    close: () => file.close(),
  };
}

const NOTHING = { items: [], nextCursor: undefined };

/** What reports silence themselves ends with a day. */
const dayOf = ({ nowMs }: Asked): number => Math.floor(nowMs / 86_400_000);

function previewOf(
  index: ScanIndex,
  scope: AcceptanceScope,
): { findings: number; artifacts: number; running: number } {
  const facts = new Set(factsCovered(index, scope));
  const found = { findings: 0, artifacts: 0, running: 0 };
  if (facts.size === 0) return found;
  for (const entry of index.artifacts.values()) {
    if (!coversArtifact(index, scope, entry)) continue;
    const rows = [...coveredRows(index, scope, facts, entry)].length;
    if (rows === 0) continue;
    found.findings += rows;
    found.artifacts += 1;
    found.running += entry.running;
  }
  return found;
}
