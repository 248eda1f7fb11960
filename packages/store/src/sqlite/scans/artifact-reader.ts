// Questions about one artifact: what it is, its packages, its findings, its whole report.
import type {
  Artifact,
  ArtifactFindings,
  ArtifactPackage,
  ArtifactVulnerability,
  InUseWindow,
  SeverityCounts,
} from '@guardcell/contract';
import type {
  InUse,
  LicenseFinding,
  MalwareFinding,
  MisconfigurationFinding,
  ScanArtifact,
  ScanError,
  ScanReport,
  SecretFinding,
  SoftwarePackage,
  VulnerabilityFinding,
} from '@guardcell/core';
import type { PackageFilter } from '../../scan-ports.ts';
import { layerIn, severityIn } from './finding-columns.ts';
import type { FindingReader } from './finding-reader.ts';
import { rowOfArtifact, summaryOfRow, wireExposure } from './index/by-artifact.ts';
import { isoTime, noRanks, type Ranks, severityCounts } from './index/counts.ts';
import type { FindingRow } from './index/occurrences.ts';
import { cursorOf, parseCursor } from './index/pages.ts';
import { dayOfMs, isSilenced } from './index/row-filter.ts';
import type { ArtifactEntry, ScanIndex } from './index/scan-index.ts';
import { gradesOf, windowOf } from './put-in-use.ts';
import type { Row, Sql } from './scan-file.ts';
import { PART } from './scan-schema.ts';
import { PART_ROWS, partOf, partsOf } from './stored-findings.ts';

/** What a question about an artifact needs. */
export interface ArtifactQuestion {
  readonly sql: Sql;
  readonly index: ScanIndex;
  readonly entry: ArtifactEntry;
  readonly findings: FindingReader;
  readonly nowMs: number;
}

interface StoredLayer {
  readonly diffId: string;
  readonly packages: number;
}

interface Others {
  readonly secrets: SecretFinding[];
  readonly misconfigurations: MisconfigurationFinding[];
  readonly malware: MalwareFinding[];
  readonly licenses: LicenseFinding[];
  readonly errors: ScanError[];
}

const MOST_CONTAINERS = 500;
const MOST_OTHERS = 5000;

function rowOf(sql: Sql, key: number): Row {
  return sql.get('SELECT * FROM artifact WHERE key = ?', key) ?? {};
}

function othersOf(sql: Sql, key: number): Others {
  const [others] = partOf<readonly Others[]>(sql, key, PART.others, 0) ?? [];
  return others ?? { secrets: [], misconfigurations: [], malware: [], licenses: [], errors: [] };
}

/** What could not be looked at, and what could not be judged. */
function errorsOf(sql: Sql, key: number, scanned: readonly ScanError[]): ScanError[] {
  return [...scanned, ...[...partsOf<ScanError>(sql, key, PART.warnings)].flat()];
}

export function layersOf(sql: Sql, key: number): readonly StoredLayer[] {
  return JSON.parse(String(rowOf(sql, key)['layers'] ?? '[]')) as StoredLayer[];
}

export function inUseWindow(sql: Sql, key: number): InUseWindow {
  const window = windowOf(sql, key);
  return {
    from: isoTime(window?.fromMs ?? 0),
    to: isoTime(window?.toMs ?? 0),
    containers: window?.containers ?? 0,
  };
}

function openByLayer({ entry, nowMs }: ArtifactQuestion, layers: number): Ranks[] {
  const counts = Array.from({ length: layers + 1 }, noRanks);
  const day = dayOfMs(nowMs);
  for (let row = 0; row < entry.columns.length; row += 1) {
    const traits = entry.columns.traits[row] ?? 0;
    const ranks = counts[layerIn(traits)];
    if (ranks !== undefined && !isSilenced(entry, row, day)) ranks[severityIn(traits) as 0] += 1;
  }
  return counts;
}

export function artifactOf(question: ArtifactQuestion): Artifact {
  const { sql, index, entry, nowMs } = question;
  const row = rowOf(sql, entry.key);
  const scan = JSON.parse(String(row['scan'])) as ScanArtifact;
  const layers = layersOf(sql, entry.key);
  const open = openByLayer(question, layers.length);
  const types = JSON.parse(String(row['types'])) as Record<string, number>;
  return {
    summary: summaryOfRow(rowOfArtifact(index, entry, nowMs)),
    ...(scan.os !== undefined && { osRelease: { ...scan.os, idLike: [...scan.os.idLike] } }),
    layers: layers.map(({ diffId, packages }, at) => ({
      diffId,
      createdBy: scan.steps?.[at] ?? '',
      packages,
      vulnerabilities: severityCounts(open[at + 1] ?? noRanks()),
    })),
    containers: index.workloads
      .filter(({ artifact }) => artifact === entry.key)
      .slice(0, MOST_CONTAINERS)
      .map(({ id, name, hostname, namespace, pod, image, exposure }) => ({
        id,
        name,
        hostname,
        namespace,
        pod,
        image,
        exposure: wireExposure(exposure),
      })),
    packageTypes: Object.entries(types)
      .map(([type, count]) => ({ type: type as SoftwarePackage['type'], count }))
      .sort((a, b) => b.count - a.count),
    inUseWindow: inUseWindow(sql, entry.key),
    errors: errorsOf(sql, entry.key, othersOf(sql, entry.key).errors).slice(0, MOST_OTHERS),
    databaseRevision: String(row['database'] ?? ''),
  };
}

export function artifactFindings({ sql, entry }: ArtifactQuestion): ArtifactFindings {
  const { secrets, misconfigurations, malware, licenses } = othersOf(sql, entry.key);
  const all = [secrets, misconfigurations, malware, licenses];
  return {
    secrets: secrets.slice(0, MOST_OTHERS),
    misconfigurations: misconfigurations.slice(0, MOST_OTHERS),
    malware: malware.slice(0, MOST_OTHERS),
    licenses: licenses.slice(0, MOST_OTHERS),
    cut: all.reduce((sum, { length }) => sum + Math.max(0, length - MOST_OTHERS), 0),
  };
}

/** With what silences it now, an acceptance or the report itself. */
export function markedFinding(question: ArtifactQuestion, row: number): VulnerabilityFinding {
  const { sql, index, entry, findings, nowMs } = question;
  const finding = findings.finding(sql, index, { entry, row });
  const silencer = index.silencers[(entry.silencedBy?.[row] ?? 0) - 1]?.acceptance;
  if (silencer !== undefined) {
    const { id, reason, until } = silencer;
    return { ...finding, suppressed: { by: `acceptance ${id}`, reason, until } };
  }
  const { suppressed, ...open } = finding;
  return suppressed !== undefined && !isSilenced(entry, row, dayOfMs(nowMs)) ? open : finding;
}

export function vulnerabilityOf(question: ArtifactQuestion, { row }: FindingRow): ArtifactVulnerability {
  const { sql, index, entry, findings } = question;
  const [, path, layer] = findings.detail(sql, { entry, row });
  const finding = markedFinding(question, row);
  return {
    ...finding,
    aliases: [...finding.aliases],
    references: [...finding.references],
    factors: [...finding.factors],
    firstSeenAt: isoTime((entry.columns.firstSeen[row] ?? 0) * 1000),
    layer,
    path,
    acceptance: index.silencers[(entry.silencedBy?.[row] ?? 0) - 1]?.acceptance.id ?? '',
  };
}

export function reportOf(question: ArtifactQuestion): ScanReport {
  const { sql, entry } = question;
  const row = rowOf(sql, entry.key);
  const { secrets, misconfigurations, malware, licenses, errors } = othersOf(sql, entry.key);
  return {
    schemaVersion: 1,
    createdAt: String(row['created_at']),
    artifact: JSON.parse(String(row['scan'])) as ScanArtifact,
    packages: packagesOf(sql, entry.key),
    vulnerabilities: Array.from({ length: entry.columns.length }, (_, at) => markedFinding(question, at)),
    secrets,
    misconfigurations,
    malware,
    licenses,
    errors: errorsOf(sql, entry.key, errors),
  };
}

export function packagesOf(sql: Sql, key: number): SoftwarePackage[] {
  return [...partsOf<SoftwarePackage>(sql, key, PART.packages)].flat();
}

/** Open findings by purl. */
export function countsByPurl({ sql, entry, findings, nowMs }: ArtifactQuestion): Map<string, Ranks> {
  const counts = new Map<string, Ranks>();
  const day = dayOfMs(nowMs);
  for (let row = 0; row < entry.columns.length; row += 1) {
    const [purl] = findings.detail(sql, { entry, row });
    if (isSilenced(entry, row, day)) continue;
    const ranks = counts.get(purl) ?? noRanks();
    counts.set(purl, ranks);
    ranks[severityIn(entry.columns.traits[row] ?? 0) as 0] += 1;
  }
  return counts;
}

/** Packages stand sorted by name; only the parts that a page needs are unpacked. */
export function packagePage(
  question: ArtifactQuestion,
  filter: PackageFilter,
  counts: ReadonlyMap<string, Ranks>,
  limit: number,
  cursor: string | undefined,
): { items: ArtifactPackage[]; nextCursor: string | undefined } {
  const { sql, entry } = question;
  const list = `packages ${entry.id}`;
  const start = cursor === undefined ? 0 : Math.max(0, Number(parseCursor(list, cursor, [0])[0]) + 1);
  const grades = gradesOf(sql, entry.key);
  const word = filter.q?.trim().toLowerCase() ?? '';
  const gradeOf = (purl: string): InUse =>
    grades === undefined ? 'unknown' : (grades.get(purl) ?? 'untouched');
  const fits = (pkg: SoftwarePackage): boolean =>
    (word === '' || pkg.name.toLowerCase().includes(word)) &&
    ((filter.type?.length ?? 0) === 0 || filter.type?.includes(pkg.type) === true) &&
    ((filter.inUse?.length ?? 0) === 0 || filter.inUse?.includes(gradeOf(pkg.purl)) === true) &&
    (filter.vulnerable === undefined || filter.vulnerable === counts.has(pkg.purl));
  const items: ArtifactPackage[] = [];
  let last = 0;
  for (let number = Math.floor(start / PART_ROWS); number * PART_ROWS < entry.packages; number += 1) {
    const part = partOf<readonly SoftwarePackage[]>(sql, entry.key, PART.packages, number) ?? [];
    for (const [at, pkg] of part.entries()) {
      const place = number * PART_ROWS + at;
      if (place < start || !fits(pkg)) continue;
      if (items.length === limit) return { items, nextCursor: cursorOf(list, [last]) };
      items.push({
        package: wirePackage(pkg),
        inUse: gradeOf(pkg.purl),
        vulnerabilities: countsOf(counts, pkg.purl),
      });
      last = place;
    }
  }
  return { items, nextCursor: undefined };
}

function countsOf(counts: ReadonlyMap<string, Ranks>, purl: string): SeverityCounts {
  return severityCounts(counts.get(purl) ?? noRanks());
}

/** As the contract writes it: without a source package it is null. */
function wirePackage(pkg: SoftwarePackage): ArtifactPackage['package'] {
  const { source, locations, licenses, symbols, ...rest } = pkg;
  return {
    ...rest,
    source: source === undefined ? null : { ...source },
    locations: locations.map((location) => ({ ...location })),
    licenses: [...licenses],
    ...(symbols !== undefined && { symbols: [...symbols] }),
  };
}
