// Model of an event store: plain arrays, read with the definitions of core. Other engines are compared with it.
import { type Alert, alertTimeMs, type CoverageGap, type EventQuery, matchesQuery } from '@guardcell/core';
import { checkAppendItem } from '../append-item.ts';
import { cursorText, parseCursor } from '../cursor.ts';
import { DAY_MS, dayOf } from '../day.ts';
import { factsOf } from '../facts.ts';
import type { AppendItem, EventStore, StoredAlert } from '../ports.ts';
import { storeError } from '../store-error.ts';
import * as tallies from '../tallies.ts';

interface Row extends StoredAlert {
  readonly sensor: string;
  readonly epoch: number;
  readonly seq: number;
  readonly timeMs: number;
}

/** A store that lives as long as the process; for tests. */
export function openMemoryEventStore(): EventStore {
  let rows: Row[] = [];
  let gaps: CoverageGap[] = [];
  let lastPosition = 0;
  let open = true;
  const forgotten = new Map<string, number>();

  function needOpen(): void {
    if (!open) throw storeError('GC_STORE_CLOSED', 'the store is closed');
  }

  function matching(query: EventQuery): Row[] {
    needOpen();
    return rows.filter((row) => matchesQuery(row.alert, query));
  }

  function tally(query: EventQuery): tallies.Tally[] {
    return matching(query).map((row) => ({ facts: factsOf(row.alert), count: 1 }));
  }

  function between(stretch: tallies.Stretch): EventQuery {
    return { ...stretch, any: {}, words: [] };
  }

  function store(item: AppendItem): number {
    if (rows.some((row) => row.sensor === item.sensor && row.epoch === item.epoch && row.seq === item.seq))
      return 0;
    lastPosition += 1;
    const alert: Alert = structuredClone(item.alert);
    rows.push({ ...item, alert, position: lastPosition, timeMs: alertTimeMs(alert) });
    return lastPosition;
  }

  return {
    async append(items) {
      needOpen();
      for (const item of items) checkAppendItem(item);
      const positions = items.map(store);
      const accepted = positions.filter((position) => position > 0).length;
      return { accepted, duplicate: items.length - accepted, positions };
    },
    async list(query, limit, cursor) {
      // The cursor of the model: the position of the last item shown, in the place of the key.
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const sorted = matching(query).sort((a, b) => b.timeMs - a.timeMs || b.position - a.position);
      const start = after === undefined ? 0 : sorted.findIndex((row) => row.position === after.key) + 1;
      const page = sorted.slice(start, start + limit);
      const last = page.at(-1);
      const more = last !== undefined && start + limit < sorted.length;
      return {
        items: page.map((row) => row.alert),
        nextCursor: more ? cursorText({ day: dayOf(last.timeMs), key: last.position }) : undefined,
      };
    },
    async get(id) {
      needOpen();
      return rows.find((row) => row.alert.id === id)?.alert;
    },
    async after(position, query, limit) {
      const later = matching(query).filter((row) => row.position > position);
      return later.slice(0, limit).map((row) => ({ position: row.position, alert: row.alert }));
    },
    async positionOf(id) {
      needOpen();
      return rows.find((row) => row.alert.id === id)?.position;
    },
    async histogram(query, buckets) {
      return tallies.histogramStretches(query.fromMs, query.toMs, buckets).map((stretch) => ({
        startMs: stretch.fromMs,
        counts: tallies.countsOf(tally({ ...query, ...stretch })),
      }));
    },
    async facet(query, dimension, top) {
      return tallies.facetOf(tally(query), dimension, top);
    },
    async count(query) {
      return matching(query).length;
    },
    async severityCounts(fromMs, toMs) {
      return tallies.countsOf(tally(between(tallies.wholeMinutes(fromMs, toMs))));
    },
    async trend(fromMs, toMs, stepMs) {
      return tallies.trendStretches(fromMs, toMs, stepMs).map((stretch) => ({
        startMs: stretch.fromMs,
        counts: tallies.countsOf(tally(between(stretch))),
      }));
    },
    async topContainers(fromMs, toMs, top) {
      return tallies.topContainersOf(tally(between(tallies.wholeMinutes(fromMs, toMs))), top);
    },
    async topRules(fromMs, toMs, top) {
      return tallies.topRulesOf(tally(between(tallies.wholeMinutes(fromMs, toMs))), top);
    },
    async appendGaps(added) {
      needOpen();
      const known = new Set(gaps.map((gap) => JSON.stringify(gap)));
      for (const gap of added) {
        if (!known.has(JSON.stringify(gap))) gaps.push(gap);
        known.add(JSON.stringify(gap));
      }
    },
    async gaps(fromMs, toMs) {
      needOpen();
      return gaps
        .filter((gap) => Date.parse(gap.to) >= fromMs && Date.parse(gap.from) < toMs)
        .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
    },
    async highestContiguousSeq(sensor, epoch) {
      needOpen();
      const seqs = new Set(
        rows.filter((row) => row.sensor === sensor && row.epoch === epoch).map((row) => row.seq),
      );
      let highest = forgotten.get(`${epoch} ${sensor}`) ?? 0;
      while (seqs.has(highest + 1)) highest += 1;
      return highest;
    },
    async dropBefore(beforeMs) {
      needOpen();
      const firstKeptMs = dayOf(beforeMs) * DAY_MS;
      const kept = rows.filter((row) => row.timeMs >= firstKeptMs);
      const dropped = rows.length - kept.length;
      for (const { sensor, epoch, seq, timeMs } of rows) {
        const stream = `${epoch} ${sensor}`;
        if (timeMs < firstKeptMs) forgotten.set(stream, Math.max(seq, forgotten.get(stream) ?? 0));
      }
      rows = kept;
      gaps = gaps.filter((gap) => Date.parse(gap.to) >= firstKeptMs);
      return dropped;
    },
    async stats() {
      needOpen();
      const oldestMs = rows.reduce((oldest, row) => Math.min(oldest, row.timeMs), Number.POSITIVE_INFINITY);
      return {
        events: rows.length,
        sizeBytes: 0,
        oldestMs: rows.length === 0 ? 0 : oldestMs,
        lastPosition,
        state: 'ok',
        detail: '',
      };
    },
    async close() {
      open = false;
    },
  };
}
