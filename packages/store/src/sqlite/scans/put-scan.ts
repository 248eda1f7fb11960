// Writes a scan: what the artifact is, its names, its packages in compressed parts.
import { isNote, type ScanReport, type SoftwarePackage } from '@guardcell/core';
import type { ArtifactNames } from '../../scan-ports.ts';
import { storeError } from '../../store-error.ts';
import { identify, joinByRunning, keyOfDigest, nameArtifact } from './identity.ts';
import { packJson } from './packed-json.ts';
import type { Sql } from './scan-file.ts';
import { PART, type PartKind } from './scan-schema.ts';
import { PART_ROWS } from './stored-findings.ts';

/** Names that are kept of one artifact, the newest. */
const MOST_REFERENCES = 200;

/** Order of packages everywhere: as people look for them. */
function byName(a: SoftwarePackage, b: SoftwarePackage): number {
  return (
    compare(a.name, b.name) ||
    compare(a.type, b.type) ||
    compare(a.version, b.version) ||
    compare(a.purl, b.purl)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function countBy(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}

export function replaceParts(sql: Sql, key: number, kind: PartKind, items: readonly unknown[]): void {
  sql.run('DELETE FROM part WHERE artifact = ? AND kind = ?', key, kind);
  for (let at = 0, number = 0; at < items.length; at += PART_ROWS, number += 1)
    sql.run(
      'INSERT INTO part VALUES (?, ?, ?, ?)',
      key,
      kind,
      number,
      packJson(items.slice(at, at + PART_ROWS)),
    );
}

export function addNames(
  sql: Sql,
  key: number,
  { reference, registry }: Pick<ArtifactNames, 'reference' | 'registry'>,
  atMs: number,
): void {
  if (reference !== '') {
    sql.run(
      'INSERT INTO reference VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms)',
      key,
      reference,
      atMs,
    );
    sql.run(
      `DELETE FROM reference WHERE artifact = ?1 AND name NOT IN
         (SELECT name FROM reference WHERE artifact = ?1 ORDER BY seen_ms DESC, name LIMIT ?2)`,
      key,
      MOST_REFERENCES,
    );
    sql.run('UPDATE artifact SET name = ? WHERE key = ?', reference, key);
  }
  if (registry !== '') sql.run('INSERT OR IGNORE INTO registry VALUES (?, ?)', key, registry);
}

function wholeNames(names: ArtifactNames, report: ScanReport): ArtifactNames {
  if (names.id !== '') return names;
  const manifestDigest = names.manifestDigest || report.artifact.digest;
  if (manifestDigest === '' && names.imageId === '')
    throw storeError('GC_STORE_BAD_ITEM', 'a scan without id and digest', report.artifact.name);
  return { ...names, manifestDigest };
}

/** Returns the id of the artifact. */
export function putScan(
  sql: Sql,
  given: ArtifactNames,
  report: ScanReport,
  atMs: number,
  change: number,
): string {
  const names = wholeNames(given, report);
  let key = identify(sql, names, change);
  if (key === undefined) {
    const taken = keyOfDigest(sql, names.manifestDigest) !== undefined;
    const id = names.id || (taken ? names.imageId : names.manifestDigest || names.imageId);
    key = insert(sql, id, change);
    nameArtifact(sql, key, { ...names, manifestDigest: taken ? '' : names.manifestDigest }, change);
  }
  const packages = report.packages.toSorted(byName);
  write(sql, key, { ...report, packages }, names, atMs, change);
  replaceParts(sql, key, PART.packages, packages);
  const { secrets, misconfigurations, malware, licenses, errors } = report;
  replaceParts(sql, key, PART.others, [{ secrets, misconfigurations, malware, licenses, errors }]);
  addNames(sql, key, names, atMs);
  joinByRunning(sql, names, change);
  const kept = keyOfDigest(sql, names.id || names.imageId || names.manifestDigest) ?? key;
  return String(sql.get('SELECT id FROM artifact WHERE key = ?', kept)?.['id'] ?? '');
}

function insert(sql: Sql, id: string, change: number): number {
  const row = sql.get(
    `INSERT INTO artifact VALUES (NULL, ?, '', '', '', '', '', '', 0, 0, '{}', '[]', 0, 0, 0, 0, 1, '', '{}', 0, 0, 0, 0, 0, '', ?, 0, '')
     RETURNING key`,
    id,
    change,
  );
  return Number(row?.['key']);
}

function write(
  sql: Sql,
  key: number,
  report: ScanReport,
  names: ArtifactNames,
  atMs: number,
  change: number,
): void {
  const { artifact, packages } = report;
  const first = packages.map((pkg) => pkg.locations[0]?.layer ?? '');
  const counts = countBy(first);
  sql.run(
    `UPDATE artifact SET kind = ?, name = iif(? <> '', ?, ?), platform = ?, os = ?, size = ?, packages = ?, types = ?,
       layers = ?, secrets = ?, misconfigurations = ?, malware = ?, errors = ?, schema_version = ?, created_at = ?,
       scan = ?, scanned_ms = ?, seen_ms = max(seen_ms, ?), revision = ?, change = ? WHERE key = ?`,
    artifact.kind,
    names.reference,
    names.reference,
    artifact.name,
    artifact.platform,
    artifact.os?.prettyName ?? '',
    Math.round(artifact.size),
    packages.length,
    JSON.stringify(countBy(packages.map(({ type }) => type))),
    JSON.stringify(artifact.layers.map((diffId) => ({ diffId, packages: counts[diffId] ?? 0 }))),
    report.secrets.length,
    report.misconfigurations.length,
    report.malware.length,
    report.errors.filter((error) => !isNote(error)).length,
    report.schemaVersion,
    report.createdAt,
    JSON.stringify(artifact),
    atMs,
    atMs,
    change,
    change,
    key,
  );
}
