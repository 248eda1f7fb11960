// Removing artifacts, so that readers learn of it.
import type { Sql } from './scan-file.ts';

/** Removes an artifact and all that is kept of it. */
export function dropArtifact(sql: Sql, key: number, change: number): void {
  for (const table of ['finding', 'part', 'alias', 'reference', 'registry'])
    sql.run(`DELETE FROM ${table} WHERE artifact = ?`, key);
  sql.run('DELETE FROM artifact WHERE key = ?', key);
  sql.run('INSERT INTO gone VALUES (?, ?)', key, change);
}
