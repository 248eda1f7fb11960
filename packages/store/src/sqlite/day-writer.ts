// Writes alerts into one day file. Holds what it has seen of the file in memory to spare look-ups; after a failed
// transaction the writer is thrown away with that knowledge, so that it never differs from the file.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Alert } from '@guardcell/core';
import { DAY_MS, HOUR_MS, MINUTE_MS, TIES, timeOfKey } from '../day.ts';
import { type AlertFacts, factsOf } from '../facts.ts';
import { storeError } from '../store-error.ts';
import { BLOCK_PLACES, blockRuns, packBlock } from './blocks.ts';
import { factsDigest, factsKey, factsRow, INSERT_FACTS } from './facts-table.ts';
import { indexText } from './search-words.ts';

/** An alert on its way in, with the JSON text that is stored. */
export interface NewAlert {
  readonly sensor: string;
  readonly epoch: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly alert: Alert;
  readonly text: string;
}

export interface PlacedAlert extends NewAlert {
  readonly position: number;
}

/** What the catalog of days says of a file. */
export interface DayFacts {
  readonly day: number;
  readonly events: number;
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly lastPosition: number;
}

export interface DayWriter {
  readonly database: DatabaseSync;
  /** Whether this place of a stream is stored already. */
  has(sensor: string, epoch: number, seq: number): boolean;
  /** Inserts alerts that are not there yet, all or none. */
  insert(alerts: readonly PlacedAlert[]): void;
  facts(): DayFacts;
}

// Enough for the combinations of a busy day; beyond, look-ups go to the file.
const MOST_KNOWN = 20_000;

function one(statement: StatementSync, ...values: (string | number | Uint8Array)[]): number | undefined {
  const value = statement.get(...values)?.['value'];
  return typeof value === 'number' ? value : undefined;
}

/** Key of an alert: the first free one of its millisecond. */
function keyChooser(database: DatabaseSync, dayStartMs: number): (timeMs: number) => number {
  const lastOf = database.prepare('SELECT max(key) AS value FROM alert WHERE key >= ? AND key < ?');
  let highest = one(database.prepare('SELECT max(key) AS value FROM alert')) ?? -1;
  let recent = -1;
  return (timeMs) => {
    const slot = (timeMs - dayStartMs) * TIES;
    let last: number | undefined;
    if (recent >= slot && recent < slot + TIES) last = recent;
    else if (highest >= slot) last = one(lastOf, slot, slot + TIES);
    const key = last === undefined ? slot : last + 1;
    if (key >= slot + TIES)
      throw storeError('GC_STORE_BAD_ITEM', 'too many alerts have the same millisecond');
    recent = key;
    highest = Math.max(highest, key);
    return key;
  };
}

function factsIds(database: DatabaseSync): (facts: AlertFacts) => number {
  const find = database.prepare('SELECT id AS value FROM facts WHERE digest = ?');
  const add = database.prepare(INSERT_FACTS);
  const known = new Map<string, number>();
  return (facts) => {
    const key = factsKey(facts);
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const digest = factsDigest(key);
    const id = one(find, digest) ?? Number(add.run(...factsRow(digest, facts)).lastInsertRowid);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, id);
    return id;
  };
}

function rollup(
  database: DatabaseSync,
  table: 'minute' | 'hour',
): (counts: ReadonlyMap<string, number>) => void {
  const add = database.prepare(
    `INSERT INTO ${table} (start, facts, n) VALUES (?, ?, ?) ON CONFLICT (start, facts) DO UPDATE SET n = n + excluded.n`,
  );
  return (counts) => {
    for (const [key, n] of counts) {
      const [start = '', facts = ''] = key.split(' ');
      add.run(Number(start), Number(facts), n);
    }
  };
}

function countIn(counts: Map<string, number>, startMs: number, facts: number): void {
  const key = `${startMs} ${facts}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

interface Streams {
  /** Id of a stream that is there already. */
  find(sensor: string, epoch: number): number | undefined;
  /** Id of the stream, created when new. */
  ensure(sensor: string, epoch: number): number;
}

function streamIds(database: DatabaseSync): Streams {
  const select = database.prepare('SELECT id AS value FROM stream WHERE sensor = ? AND epoch = ?');
  const add = database.prepare('INSERT INTO stream (sensor, epoch) VALUES (?, ?)');
  const known = new Map<string, number>();

  function find(sensor: string, epoch: number): number | undefined {
    const key = `${epoch} ${sensor}`;
    const id = known.get(key) ?? one(select, sensor, epoch);
    if (known.size >= MOST_KNOWN) known.clear();
    if (id !== undefined) known.set(key, id);
    return id;
  }

  return {
    find,
    ensure: (sensor, epoch) => find(sensor, epoch) ?? Number(add.run(sensor, epoch).lastInsertRowid),
  };
}

function readDayFacts(database: DatabaseSync, day: number): DayFacts {
  const number = (sql: string): number => one(database.prepare(`SELECT (${sql}) AS value`)) ?? 0;
  return {
    day,
    events: number('SELECT sum(n) FROM hour'),
    oldestMs: timeOfKey(day, number('SELECT min(key) FROM alert')),
    newestMs: timeOfKey(day, number('SELECT max(key) FROM alert')),
    lastPosition: number('SELECT max(position) FROM alert'),
  };
}

export function createDayWriter(database: DatabaseSync, day: number): DayWriter {
  const lastSeq = database.prepare('SELECT max(seq) AS value FROM alert WHERE stream = ?');
  const findSeq = database.prepare('SELECT key AS value FROM alert WHERE stream = ? AND seq = ?');
  const addBlock = database.prepare('INSERT INTO block (data) VALUES (?)');
  const addAlert = database.prepare(
    'INSERT INTO alert (key, position, stream, seq, facts, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addWords = database.prepare('INSERT INTO words (rowid, tokens) VALUES (?, ?)');
  const chooseKey = keyChooser(database, day * DAY_MS);
  const factsId = factsIds(database);
  const streams = streamIds(database);
  const addMinutes = rollup(database, 'minute');
  const addHours = rollup(database, 'hour');
  const highest = new Map<number, number>();
  let facts = readDayFacts(database, day);

  function highestSeq(stream: number): number {
    const cached = highest.get(stream);
    if (cached !== undefined) return cached;
    const stored = one(lastSeq, stream) ?? 0;
    if (highest.size >= MOST_KNOWN) highest.clear();
    highest.set(stream, stored);
    return stored;
  }

  function bodyReferences(texts: readonly string[]): number[] {
    return blockRuns(texts).flatMap((run) => {
      const block = Number(addBlock.run(packBlock(run)).lastInsertRowid);
      return run.map((_, place) => block * BLOCK_PLACES + place);
    });
  }

  function insertRows(sorted: readonly PlacedAlert[]): void {
    const bodies = bodyReferences(sorted.map((alert) => alert.text));
    const minutes = new Map<string, number>();
    const hours = new Map<string, number>();
    const words: { readonly key: number; readonly text: string }[] = [];
    for (const [index, item] of sorted.entries()) {
      const id = factsId(factsOf(item.alert));
      const stream = streams.ensure(item.sensor, item.epoch);
      const key = chooseKey(item.timeMs);
      countIn(minutes, Math.floor(item.timeMs / MINUTE_MS) * MINUTE_MS, id);
      countIn(hours, Math.floor(item.timeMs / HOUR_MS) * HOUR_MS, id);
      highest.set(stream, Math.max(highestSeq(stream), item.seq));
      addAlert.run(key, item.position, stream, item.seq, id, bodies[index] ?? 0);
      words.push({ key, text: indexText(item.alert) });
    }
    for (const { key, text } of words) addWords.run(key, text);
    addMinutes(minutes);
    addHours(hours);
  }

  return {
    database,
    has(sensor, epoch, seq) {
      const stream = streams.find(sensor, epoch);
      return stream !== undefined && seq <= highestSeq(stream) && one(findSeq, stream, seq) !== undefined;
    },
    insert(alerts) {
      // In order of time, so that table and word index grow at their end; equal times stay in order of position.
      const sorted = [...alerts].sort((a, b) => a.timeMs - b.timeMs);
      database.exec('BEGIN IMMEDIATE');
      insertRows(sorted);
      database.exec('COMMIT');
      facts = {
        day,
        events: facts.events + sorted.length,
        oldestMs: Math.min(facts.events === 0 ? Infinity : facts.oldestMs, sorted[0]?.timeMs ?? Infinity),
        newestMs: Math.max(facts.newestMs, sorted.at(-1)?.timeMs ?? 0),
        lastPosition: sorted.reduce((last, alert) => Math.max(last, alert.position), facts.lastPosition),
      };
    },
    facts: () => facts,
  };
}
