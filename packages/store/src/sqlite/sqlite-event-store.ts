// EventStore over SQLite: one file a UTC day. This side of it checks, queues and routes; SQLite runs in worker threads
// only: one writes, one answers quick questions, one counts, so that no page waits for a commit or a long count.
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Alert, EVERYTHING, type EventQuery } from '@guardcell/core';
import { type Clock, CodedError, type Logger, systemErrorCode } from '@guardcell/kit';
import { checkAppendItem, parseAlertId } from '../append-item.ts';
import { parseCursor } from '../cursor.ts';
import { DAY_MS, dayFileName, dayOf, dayOfFileName } from '../day.ts';
import type { AppendItem, EventStore, EventStoreStats, StoredAlert } from '../ports.ts';
import { histogramStretches, type Stretch, trendStretches, wholeMinutes } from '../tallies.ts';
import type { Operations } from '../worker/protocol.ts';
import { createWorkerClient, type WorkerClient } from '../worker/worker-client.ts';
import { createAppendQueue } from './append-queue.ts';
import { createDayCatalog } from './day-catalog.ts';
import type { EventReader, StoredText } from './event-reader.ts';
import type { AppendColumns, EventWriter } from './event-writer.ts';
import type { Durability } from './open-database.ts';

export interface SqliteEventStoreOptions {
  /** Folder of the day files; created when missing. Only one store may have it open. */
  readonly dir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Default `power-loss`: commits carry many alerts, so the flush costs little. */
  readonly durability?: Durability;
}

/** What tests may do to a store beyond its port. */
export interface SqliteEventStore extends EventStore {
  /** Ends a worker thread as a crash would. */
  crashWorker(which: 'writer' | 'lists' | 'counts'): Promise<void>;
}

interface Entry {
  readonly item: AppendItem;
  readonly text: string;
}

const MOST_ITEMS = 10_000;
const MOST_WAITING_CHARS = 128 * 1024 * 1024;

const isCorrupt = (thrown: unknown): thrown is CodedError =>
  thrown instanceof CodedError && thrown.code === 'GC_STORE_CORRUPT';

/** @throws CodedError GC_STORE_FULL, GC_STORE_IO when the folder cannot be used. */
export async function openSqliteEventStore(options: SqliteEventStoreOptions): Promise<SqliteEventStore> {
  const { dir, logger, durability = 'power-loss' } = options;
  const catalog = createDayCatalog();
  let lastPosition = 0;
  let state: EventStoreStats['state'] = 'ok';
  let detail = '';
  let writerThread = -1;

  function client<Ops extends Operations>(file: string, name: string): WorkerClient<Ops> {
    return createWorkerClient<Ops>({
      entry: new URL(file, import.meta.url),
      data: { dir, durability },
      name,
      logger,
    });
  }

  const writer = client<EventWriter & Operations>('./event-writer.worker.ts', 'event-writer');
  const lists = client<EventReader & Operations>('./event-reader.worker.ts', 'event-lists');
  const counts = client<EventReader & Operations>('./event-reader.worker.ts', 'event-counts');

  async function loadCatalog(): Promise<void> {
    const found = await writer.call('catalog', undefined as never);
    writerThread = writer.threadId();
    catalog.replace(found.days);
    lastPosition = Math.max(lastPosition, found.lastPosition);
    for (const file of found.setAside) logger.error('a damaged event file was set aside', { file });
  }

  async function forget(days: readonly number[]): Promise<void> {
    await Promise.all([lists.call('forget', days), counts.call('forget', days)]);
  }

  // The damaged day leaves, with a declared gap; what arrives for that day starts a new file.
  async function setAside(error: CodedError): Promise<boolean> {
    const day = dayOfFileName(basename(error.at));
    const facts = day === undefined ? undefined : catalog.get(day);
    if (day === undefined || facts === undefined) return false;
    catalog.remove([day]);
    await forget([day]);
    const file = await writer.call('setAside', { day, events: facts.events });
    logger.error('a damaged event file was set aside', { file, events: facts.events, cause: error.message });
    return true;
  }

  /** Asks a question, again without the day that turns out to be damaged. */
  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (thrown) {
      // While waiting for its turn another question may have set the day aside already.
      const gone = isCorrupt(thrown) && (await queue.alone(() => setAside(thrown)));
      if (!gone && !isCorrupt(thrown)) throw thrown;
      return await question();
    }
  }

  async function writeOnce(columns: AppendColumns): Promise<readonly number[]> {
    if (writerThread !== writer.threadId() || writerThread === 0) await loadCatalog();
    const appended = await writer.call('append', columns);
    catalog.update(appended.days);
    lastPosition = Math.max(lastPosition, appended.lastPosition);
    return appended.positions;
  }

  async function write(entries: readonly Entry[]): Promise<readonly number[]> {
    const columns: AppendColumns = {
      sensors: entries.map(({ item }) => item.sensor),
      epochs: entries.map(({ item }) => item.epoch),
      seqs: entries.map(({ item }) => item.seq),
      texts: entries.map(({ text }) => text),
    };
    try {
      let positions: readonly number[];
      try {
        positions = await writeOnce(columns);
      } catch (thrown) {
        if (!isCorrupt(thrown) || !(await setAside(thrown))) throw thrown;
        positions = await writeOnce(columns);
      }
      if (state !== 'ok') logger.info('the event store writes again', {});
      state = 'ok';
      detail = '';
      return positions;
    } catch (thrown) {
      const code = thrown instanceof CodedError ? thrown.code : 'GC_INTERNAL';
      const before = state;
      state = code === 'GC_STORE_FULL' ? 'full' : 'failed';
      detail = thrown instanceof Error ? thrown.message : String(thrown);
      if (state !== before) logger.error('alerts cannot be stored', { code, detail });
      throw thrown;
    }
  }

  const queue = createAppendQueue<Entry>({ mostItems: MOST_ITEMS, mostChars: MOST_WAITING_CHARS, write });

  const daysOf = (query: EventQuery): number[] => catalog.within(query.fromMs, query.toMs);
  const minutes = (fromMs: number, toMs: number): EventQuery => ({
    ...EVERYTHING,
    ...wholeMinutes(fromMs, toMs),
  });
  const stored = ({ position, text }: StoredText): StoredAlert => ({
    position,
    alert: JSON.parse(text) as Alert,
  });

  async function find(id: string): Promise<StoredAlert | undefined> {
    const place = parseAlertId(id);
    if (place === undefined) return undefined;
    const found = await ask(() =>
      lists.call('find', { ...place, days: catalog.within(undefined, undefined) }),
    );
    return found === undefined ? undefined : stored(found);
  }

  function bucketCounts(query: EventQuery, stretches: readonly Stretch[]) {
    const fromMs = stretches[0]?.fromMs;
    const toMs = stretches.at(-1)?.toMs;
    return ask(() => counts.call('counts', { query, stretches, days: catalog.within(fromMs, toMs) }));
  }

  async function sizeOf(file: string): Promise<number> {
    try {
      return (await stat(file)).size;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return 0;
      throw thrown;
    }
  }

  try {
    await loadCatalog();
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }

  return {
    async append(items) {
      for (const item of items) checkAppendItem(item);
      if (items.length === 0) return { accepted: 0, duplicate: 0, positions: [] };
      const entries = items.map((item) => ({ item, text: JSON.stringify(item.alert) }));
      const positions = await queue.add({
        items: entries,
        chars: entries.reduce((sum, { text }) => sum + text.length, 0),
      });
      const accepted = positions.filter((position) => position > 0).length;
      return { accepted, duplicate: items.length - accepted, positions };
    },
    async list(query, limit, cursor) {
      const start = cursor === undefined ? undefined : parseCursor(cursor);
      const page = await ask(() => lists.call('list', { query, limit, cursor: start, days: daysOf(query) }));
      return { items: page.texts.map((text) => JSON.parse(text) as Alert), nextCursor: page.nextCursor };
    },
    get: async (id) => (await find(id))?.alert,
    positionOf: async (id) => (await find(id))?.position,
    async after(position, query, limit) {
      // Up to what was acknowledged: of a batch that spans days one part may be there before the other.
      const upTo = lastPosition;
      if (position >= upTo) return [];
      const found = await ask(() =>
        lists.call('after', { query, limit, position, upTo, days: catalog.above(position) }),
      );
      return found.map(stored);
    },
    async histogram(query, buckets) {
      return bucketCounts(query, histogramStretches(query.fromMs, query.toMs, buckets));
    },
    facet: (query, dimension, top) =>
      ask(() => counts.call('facet', { query, dimension, top, days: daysOf(query) })),
    count: (query) => ask(() => counts.call('count', { query, days: daysOf(query) })),
    severityCounts(fromMs, toMs) {
      const query = minutes(fromMs, toMs);
      return ask(() => counts.call('totals', { query, days: daysOf(query) }));
    },
    async trend(fromMs, toMs, stepMs) {
      return bucketCounts(EVERYTHING, trendStretches(fromMs, toMs, stepMs));
    },
    topContainers(fromMs, toMs, top) {
      const query = minutes(fromMs, toMs);
      return ask(() => counts.call('topContainers', { query, top, days: daysOf(query) }));
    },
    topRules(fromMs, toMs, top) {
      const query = minutes(fromMs, toMs);
      return ask(() => counts.call('topRules', { query, top, days: daysOf(query) }));
    },
    appendGaps: (gaps) => writer.call('addGaps', gaps),
    gaps: (fromMs, toMs) => writer.call('gaps', { fromMs, toMs }),
    async highestContiguousSeq(sensor, epoch) {
      const fromSeq = await writer.call('forgotten', { sensor, epoch });
      const days = (): number[] => catalog.within(undefined, undefined);
      return ask(() => counts.call('contiguous', { sensor, epoch, fromSeq, days: days() }));
    },
    dropBefore(beforeMs) {
      return queue.alone(async () => {
        const ended = catalog.endedBy(beforeMs);
        const days = ended.map((facts) => facts.day);
        catalog.remove(days);
        await forget(days);
        await writer.call('drop', { days, gapsBeforeMs: dayOf(beforeMs) * DAY_MS });
        return ended.reduce((sum, facts) => sum + facts.events, 0);
      });
    },
    async stats() {
      const days = catalog.all();
      const files = days.flatMap(({ day }) =>
        ['', '-wal'].map((part) => join(dir, `${dayFileName(day)}${part}`)),
      );
      const sizes = await Promise.all(files.map(sizeOf));
      const oldest = days.filter((facts) => facts.events > 0).map((facts) => facts.oldestMs);
      return {
        events: days.reduce((sum, facts) => sum + facts.events, 0),
        sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
        oldestMs: oldest.length === 0 ? 0 : Math.min(...oldest),
        lastPosition,
        state,
        detail,
      };
    },
    async close() {
      await queue.close();
      const closing = [writer, lists, counts].map(async (worker) => {
        if (worker.threadId() > 0) await worker.call('close', undefined as never).catch(() => undefined);
        await worker.close();
      });
      await Promise.all(closing);
    },
    async crashWorker(which) {
      await { writer, lists, counts }[which].crash();
    },
  };
}
