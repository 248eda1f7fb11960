// Opens SQLite files the way all our stores want them.
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '@guardcell/kit';
import { asStoreError } from '../store-error.ts';

/**
 * `power-loss`: every commit is flushed to the disk before it is acknowledged. `process-crash`: commits survive the end
 * of the process in any way, but the last ones may be lost when the machine loses power.
 */
export type Durability = 'power-loss' | 'process-crash';

const LEAST_FREE_BYTES = 256 * 1024;

/** Whether hardly anything can be written beside `file` any more. */
function diskIsFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LEAST_FREE_BYTES;
  } catch {
    return false;
  }
}

/** Runs `work` on `file`; what it throws becomes a coded error about that file. */
export function onFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw asStoreError(thrown, file, () => diskIsFull(file));
  }
}

// Version of the tables; a file of a later version is not touched.
const TABLES_VERSION = 1;

function createTables(database: DatabaseSync, file: string, schema: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > TABLES_VERSION) {
    throw new CodedError(
      'GC_STORE_IO',
      `the file was written by a later version (tables version ${version})`,
      {
        at: file,
        hint: 'Run the version that wrote it, or use another data folder.',
      },
    );
  }
  if (version === 0)
    database.exec(`BEGIN IMMEDIATE; ${schema}; PRAGMA user_version = ${TABLES_VERSION}; COMMIT`);
}

/**
 * Opens for writing, creates the file and what `schema` creates where missing, in WAL mode.
 * @throws CodedError GC_STORE_FULL, GC_STORE_IO, GC_STORE_CORRUPT
 */
export function openForWriting(file: string, durability: Durability, schema: string): DatabaseSync {
  return onFile(file, () => {
    const database = new DatabaseSync(file, { timeout: 5000 });
    try {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`PRAGMA synchronous = ${durability === 'power-loss' ? 'FULL' : 'NORMAL'}`);
      database.exec(
        'PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -16000',
      );
      createTables(database, file, schema);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return database;
  });
}

/** Opens an existing file for reading. */
export function openForReading(file: string): DatabaseSync {
  return onFile(file, () => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    database.exec('PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY');
    return database;
  });
}
