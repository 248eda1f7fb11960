// Read side of the database: synchronous look-ups of microseconds over a memory-mapped file.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { AdvisorySource, AffectedPackage, VulnerabilityFacts } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { canonicalName } from '../names.ts';
import { expandFacts, type StoredFacts } from './merge-facts.ts';
import { unpackGroup, unpackObject } from './pack.ts';
import { type DatabaseInfo, type FeedState, SCHEMA_VERSION } from './schema.ts';

export interface AdvisoryDatabase extends AdvisorySource {
  /** ISO time; empty when the file does not say. */
  readonly builtAt: string;
  /** Counts what there is, which reads the whole file. */
  info(): DatabaseInfo;
  close(): void;
}

const MMAP_BYTES = 4 * 2 ** 30;
const NONE: readonly AffectedPackage[] = [];

function broken(path: string, message: string, cause?: unknown): CodedError {
  return new CodedError('GC_DB_INVALID', message, {
    at: path,
    hint: 'Fetch or build it again: guardcell db update.',
    cause,
  });
}

function readMeta(database: DatabaseSync): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/**
 * Opens a database file for reading. Many processes may share one file.
 * @throws CodedError GC_DB_MISSING, GC_DB_INVALID (damaged, no database of ours) or GC_DB_SCHEMA (made by a newer version).
 */
export function openDatabase(path: string): AdvisoryDatabase {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    throw new CodedError('GC_DB_MISSING', 'there is no vulnerability database', {
      at: path,
      hint: 'Run guardcell db update.',
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    database.exec(`PRAGMA mmap_size = ${MMAP_BYTES}; PRAGMA query_only = 1; PRAGMA cache_size = -4096;`);
    return overDatabase(database, path, size);
  } catch (error) {
    if (database?.isOpen === true) database.close();
    if (error instanceof CodedError) throw error;
    throw broken(path, 'the vulnerability database cannot be read', error);
  }
}

function overDatabase(database: DatabaseSync, path: string, bytes: number): AdvisoryDatabase {
  const meta = readMeta(database);
  const schemaVersion = Number(meta.get('schemaVersion'));
  if (schemaVersion !== SCHEMA_VERSION) {
    throw new CodedError(
      'GC_DB_SCHEMA',
      `the vulnerability database has layout ${schemaVersion}, this program reads ${SCHEMA_VERSION}`,
      {
        at: path,
        hint: 'Update Guardcell, or build the database with this version: guardcell db update --from-feeds.',
      },
    );
  }
  const revision = meta.get('revision');
  if (revision === undefined) throw broken(path, 'the vulnerability database has no revision');
  const feeds = (
    database.prepare('SELECT name, data FROM feeds ORDER BY number').all() as { name: string; data: string }[]
  ).map(({ data }) => JSON.parse(data) as FeedState);
  const feedNames = feeds.map(({ name }) => name);
  const ecosystems = new Map(
    (database.prepare('SELECT id, name FROM ecosystems').all() as { id: number; name: string }[]).map(
      ({ id, name }) => [name, id],
    ),
  );
  const ofPackage = database.prepare('SELECT data FROM affected WHERE ecosystem = ? AND name = ?');
  const ofId = database.prepare('SELECT data FROM facts WHERE id = ?');
  const ofAlias = database.prepare('SELECT id FROM aliases WHERE alias = ?');
  const guarded = <Result>(read: () => Result): Result => {
    try {
      return read();
    } catch (error) {
      throw broken(path, 'the vulnerability database is damaged', error);
    }
  };
  const stored = (id: string): VulnerabilityFacts | undefined => {
    const row = ofId.get(id) as { data: Uint8Array } | undefined;
    return row === undefined ? undefined : expandFacts(id, unpackObject(row.data) as StoredFacts);
  };
  const count = (table: string): number =>
    (database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;
  const builtAt = meta.get('builtAt') ?? '';
  return {
    revision,
    builtAt,
    ecosystems: new Set(ecosystems.keys()),
    affected: (ecosystem, name) =>
      guarded(() => {
        const number = ecosystems.get(ecosystem);
        if (number === undefined) return NONE;
        const row = ofPackage.get(number, canonicalName(ecosystem, name)) as { data: Uint8Array } | undefined;
        return row === undefined ? NONE : unpackGroup(row.data, ecosystem, name, feedNames);
      }),
    facts: (id) =>
      guarded(() => {
        const direct = stored(id);
        if (direct !== undefined) return direct;
        const alias = ofAlias.get(id) as { id: string } | undefined;
        return alias === undefined ? undefined : stored(alias.id);
      }),
    info: () =>
      guarded(() => ({
        path,
        schemaVersion,
        revision,
        builtAt,
        bytes,
        packages: count('affected'),
        vulnerabilities: count('facts'),
        ecosystems: [...ecosystems.keys()].sort(),
        feeds,
        origin: meta.get('origin') === 'snapshot' ? 'snapshot' : 'built',
      })),
    close: () => database.close(),
  };
}
