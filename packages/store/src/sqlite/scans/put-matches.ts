// Writes the matches of an artifact: columns for questions, details in compressed parts, what is new since the last time.
import {
  exposureSignature,
  isNote,
  type ScanError,
  type SoftwarePackage,
  type VulnerabilityFinding,
  type WorkloadExposure,
} from '@guardcell/core';
import type { MatchOutcome } from '../../scan-ports.ts';
import { bytesOfColumns, emptyColumns, type FindingColumns, FOREVER, packTraits } from './finding-columns.ts';
import { detailOf, findingKey, sharedFactsOf } from './finding-parts.ts';
import type { Interning } from './interning.ts';
import { replaceParts } from './put-scan.ts';
import type { Sql } from './scan-file.ts';
import { PART } from './scan-schema.ts';
import { firstSeenOf, partsOf } from './stored-findings.ts';

const DAY_MS = 86_400_000;

export interface MatchesInput {
  readonly id: string;
  readonly revision: number;
  /** What was counted. */
  readonly exposure: WorkloadExposure;
  readonly findings: readonly VulnerabilityFinding[];
  readonly databaseRevision: string;
  readonly atMs: number;
  /** What the matcher could not judge. */
  readonly warnings: readonly ScanError[];
}

const REFUSED: MatchOutcome = { taken: false, added: [], first: false };

/** The first day on which it is not silenced any more, in days since 1970; 0 when nothing silences it. */
function silencedBefore({ suppressed }: VulnerabilityFinding): number {
  if (suppressed === undefined) return 0;
  if (suppressed.until === undefined) return FOREVER;
  const last = Date.parse(suppressed.until.slice(0, 10));
  return Number.isNaN(last) ? FOREVER : Math.max(1, Math.floor(last / DAY_MS) + 1);
}

/** Highest score first, then in an order that does not hang on how they came. */
function byScore(a: VulnerabilityFinding, b: VulnerabilityFinding): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.package < b.package ? -1 : 1);
}

interface Place {
  readonly pkg: SoftwarePackage;
  readonly layer: string;
  readonly path: string;
}

function placesOf(sql: Sql, key: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const part of partsOf<SoftwarePackage>(sql, key, PART.packages)) {
    for (const pkg of part) {
      const [location] = pkg.locations;
      if (!places.has(pkg.purl))
        places.set(pkg.purl, { pkg, layer: location?.layer ?? '', path: location?.path ?? '' });
    }
  }
  return places;
}

/** Type of a package URL; for findings whose package the scan does not name. */
function typeOf(purl: string): string {
  return /^pkg:([a-z0-9.+-]+)\//.exec(purl)?.[1] ?? 'binary';
}

/** Refuses matches of an older scan, or of what is gone. */
export function putMatches(
  sql: Sql,
  interning: Interning,
  input: MatchesInput,
  change: number,
): MatchOutcome {
  const row = sql.get('SELECT key, revision, matched_ms, layers FROM artifact WHERE id = ?', input.id);
  if (row === undefined || Number(row['revision']) !== input.revision) return REFUSED;
  const key = Number(row['key']);
  const first = Number(row['matched_ms']) === 0;
  const before = firstSeenOf(sql, key);
  const places = placesOf(sql, key);
  const layers = new Map(
    (JSON.parse(String(row['layers'])) as { diffId: string }[]).map(({ diffId }, at) => [diffId, at + 1]),
  );
  const findings = input.findings.toSorted(byScore);
  const columns = emptyColumns(findings.length);
  const now = Math.floor(input.atMs / 1000);
  const added: VulnerabilityFinding[] = [];
  const details = findings.map((finding, at) => {
    const place = places.get(finding.package);
    const seen = before.get(findingKey(finding.id, finding.package));
    if (seen === undefined && !first) added.push(finding);
    fill(sql, interning, columns, at, finding, place, layers.get(place?.layer ?? '') ?? 0);
    columns.firstSeen[at] = seen ?? now;
    return detailOf(finding, place?.path ?? '', place?.layer ?? '');
  });
  replaceParts(sql, key, PART.details, details);
  replaceParts(sql, key, PART.warnings, input.warnings);
  sql.run(
    'INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?)',
    key,
    findings.length,
    bytesOfColumns(columns),
    change,
  );
  sql.run(
    'UPDATE artifact SET matched_ms = ?, matched = revision, database = ?, change = ?, match_errors = ?, exposure = ? WHERE key = ?',
    input.atMs,
    input.databaseRevision,
    change,
    input.warnings.filter((warning) => !isNote(warning)).length,
    exposureSignature(input.exposure) === '' ? '' : JSON.stringify(input.exposure),
    key,
  );
  return { taken: true, added, first };
}

function fill(
  sql: Sql,
  interning: Interning,
  columns: FindingColumns,
  at: number,
  finding: VulnerabilityFinding,
  place: Place | undefined,
  layer: number,
): void {
  columns.fact[at] = interning.fact(sql, sharedFactsOf(finding));
  columns.package[at] = interning.package(sql, {
    type: place?.pkg.type ?? typeOf(finding.package),
    name: finding.packageName,
    version: finding.installed,
    source: place?.pkg.source?.name ?? '',
    purl: finding.package,
  });
  columns.fixed[at] = interning.fixed(sql, finding.fixed);
  columns.traits[at] = packTraits({ ...finding, layer });
  columns.silencedBefore[at] = silencedBefore(finding);
}
