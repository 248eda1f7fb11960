// Questions to one day file.
import type { DatabaseSync } from 'node:sqlite';
import { END_KEY } from '../day.ts';
import type { Tally } from '../tallies.ts';
import { BLOCK_PLACES, unpackBlock } from './blocks.ts';
import type { FactsFilter } from './facts-filter.ts';
import { type FactsColumn, readFacts } from './facts-table.ts';
import type { Piece } from './rollup-pieces.ts';

/** Which alerts; keys from inclusive, to exclusive. */
export interface Selection {
  readonly fromKey: number;
  readonly toKey: number;
  readonly filter: FactsFilter | undefined;
  /** Match expression of the word index; undefined: any words. */
  readonly words: string | undefined;
}

export interface FoundRow {
  readonly key: number;
  readonly position: number;
  readonly body: number;
}

export interface DayReader {
  readonly database: DatabaseSync;
  newest(selection: Selection, limit: number): FoundRow[];
  /** In order of position, which is above `position` and at most `upTo`. */
  after(position: number, upTo: number, selection: Selection, limit: number): FoundRow[];
  find(sensor: string, epoch: number, seq: number): FoundRow | undefined;
  /** JSON text of the alert of a row. */
  text(row: FoundRow): string;
  /** How many alerts have which facts in pieces of the day; facts that are no `columns` are left empty. */
  tally(columns: readonly FactsColumn[], pieces: readonly Piece[], filter: FactsFilter | undefined): Tally[];
  tallyWords(columns: readonly FactsColumn[], selection: Selection): Tally[];
  /** Runs of seqs without holes, ascending, at least `fromSeq`; at most `limit`. */
  seqRuns(sensor: string, epoch: number, fromSeq: number, limit: number): { first: number; last: number }[];
}

type Value = string | number;

// Up to this many facts each is looked up in its index; for more the table is read from the newest on.
const MOST_LOOKED_UP = 200;
const MOST_BLOCKS = 32;

function row(raw: Readonly<Record<string, unknown>>): FoundRow {
  return { key: Number(raw['key']), position: Number(raw['position']), body: Number(raw['body']) };
}

export function createDayReader(database: DatabaseSync): DayReader {
  const blocks = new Map<number, readonly string[]>();
  let wanted: FactsFilter | undefined;
  const all = (sql: string, ...values: readonly Value[]): Record<string, unknown>[] =>
    database.prepare(sql).all(...values);

  function block(id: number): readonly string[] {
    const cached = blocks.get(id);
    if (cached !== undefined) return cached;
    const data = database.prepare('SELECT data FROM block WHERE id = ?').get(id)?.['data'];
    const texts = data instanceof Uint8Array ? unpackBlock(data) : [];
    const oldest = blocks.keys().next().value;
    if (blocks.size >= MOST_BLOCKS && oldest !== undefined) blocks.delete(oldest);
    blocks.set(id, texts);
    return texts;
  }

  function lookUpEach(ids: readonly number[], { fromKey, toKey }: Selection, limit: number): FoundRow[] {
    const newest = database.prepare(
      'SELECT key FROM alert WHERE facts = ? AND key >= ? AND key < ? ORDER BY key DESC LIMIT ?',
    );
    const byKey = database.prepare('SELECT key, position, body FROM alert WHERE key = ?');
    return ids
      .flatMap((id) => newest.all(id, fromKey, toKey, limit).map((raw) => Number(raw['key'])))
      .sort((a, b) => b - a)
      .slice(0, limit)
      .map((key) => row(byKey.get(key) ?? {}));
  }

  function newestWithWords({ fromKey, toKey, filter, words = '' }: Selection, limit: number): FoundRow[] {
    const and = filter === undefined ? '' : `AND a.facts IN (${filter.sql})`;
    return all(
      `SELECT a.key, a.position, a.body FROM words AS w CROSS JOIN alert AS a ON a.key = w.rowid
       WHERE w.words MATCH ? AND w.rowid >= ? AND w.rowid < ? ${and} ORDER BY w.rowid DESC LIMIT ?`,
      words,
      fromKey,
      toKey,
      ...(filter?.values ?? []),
      limit,
    ).map(row);
  }

  // Finds the facts of a filter once for all that is asked with the same filter object.
  function want(filter: FactsFilter): void {
    if (wanted === filter) return;
    wanted = undefined;
    database.exec('CREATE TEMP TABLE IF NOT EXISTS wanted (id INTEGER PRIMARY KEY); DELETE FROM wanted');
    database.prepare(`INSERT INTO wanted ${filter.sql}`).run(...filter.values);
    wanted = filter;
  }

  // `counted` selects facts and n; what only differs in other columns is added up before it is read.
  function tallied(columns: readonly FactsColumn[], counted: string, values: readonly Value[]): Tally[] {
    if (counted === '') return [];
    const names = columns.map((column) => `f.${column}`).join(', ');
    const sql = `SELECT ${names}, sum(c.n) AS n FROM (${counted}) AS c JOIN facts AS f ON f.id = c.facts GROUP BY ${names}`;
    return all(sql, ...values).map((raw) => ({ facts: readFacts(raw), count: Number(raw['n']) }));
  }

  return {
    database,
    newest(selection, limit) {
      const { fromKey, toKey, filter, words } = selection;
      if (fromKey >= toKey) return [];
      if (words !== undefined) return newestWithWords(selection, limit);
      if (filter === undefined) {
        return all(
          'SELECT key, position, body FROM alert WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?',
          fromKey,
          toKey,
          limit,
        ).map(row);
      }
      const ids = all(`${filter.sql} LIMIT ${MOST_LOOKED_UP + 1}`, ...filter.values).map((raw) =>
        Number(raw['id']),
      );
      if (ids.length <= MOST_LOOKED_UP) return lookUpEach(ids, selection, limit);
      return all(
        `SELECT key, position, body FROM alert WHERE key >= ? AND key < ? AND +facts IN (${filter.sql})
         ORDER BY key DESC LIMIT ?`,
        fromKey,
        toKey,
        ...filter.values,
        limit,
      ).map(row);
    },
    after(position, upTo, { fromKey, toKey, filter, words }, limit) {
      const least = all(
        'SELECT min(key) AS key FROM alert WHERE position > ? AND position <= ?',
        position,
        upTo,
      )[0]?.['key'];
      if (typeof least !== 'number') return [];
      const conditions = ['position > ?', 'position <= ?'];
      const values: Value[] = [position, upTo];
      if (fromKey > 0 || toKey < END_KEY) {
        conditions.push('+key >= ?', '+key < ?');
        values.push(fromKey, toKey);
      }
      if (filter !== undefined) {
        conditions.push(`+facts IN (${filter.sql})`);
        values.push(...filter.values);
      }
      if (words !== undefined) {
        conditions.push('+key IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ?)');
        values.push(words, least);
      }
      return all(
        `SELECT key, position, body FROM alert WHERE ${conditions.join(' AND ')} ORDER BY position LIMIT ?`,
        ...values,
        limit,
      ).map(row);
    },
    find(sensor, epoch, seq) {
      const found = all(
        `SELECT key, position, body FROM alert
         WHERE stream = (SELECT id FROM stream WHERE sensor = ? AND epoch = ?) AND seq = ?`,
        sensor,
        epoch,
        seq,
      )[0];
      return found === undefined ? undefined : row(found);
    },
    text({ body }) {
      return block(Math.floor(body / BLOCK_PLACES))[body % BLOCK_PLACES] ?? '';
    },
    tally(columns, pieces, filter) {
      // Unary plus keeps the planner from walking an index by facts instead of the range.
      const only = filter === undefined ? '' : 'AND +facts IN wanted';
      if (filter !== undefined) want(filter);
      const values: Value[] = [];
      const parts = pieces.map(({ table, from, to }) => {
        values.push(from, to);
        const [column, n] = table === 'alert' ? ['key', 'count(*)'] : ['start', 'sum(n)'];
        return `SELECT facts, ${n} AS n FROM ${table} WHERE ${column} >= ? AND ${column} < ? ${only} GROUP BY +facts`;
      });
      return tallied(columns, parts.join(' UNION ALL '), values);
    },
    tallyWords(columns, { fromKey, toKey, filter, words = '' }) {
      const and = filter === undefined ? '' : `AND +a.facts IN (${filter.sql})`;
      const sql = `SELECT a.facts AS facts, count(*) AS n FROM words AS w CROSS JOIN alert AS a ON a.key = w.rowid
         WHERE w.words MATCH ? AND w.rowid >= ? AND w.rowid < ? ${and} GROUP BY +a.facts`;
      return tallied(columns, sql, [words, fromKey, toKey, ...(filter?.values ?? [])]);
    },
    seqRuns(sensor, epoch, fromSeq, limit) {
      return all(
        `SELECT min(seq) AS first, max(seq) AS last FROM (
           SELECT seq, seq - row_number() OVER (ORDER BY seq) AS run FROM alert
           WHERE stream = (SELECT id FROM stream WHERE sensor = ? AND epoch = ?) AND seq >= ?)
         GROUP BY run ORDER BY first LIMIT ?`,
        sensor,
        epoch,
        fromSeq,
        limit,
      ).map((raw) => ({ first: Number(raw['first']), last: Number(raw['last']) }));
    },
  };
}
