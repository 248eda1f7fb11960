// Two artifacts turned out to be one: the newer scan stays, names and first sightings of both are kept.
import { dropArtifact } from './drop-artifact.ts';
import type { Sql } from './scan-file.ts';
import { firstSeenOf, putFirstSeen } from './stored-findings.ts';

interface Side {
  readonly key: number;
  readonly manifest: string;
  readonly image: string;
  readonly scannedMs: number;
  readonly matchedMs: number;
}

function sideOf(sql: Sql, key: number): Side {
  const row = sql.get('SELECT manifest, image, scanned_ms, matched_ms FROM artifact WHERE key = ?', key);
  return {
    key,
    manifest: String(row?.['manifest'] ?? ''),
    image: String(row?.['image'] ?? ''),
    scannedMs: Number(row?.['scanned_ms'] ?? 0),
    matchedMs: Number(row?.['matched_ms'] ?? 0),
  };
}

/** Returns the key that stays. The artifact is to be matched again, since evidence of both speaks of it now. */
export function mergeArtifacts(sql: Sql, a: number, b: number, change: number): number {
  const sides = [sideOf(sql, a), sideOf(sql, b)] as const;
  const [kept, lost] = sides[0].scannedMs >= sides[1].scannedMs ? sides : ([sides[1], sides[0]] as const);
  const seen = firstSeenOf(sql, lost.key);
  if (kept.matchedMs === 0 && lost.matchedMs > 0) takeMatches(sql, kept.key, lost);
  for (const table of ['alias', 'reference', 'registry'])
    sql.run(`UPDATE OR IGNORE ${table} SET artifact = ? WHERE artifact = ?`, kept.key, lost.key);
  sql.run(
    `UPDATE artifact SET seen_ms = max(seen_ms, (SELECT seen_ms FROM artifact WHERE key = ?1)),
       revision = ?2, change = ?2 WHERE key = ?3`,
    lost.key,
    change,
    kept.key,
  );
  dropArtifact(sql, lost.key, change);
  const manifest = kept.manifest || lost.manifest;
  const image = kept.image || lost.image;
  sql.run(
    'UPDATE artifact SET id = ?, manifest = ?, image = ? WHERE key = ?',
    manifest || image,
    manifest,
    image,
    kept.key,
  );
  putFirstSeen(sql, kept.key, seen, change);
  return kept.key;
}

/** Until the newer scan is matched, what the older one had stands. */
function takeMatches(sql: Sql, key: number, from: Side): void {
  sql.run('UPDATE finding SET artifact = ? WHERE artifact = ?', key, from.key);
  sql.run('UPDATE part SET artifact = ? WHERE artifact = ? AND kind = 1', key, from.key);
  sql.run('UPDATE artifact SET matched_ms = ? WHERE key = ?', from.matchedMs, key);
}
