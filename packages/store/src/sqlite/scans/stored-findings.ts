// Reading back the findings of an artifact: their columns, details, and when each was first seen.
import { columnsOfBytes, type FindingColumns } from './finding-columns.ts';
import { type FindingDetail, findingKey } from './finding-parts.ts';
import { unpackJson } from './packed-json.ts';
import type { Sql } from './scan-file.ts';
import { PART, type PartKind } from './scan-schema.ts';

/** Rows in one part: what is unpacked to show a page. */
export const PART_ROWS = 1000;

function columnsOf(sql: Sql, key: number): FindingColumns | undefined {
  const row = sql.get('SELECT data FROM finding WHERE artifact = ?', key);
  return row === undefined ? undefined : columnsOfBytes(row['data'] as Uint8Array);
}

/** All parts of a kind, joined. */
export function* partsOf<T>(sql: Sql, key: number, kind: PartKind): Generator<readonly T[]> {
  const rows = sql.all('SELECT number FROM part WHERE artifact = ? AND kind = ? ORDER BY number', key, kind);
  for (const { number } of rows) yield partOf<readonly T[]>(sql, key, kind, Number(number)) ?? [];
}

export function partOf<T>(sql: Sql, key: number, kind: PartKind, number: number): T | undefined {
  const row = sql.get(
    'SELECT data FROM part WHERE artifact = ? AND kind = ? AND number = ?',
    key,
    kind,
    number,
  );
  return row === undefined ? undefined : unpackJson<T>(row['data']);
}

function vulnerabilityOf(sql: Sql, fact: number, known: Map<number, string>): string {
  const id = known.get(fact) ?? String(sql.get('SELECT id FROM fact WHERE key = ?', fact)?.['id'] ?? '');
  known.set(fact, id);
  return id;
}

function* keysOf(sql: Sql, key: number, columns: FindingColumns): Generator<string> {
  const known = new Map<number, string>();
  let row = 0;
  for (const part of partsOf<FindingDetail>(sql, key, PART.details)) {
    for (const [purl] of part) {
      yield findingKey(vulnerabilityOf(sql, columns.fact[row] ?? 0, known), purl);
      row += 1;
    }
  }
}

/** Seconds since 1970 by `findingKey`. */
export function firstSeenOf(sql: Sql, key: number): ReadonlyMap<string, number> {
  const columns = columnsOf(sql, key);
  if (columns === undefined) return new Map();
  let row = 0;
  const seen = new Map<string, number>();
  for (const finding of keysOf(sql, key, columns)) {
    const at = columns.firstSeen[row++] ?? 0;
    seen.set(finding, Math.min(at, seen.get(finding) ?? at));
  }
  return seen;
}

/** Moves first sightings back to earlier ones. */
export function putFirstSeen(
  sql: Sql,
  key: number,
  earlier: ReadonlyMap<string, number>,
  change: number,
): void {
  const columns = columnsOf(sql, key);
  if (columns === undefined) return;
  let row = 0;
  for (const finding of keysOf(sql, key, columns)) {
    const at = earlier.get(finding);
    if (at !== undefined) columns.firstSeen[row] = Math.min(at, columns.firstSeen[row] ?? at);
    row += 1;
  }
  sql.run(
    'UPDATE finding SET data = ?, change = ? WHERE artifact = ?',
    new Uint8Array(columns.fact.buffer as ArrayBuffer),
    change,
    key,
  );
}
