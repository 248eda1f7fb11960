// Removes facts, packages and fixed versions that no finding names any more: facts change every day with their EPSS.
import { columnsOfBytes } from './finding-columns.ts';
import type { Sql } from './scan-file.ts';

/** Between two sweeps so many rows are made at least. */
const LEAST_ROWS = 20_000;

const TABLES = ['fact', 'package', 'fixed'] as const;

function rowsThere(sql: Sql): number {
  const counts = sql.get(
    'SELECT (SELECT count(*) FROM fact) + (SELECT count(*) FROM package) + (SELECT count(*) FROM fixed) AS n',
  );
  return Number(counts?.['n'] ?? 0);
}

/**
 * Sweeps when twice as many rows are there as the last sweep left. Returns whether it did: keys that were remembered may
 * be gone then.
 */
export function sweep(sql: Sql): boolean {
  const left = Number(sql.get("SELECT value FROM counter WHERE name = 'swept'")?.['value'] ?? 0);
  if (rowsThere(sql) < 2 * left + LEAST_ROWS) return false;
  sweepNow(sql);
  return true;
}

/** Readers start anew after it: `epoch` tells them. */
export function sweepNow(sql: Sql): void {
  const used = { fact: new Set<number>(), package: new Set<number>(), fixed: new Set<number>() };
  for (const row of sql.each('SELECT data FROM finding')) {
    const columns = columnsOfBytes(row['data'] as Uint8Array);
    for (const table of TABLES) for (const key of columns[table]) used[table].add(key);
  }
  for (const table of TABLES) {
    const rows = sql.all(`SELECT key FROM ${table}`);
    for (const { key } of rows) {
      if (!used[table].has(Number(key))) sql.run(`DELETE FROM ${table} WHERE key = ?`, Number(key));
    }
  }
  sql.run("UPDATE counter SET value = ? WHERE name = 'swept'", rowsThere(sql));
  sql.run('DELETE FROM gone');
  sql.run("UPDATE counter SET value = value + 1 WHERE name = 'epoch'");
}
