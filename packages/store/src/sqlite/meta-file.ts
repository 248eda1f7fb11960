// What outlives the day files: which positions were given out, gaps, and how far streams were stored before being
// forgotten.
import { join } from 'node:path';
import type { CoverageGap } from '@guardcell/core';
import { type Durability, openForWriting } from './open-database.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (content TEXT PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS gap_from ON gap (from_ms);
CREATE TABLE IF NOT EXISTS forgotten (sensor TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (sensor, epoch)) WITHOUT ROWID
`;

/** Most gaps that one question is answered with. */
const MOST_GAPS = 10_000;

export const META_FILE = 'events-meta.sqlite';

export interface MetaFile {
  /** `floor`: no position up to it may be given out again. `reserved`: none beyond it was ever given out. */
  number(name: 'floor' | 'reserved'): number;
  setNumber(name: 'floor' | 'reserved', value: number): void;
  addGaps(gaps: readonly CoverageGap[]): void;
  gaps(fromMs: number, toMs: number): CoverageGap[];
  dropGapsBefore(beforeMs: number): void;
  forgotten(sensor: string, epoch: number): number;
  forget(sensor: string, epoch: number, seq: number): void;
  close(): void;
}

/** @throws CodedError GC_STORE_FULL, GC_STORE_IO, GC_STORE_CORRUPT */
export function openMetaFile(dir: string, durability: Durability): MetaFile {
  const database = openForWriting(join(dir, META_FILE), durability, SCHEMA);
  const numberOf = database.prepare('SELECT value FROM number WHERE name = ?');
  const setNumber = database.prepare(
    'INSERT INTO number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
  );
  const addGap = database.prepare('INSERT OR IGNORE INTO gap VALUES (?, ?, ?)');
  const selectGaps = database.prepare(
    'SELECT content FROM gap WHERE to_ms >= ? AND from_ms < ? ORDER BY from_ms, rowid LIMIT ?',
  );
  const dropGaps = database.prepare('DELETE FROM gap WHERE to_ms < ?');
  const forgotten = database.prepare('SELECT seq FROM forgotten WHERE sensor = ? AND epoch = ?');
  const forget = database.prepare(
    'INSERT INTO forgotten VALUES (?, ?, ?) ON CONFLICT (sensor, epoch) DO UPDATE SET seq = max(seq, excluded.seq)',
  );
  return {
    number: (name) => Number(numberOf.get(name)?.['value'] ?? 0),
    setNumber: (name, value) => void setNumber.run(name, value),
    addGaps(gaps) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const gap of gaps) addGap.run(JSON.stringify(gap), Date.parse(gap.from), Date.parse(gap.to));
        database.exec('COMMIT');
      } catch (thrown) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw thrown;
      }
    },
    gaps: (fromMs, toMs) =>
      selectGaps.all(fromMs, toMs, MOST_GAPS).map((row) => JSON.parse(String(row['content'])) as CoverageGap),
    dropGapsBefore: (beforeMs) => void dropGaps.run(beforeMs),
    forgotten: (sensor, epoch) => Number(forgotten.get(sensor, epoch)?.['seq'] ?? 0),
    forget: (sensor, epoch, seq) => void forget.run(sensor, epoch, seq),
    close: () => database.close(),
  };
}
