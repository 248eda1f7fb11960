// The writing half of the event store: all day files of a folder, positions, gaps, retention. Runs in a worker thread.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, alertTimeMs, type CoverageGap } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { DAY_MS, dayFileName, dayOf, dayOfFileName } from '../day.ts';
import { DAY_SCHEMA } from './day-schema.ts';
import {
  createDayWriter,
  type DayFacts,
  type DayWriter,
  type NewAlert,
  type PlacedAlert,
} from './day-writer.ts';
import { META_FILE, type MetaFile, openMetaFile } from './meta-file.ts';
import { type Durability, onFile, openForWriting } from './open-database.ts';
import { createOpenDays } from './open-days.ts';

/** Items of a batch in columns, which clone faster than objects. */
export interface AppendColumns {
  readonly sensors: readonly string[];
  readonly epochs: readonly number[];
  readonly seqs: readonly number[];
  readonly texts: readonly string[];
}

export interface Appended {
  /** 0 for what was there already. */
  readonly positions: readonly number[];
  readonly lastPosition: number;
  /** Days that were written to, as they are now. */
  readonly days: readonly DayFacts[];
}

export interface Catalog {
  readonly days: readonly DayFacts[];
  readonly lastPosition: number;
  /** Files that were damaged and are set aside. */
  readonly setAside: readonly string[];
}

export interface EventWriter {
  /** Looks at every day file; what is damaged is set aside and declared as a gap. */
  catalog(): Catalog;
  append(batch: AppendColumns): Appended;
  /** Renames a damaged day file and declares the gap; returns its new name. */
  setAside(input: { readonly day: number; readonly events: number }): string;
  /** Unlinks day files; nobody may have them open. */
  drop(input: { readonly days: readonly number[]; readonly gapsBeforeMs: number }): void;
  addGaps(gaps: readonly CoverageGap[]): void;
  gaps(input: { readonly fromMs: number; readonly toMs: number }): CoverageGap[];
  forgotten(input: { readonly sensor: string; readonly epoch: number }): number;
  close(): void;
}

export interface EventWriterOptions {
  readonly dir: string;
  readonly durability: Durability;
}

const MOST_OPEN_DAYS = 4;
const RESERVE = 1_000_000;
const SUFFIXES = ['', '-wal', '-shm'];

/** Everything happens on the first call, so that a thread that was started again finds its own way. */
export function createEventWriter({ dir, durability }: EventWriterOptions): EventWriter {
  const fileOf = (day: number): string => join(dir, dayFileName(day));
  const writers = createOpenDays<DayWriter>(
    MOST_OPEN_DAYS,
    (day) => {
      const database = openForWriting(fileOf(day), durability, DAY_SCHEMA);
      try {
        return onFile(fileOf(day), () => createDayWriter(database, day));
      } catch (thrown) {
        database.close();
        throw thrown;
      }
    },
    (writer) => writer.database.close(),
  );
  let opened: { readonly meta: MetaFile; readonly catalog: Catalog } | undefined;
  let lastPosition = 0;
  let reserved = 0;

  function moveAside(file: string): string {
    const suffix = `.corrupt-${new Date().toISOString().replaceAll(':', '')}`;
    for (const part of SUFFIXES) {
      try {
        renameSync(`${file}${part}`, `${file}${suffix}${part}`);
      } catch (thrown) {
        // WAL and index are often not there; the file itself must be.
        if (part === '') throw thrown;
      }
    }
    return `${file}${suffix}`;
  }

  function declareDay(meta: MetaFile, day: number, lost: number): void {
    const [from, to] = [new Date(day * DAY_MS).toISOString(), new Date((day + 1) * DAY_MS).toISOString()];
    meta.addGaps([{ sensor: 'store', from, to, reason: 'store-corrupt', lost }]);
  }

  function openMeta(setAside: string[]): MetaFile {
    try {
      return openMetaFile(dir, durability);
    } catch (thrown) {
      if (!(thrown instanceof CodedError) || thrown.code !== 'GC_STORE_CORRUPT') throw thrown;
      setAside.push(moveAside(join(dir, META_FILE)));
      const meta = openMetaFile(dir, durability);
      // How far positions were reserved is lost with the file; no store has given out so many beyond what is found.
      meta.setNumber('floor', 2 ** 40);
      return meta;
    }
  }

  function open(): { readonly meta: MetaFile; readonly catalog: Catalog } {
    if (opened !== undefined) return opened;
    const setAside: string[] = [];
    onFile(dir, () => mkdirSync(dir, { recursive: true, mode: 0o700 }));
    const meta = openMeta(setAside);
    const days: DayFacts[] = [];
    for (const name of onFile(dir, () => readdirSync(dir)).sort()) {
      const day = dayOfFileName(name);
      if (day === undefined) continue;
      try {
        days.push(writers.get(day).facts());
      } catch (thrown) {
        if (!(thrown instanceof CodedError) || thrown.code !== 'GC_STORE_CORRUPT') throw thrown;
        setAside.push(moveAside(fileOf(day)));
        declareDay(meta, day, -1);
        meta.setNumber('floor', meta.number('reserved'));
      }
    }
    lastPosition = days.reduce((last, day) => Math.max(last, day.lastPosition), meta.number('floor'));
    reserved = meta.number('reserved');
    opened = { meta, catalog: { days, lastPosition, setAside } };
    return opened;
  }

  // Positions are reserved in the meta file before they are used, so that none comes back even if a day is lost.
  function reserve(meta: MetaFile, count: number): void {
    if (lastPosition + count <= reserved) return;
    reserved = lastPosition + count + RESERVE;
    onFile(join(dir, META_FILE), () => meta.setNumber('reserved', reserved));
  }

  function newAlerts(batch: AppendColumns): NewAlert[] {
    return batch.texts.map((text, index) => {
      const alert = JSON.parse(text) as Alert;
      const [sensor = '', epoch = 0, seq = 0] = [
        batch.sensors[index],
        batch.epochs[index],
        batch.seqs[index],
      ];
      return { sensor, epoch, seq, text, alert, timeMs: alertTimeMs(alert) };
    });
  }

  function insert(day: number, alerts: readonly PlacedAlert[]): DayFacts {
    try {
      const writer = writers.get(day);
      onFile(fileOf(day), () => writer.insert(alerts));
      return writer.facts();
    } catch (thrown) {
      // Closing rolls back; what the writer remembers may be wrong now and goes with it.
      writers.forget(day);
      throw thrown;
    }
  }

  return {
    catalog: () => open().catalog,
    append(batch) {
      const { meta } = open();
      const seen = new Set<string>();
      const byDay = new Map<number, PlacedAlert[]>();
      reserve(meta, batch.texts.length);
      const positions = newAlerts(batch).map((item) => {
        const day = dayOf(item.timeMs);
        const place = `${item.epoch} ${item.seq} ${item.sensor}`;
        const there =
          seen.has(place) ||
          onFile(fileOf(day), () => writers.get(day).has(item.sensor, item.epoch, item.seq));
        if (there) return 0;
        seen.add(place);
        lastPosition += 1;
        const alerts = byDay.get(day) ?? [];
        alerts.push({ ...item, position: lastPosition });
        byDay.set(day, alerts);
        return lastPosition;
      });
      const days = [...byDay].map(([day, alerts]) => insert(day, alerts));
      return { positions, lastPosition, days };
    },
    setAside({ day, events }) {
      const { meta } = open();
      writers.forget(day);
      meta.setNumber('floor', reserved);
      declareDay(meta, day, events);
      return onFile(fileOf(day), () => moveAside(fileOf(day)));
    },
    drop({ days, gapsBeforeMs }) {
      const { meta } = open();
      meta.setNumber('floor', lastPosition);
      for (const day of days) {
        onFile(fileOf(day), () => {
          const streams = writers
            .get(day)
            .database.prepare(
              'SELECT sensor, epoch, max(seq) AS seq FROM alert JOIN stream ON id = stream GROUP BY id',
            )
            .all();
          for (const { sensor, epoch, seq } of streams)
            meta.forget(String(sensor), Number(epoch), Number(seq));
          writers.forget(day);
          for (const part of SUFFIXES) rmSync(`${fileOf(day)}${part}`, { force: true });
        });
      }
      meta.dropGapsBefore(gapsBeforeMs);
    },
    addGaps: (gaps) => onFile(join(dir, META_FILE), () => open().meta.addGaps(gaps)),
    gaps: ({ fromMs, toMs }) => open().meta.gaps(fromMs, toMs),
    forgotten: ({ sensor, epoch }) => open().meta.forgotten(sensor, epoch),
    close() {
      writers.forgetAll();
      opened?.meta.close();
      opened = undefined;
    },
  };
}
