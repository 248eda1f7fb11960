// Facts, packages and fixed versions that many findings share are rows of their own; this finds or makes their keys.
import { hash } from 'node:crypto';
import type { SharedFacts } from './finding-parts.ts';
import { epssOf, flagsOf } from './finding-parts.ts';
import { packJson } from './packed-json.ts';
import type { Sql } from './scan-file.ts';

/** Remembered keys of one table; forgotten all at once, which is rare and costs little. */
const MOST_KNOWN = 100_000;

export interface PackageIdentity {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  /** Of the first that came; those of other architectures are the same row. */
  readonly purl: string;
}

export interface Interning {
  fact(sql: Sql, facts: SharedFacts): number;
  package(sql: Sql, identity: PackageIdentity): number;
  /** 0 when there is none. */
  fixed(sql: Sql, version: string): number;
  /** After a rollback or when rows were removed: what is remembered may be wrong. */
  forget(): void;
}

type Table = 'fact' | 'package' | 'fixed';

export function createInterning(): Interning {
  const known: Record<Table, Map<string, number>> = { fact: new Map(), package: new Map(), fixed: new Map() };
  const free: Record<Table, number[] | undefined> = { fact: undefined, package: undefined, fixed: undefined };

  function remembered(table: Table, name: string, find: () => number): number {
    const keys = known[table];
    const key = keys.get(name);
    if (key !== undefined) return key;
    if (keys.size >= MOST_KNOWN) keys.clear();
    const found = find();
    keys.set(name, found);
    return found;
  }

  /** Keys index arrays of the reader: those that were removed are used again, so that they stay small. */
  function newKey(sql: Sql, table: Table): number {
    free[table] ??= freeKeys(sql, table);
    return free[table].pop() ?? 0;
  }

  return {
    fact(sql, facts) {
      const digest = hash('sha256', JSON.stringify(facts), 'buffer').subarray(0, 16);
      return remembered('fact', digest.toString('latin1'), () => {
        const row = sql.get('SELECT key FROM fact WHERE hash = ?', digest);
        if (row !== undefined) return Number(row['key']);
        const { factors } = facts.rest;
        const key = newKey(sql, 'fact');
        const made = sql.get(
          'INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING key',
          key === 0 ? null : key,
          digest,
          facts.id,
          JSON.stringify(facts.aliases),
          facts.cvss,
          epssOf(factors),
          flagsOf(factors),
          packJson(facts.rest),
        );
        return Number(made?.['key']);
      });
    },
    package(sql, { type, name, version, source, purl }) {
      return remembered('package', JSON.stringify([type, name, version, source]), () => {
        const row = sql.get(
          'SELECT key FROM package WHERE name = ? AND version = ? AND type = ? AND source = ?',
          name,
          version,
          type,
          source,
        );
        if (row !== undefined) return Number(row['key']);
        const key = newKey(sql, 'package');
        const made = sql.get(
          'INSERT INTO package VALUES (?, ?, ?, ?, ?, ?) RETURNING key',
          key === 0 ? null : key,
          type,
          name,
          version,
          source,
          purl,
        );
        return Number(made?.['key']);
      });
    },
    fixed(sql, version) {
      if (version === '') return 0;
      return remembered('fixed', version, () => {
        const row = sql.get('SELECT key FROM fixed WHERE version = ?', version);
        if (row !== undefined) return Number(row['key']);
        const key = newKey(sql, 'fixed');
        const made = sql.get(
          'INSERT INTO fixed VALUES (?, ?) RETURNING key',
          key === 0 ? null : key,
          version,
        );
        return Number(made?.['key']);
      });
    },
    forget() {
      for (const table of ['fact', 'package', 'fixed'] as const) {
        known[table].clear();
        free[table] = undefined;
      }
    },
  };
}

function freeKeys(sql: Sql, table: Table): number[] {
  const free: number[] = [];
  let next = 1;
  for (const row of sql.each(`SELECT key FROM ${table} ORDER BY key`)) {
    const key = Number(row['key']);
    for (; next < key; next += 1) free.push(next);
    next = key + 1;
  }
  return free;
}
