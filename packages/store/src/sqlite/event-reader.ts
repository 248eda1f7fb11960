// The reading half of the event store: answers questions over days that it is told of. Runs in a worker thread.
import { join } from 'node:path';
import type { AlertDimension, EventQuery } from '@guardcell/core';
import { type Cursor, cursorText } from '../cursor.ts';
import { dayFileName, dayOf, END_KEY, keyAt } from '../day.ts';
import type { FacetValue, HistogramBucket, SeverityCounts, TopContainer } from '../ports.ts';
import * as tallies from '../tallies.ts';
import { createDayReader, type DayReader, type Selection } from './day-reader.ts';
import { factsFilter } from './facts-filter.ts';
import { DIMENSION_COLUMNS, type FactsColumn } from './facts-table.ts';
import { onFile, openForReading } from './open-database.ts';
import { createOpenDays } from './open-days.ts';
import { rollupPieces } from './rollup-pieces.ts';
import { matchExpression } from './search-words.ts';

/** Days in which there may be an answer, newest first. */
interface InDays {
  readonly days: readonly number[];
}

interface Question extends InDays {
  readonly query: EventQuery;
}

interface Place {
  readonly sensor: string;
  readonly epoch: number;
  readonly seq: number;
}

interface Stretches extends Question {
  readonly stretches: readonly tallies.Stretch[];
}

/** Alerts as JSON text, to be parsed where they are needed. */
export interface TextPage {
  readonly texts: readonly string[];
  readonly nextCursor: string | undefined;
}

export interface StoredText {
  readonly position: number;
  readonly text: string;
}

export interface EventReader {
  list(input: Question & { readonly limit: number; readonly cursor: Cursor | undefined }): TextPage;
  find(input: InDays & Place): StoredText | undefined;
  after(
    input: Question & { readonly position: number; readonly upTo: number; readonly limit: number },
  ): StoredText[];
  count(input: Question): number;
  counts(input: Stretches): HistogramBucket[];
  totals(input: Question): SeverityCounts;
  facet(input: Question & { readonly dimension: AlertDimension; readonly top: number }): FacetValue[];
  topContainers(input: Question & { readonly top: number }): TopContainer[];
  topRules(input: Question & { readonly top: number }): tallies.TopRule[];
  contiguous(
    input: InDays & { readonly sensor: string; readonly epoch: number; readonly fromSeq: number },
  ): number;
  /** Closes these days, so that their files can be renamed or unlinked. */
  forget(days: readonly number[]): void;
  close(): void;
}

const MOST_OPEN_DAYS = 8;
const RUNS_AT_ONCE = 1000;

export function createEventReader(dir: string): EventReader {
  const readers = createOpenDays<DayReader>(
    MOST_OPEN_DAYS,
    (day) => createDayReader(openForReading(join(dir, dayFileName(day)))),
    (reader) => reader.database.close(),
  );

  function onDay<T>(day: number, ask: (reader: DayReader) => T): T {
    return onFile(join(dir, dayFileName(day)), () => ask(readers.get(day)));
  }

  // What of the query concerns a day; undefined when no alert can match.
  function selectionFor(day: number, query: EventQuery, filter = factsFilter(query)): Selection | undefined {
    const words = query.words.length === 0 ? undefined : matchExpression(query.words);
    if (query.words.length > 0 && words === undefined) return undefined;
    const fromKey = query.fromMs === undefined ? 0 : keyAt(day, query.fromMs);
    const toKey = query.toMs === undefined ? END_KEY : keyAt(day, query.toMs);
    return fromKey < toKey ? { fromKey, toKey, words, filter } : undefined;
  }

  function tally(
    columns: readonly FactsColumn[],
    day: number,
    query: EventQuery,
    filter = factsFilter(query),
  ): tallies.Tally[] {
    const selection = selectionFor(day, query, filter);
    if (selection === undefined) return [];
    return onDay(day, (reader) => {
      if (selection.words !== undefined) return reader.tallyWords(columns, selection);
      const pieces = rollupPieces(day, query.fromMs ?? 0, query.toMs ?? Number.POSITIVE_INFINITY);
      return reader.tally(columns, pieces, selection.filter);
    });
  }

  function tallyAll({ days, query }: Question, ...columns: readonly FactsColumn[]): tallies.Tally[] {
    return days.flatMap((day) => tally(columns, day, query));
  }

  return {
    list({ days, query, limit, cursor }) {
      const found: { readonly cursor: Cursor; readonly text: string }[] = [];
      for (const day of days) {
        if (found.length > limit) break;
        if (cursor !== undefined && day > cursor.day) continue;
        const selection = selectionFor(day, query);
        if (selection === undefined) continue;
        const toKey = day === cursor?.day ? Math.min(selection.toKey, cursor.key) : selection.toKey;
        onDay(day, (reader) => {
          for (const row of reader.newest({ ...selection, toKey }, limit + 1 - found.length)) {
            found.push({ cursor: { day, key: row.key }, text: reader.text(row) });
          }
        });
      }
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = last !== undefined && found.length > limit;
      return { texts: page.map((item) => item.text), nextCursor: more ? cursorText(last.cursor) : undefined };
    },
    find({ days, sensor, epoch, seq }) {
      for (const day of days) {
        const found = onDay(day, (reader) => {
          const row = reader.find(sensor, epoch, seq);
          return row === undefined ? undefined : { position: row.position, text: reader.text(row) };
        });
        if (found !== undefined) return found;
      }
      return undefined;
    },
    after({ days, query, position, upTo, limit }) {
      const found = days.flatMap((day) => {
        const selection = selectionFor(day, query);
        if (selection === undefined) return [];
        const rows = onDay(day, (reader) => reader.after(position, upTo, selection, limit));
        return rows.map((row) => ({ day, row }));
      });
      return found
        .sort((a, b) => a.row.position - b.row.position)
        .slice(0, limit)
        .map(({ day, row }) => ({ position: row.position, text: onDay(day, (reader) => reader.text(row)) }));
    },
    count: (input) => tallyAll(input, 'severity').reduce((sum, { count }) => sum + count, 0),
    counts({ days, query, stretches }) {
      const inDays = new Set(days);
      const filter = factsFilter(query);
      return stretches.map((stretch) => {
        const found: tallies.Tally[] = [];
        for (let day = dayOf(stretch.fromMs); day <= dayOf(stretch.toMs - 1); day++) {
          if (inDays.has(day)) found.push(...tally(['severity'], day, { ...query, ...stretch }, filter));
        }
        return { startMs: stretch.fromMs, counts: tallies.countsOf(found) };
      });
    },
    totals: (input) => tallies.countsOf(tallyAll(input, 'severity')),
    facet: (input) =>
      tallies.facetOf(tallyAll(input, ...DIMENSION_COLUMNS[input.dimension]), input.dimension, input.top),
    topContainers: (input) =>
      tallies.topContainersOf(tallyAll(input, 'severity', 'container', 'container_name', 'image'), input.top),
    topRules: (input) => tallies.topRulesOf(tallyAll(input, 'severity', 'rule'), input.top),
    contiguous({ days, sensor, epoch, fromSeq }) {
      let highest = fromSeq;
      for (;;) {
        const runs = days
          .flatMap((day) => onDay(day, (reader) => reader.seqRuns(sensor, epoch, highest + 1, RUNS_AT_ONCE)))
          .sort((a, b) => a.first - b.first);
        const before = highest;
        for (const run of runs) if (run.first <= highest + 1) highest = Math.max(highest, run.last);
        if (highest === before) return highest;
      }
    },
    forget(days) {
      for (const day of days) readers.forget(day);
    },
    close: () => readers.forgetAll(),
  };
}
