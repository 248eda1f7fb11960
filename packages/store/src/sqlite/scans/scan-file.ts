// One connection to the file of scans with its prepared statements; opened at first use and again after an error.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type Durability, onFile, openForReading, openForWriting } from '../open-database.ts';
import { ADDED_COLUMNS, SCAN_SCHEMA } from './scan-schema.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Statements are prepared once for each text. */
export interface Sql {
  get(text: string, ...values: SQLInputValue[]): Row | undefined;
  all(text: string, ...values: SQLInputValue[]): Row[];
  run(text: string, ...values: SQLInputValue[]): void;
  /** Row by row, for what is too much to hold at once. */
  each(text: string, ...values: SQLInputValue[]): Iterable<Row>;
}

export interface ScanFile {
  /**
   * Runs `work` in one transaction. `power-loss`: flushed to the disk before it returns.
   * @throws CodedError GC_STORE_FULL, GC_STORE_IO, GC_STORE_CORRUPT
   */
  transaction<T>(work: (sql: Sql) => T, durability?: Durability): T;
  /** Share of its pages that hold nothing, 0–1. */
  unused(): number;
  /** Writes the file anew without the pages that are not used. @throws as `transaction` */
  vacuum(): void;
  /** Counts connections: what was remembered of an earlier one may be wrong. */
  generation(): number;
  close(): void;
}

interface Opened {
  readonly database: DatabaseSync;
  readonly sql: Sql;
  durability: Durability | undefined;
}

function sqlOf(database: DatabaseSync): Sql {
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    const known = statements.get(text) ?? database.prepare(text);
    statements.set(text, known);
    return known;
  };
  return {
    get: (text, ...values) => prepared(text).get(...values),
    all: (text, ...values) => prepared(text).all(...values),
    run: (text, ...values) => void prepared(text).run(...values),
    each: (text, ...values) => prepared(text).iterate(...values) as Iterable<Row>,
  };
}

function addColumns(database: DatabaseSync): void {
  for (const { table, column, definition } of ADDED_COLUMNS) {
    const known = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column);
    if (known === undefined) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
  }
}

/** `writing` creates the file and its folder where missing. Nothing is opened yet. */
export function createScanFile(file: string, writing: boolean): ScanFile {
  let opened: Opened | undefined;
  let generation = 0;

  function open(): Opened {
    if (opened !== undefined) return opened;
    if (writing) onFile(file, () => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }));
    const database = writing ? openForWriting(file, 'power-loss', SCAN_SCHEMA) : openForReading(file);
    if (writing) onFile(file, () => addColumns(database));
    generation += 1;
    opened = { database, sql: sqlOf(database), durability: undefined };
    return opened;
  }

  // Closing rolls back what was begun.
  function close(): void {
    const closing = opened;
    opened = undefined;
    closing?.database.close();
  }

  function begin(one: Opened, durability: Durability): void {
    if (writing && one.durability !== durability) {
      one.database.exec(`PRAGMA synchronous = ${durability === 'power-loss' ? 'FULL' : 'NORMAL'}`);
      one.durability = durability;
    }
    one.database.exec(writing ? 'BEGIN IMMEDIATE' : 'BEGIN');
  }

  return {
    transaction(work, durability = 'power-loss') {
      try {
        return onFile(file, () => {
          const one = open();
          begin(one, durability);
          const result = work(one.sql);
          one.database.exec('COMMIT');
          return result;
        });
      } catch (thrown) {
        close();
        throw thrown;
      }
    },
    unused: () =>
      onFile(file, () => {
        const { sql } = open();
        const free = Number(sql.get('PRAGMA freelist_count')?.['freelist_count'] ?? 0);
        return free / Math.max(1, Number(sql.get('PRAGMA page_count')?.['page_count'] ?? 1));
      }),
    vacuum() {
      try {
        onFile(file, () => open().database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'));
      } catch (thrown) {
        close();
        throw thrown;
      }
    },
    generation: () => generation,
    close,
  };
}
