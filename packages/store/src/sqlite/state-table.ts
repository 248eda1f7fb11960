// Small documents in one SQLite table, with one revision counter for the whole store. Runs in a worker thread.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { CommitResult, JsonValue, StateRecord, StateWrite } from '../ports.ts';
import { onFile, openForWriting } from './open-database.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
  value TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS last (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL);
INSERT OR IGNORE INTO last VALUES (1, 0)
`;

export interface ListInput {
  readonly kind: string;
  readonly after: string | undefined;
  readonly limit: number;
  readonly reverse: boolean;
}

export interface StateTable {
  get(input: { readonly kind: string; readonly id: string }): StateRecord | undefined;
  list(input: ListInput): StateRecord[];
  commit(writes: readonly StateWrite[]): CommitResult;
  close(): void;
}

function record(raw: Readonly<Record<string, unknown>>): StateRecord {
  return {
    kind: String(raw['kind']),
    id: String(raw['id']),
    revision: Number(raw['revision']),
    value: JSON.parse(String(raw['value'])) as JsonValue,
  };
}

/** Opens the file at the first call and again after an error, so that it recovers when the disk does. */
export function createStateTable(file: string): StateTable {
  let opened: DatabaseSync | undefined;

  function database(): DatabaseSync {
    if (opened === undefined) {
      onFile(file, () => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }));
      opened = openForWriting(file, 'power-loss', SCHEMA);
    }
    return opened;
  }

  // Closing rolls back what was begun.
  function forget(): void {
    const closing = opened;
    opened = undefined;
    closing?.close();
  }

  function run<T>(work: (database: DatabaseSync) => T): T {
    try {
      return onFile(file, () => work(database()));
    } catch (thrown) {
      forget();
      throw thrown;
    }
  }

  function writeAll(database: DatabaseSync, writes: readonly StateWrite[]): CommitResult {
    const current = database.prepare('SELECT revision FROM record WHERE kind = ? AND id = ?');
    const put = database.prepare(
      'INSERT OR REPLACE INTO record (kind, id, revision, value) VALUES (?, ?, ?, ?)',
    );
    const remove = database.prepare('DELETE FROM record WHERE kind = ? AND id = ?');
    let revision = Number(database.prepare('SELECT revision FROM last').get()?.['revision'] ?? 0);
    for (const [index, write] of writes.entries()) {
      const { kind, id, ifRevision } = write;
      const now = Number(current.get(kind, id)?.['revision'] ?? 0);
      if (ifRevision !== undefined && ifRevision !== now) return { ok: false, conflict: index };
      revision += 1;
      if (write.op === 'delete') remove.run(kind, id);
      else put.run(kind, id, revision, JSON.stringify(write.value));
    }
    database.prepare('UPDATE last SET revision = ?').run(revision);
    return { ok: true, revision };
  }

  return {
    get: ({ kind, id }) =>
      run((database) => {
        const raw = database.prepare('SELECT * FROM record WHERE kind = ? AND id = ?').get(kind, id);
        return raw === undefined ? undefined : record(raw);
      }),
    list: ({ kind, after, limit, reverse }) =>
      run((database) => {
        const beyond = after === undefined ? '' : `AND id ${reverse ? '<' : '>'} ?`;
        const sql = `SELECT * FROM record WHERE kind = ? ${beyond} ORDER BY id ${reverse ? 'DESC' : 'ASC'} LIMIT ?`;
        const values = after === undefined ? [kind, limit] : [kind, after, limit];
        return database
          .prepare(sql)
          .all(...values)
          .map(record);
      }),
    commit: (writes) =>
      run((database) => {
        database.exec('BEGIN IMMEDIATE');
        const result = writeAll(database, writes);
        database.exec(result.ok ? 'COMMIT' : 'ROLLBACK');
        return result;
      }),
    close: forget,
  };
}
