// The memory of the inventory: what is known of each container id, and for how long. Bounded; no I/O.
import { bareContainer, type Container } from '@guardcell/core';

/** Removed containers stay known this long, so that events and alerts that arrive late keep their identity. */
export const REMOVED_KEPT_MS: number = 10 * 60_000;
const MAX_REMOVED = 4096;
/** Ids seen in cgroups that no runtime knows; anybody who may create cgroups can make them up. */
const MAX_UNKNOWN = 4096;

/** Who reported a container: compared by identity. */
export type Source = object;

export interface ContainerRecord {
  container: Container;
  /** What each source said last, to be merged. */
  readonly sightings: Map<Source, Container>;
  removedAtMs: number | undefined;
}

export interface ContainerRecords {
  get(id: string): ContainerRecord | undefined;
  /** The record of this id, made if it is not there yet. */
  ensure(id: string): ContainerRecord;
  /** Starts the time after which a removed container is forgotten; what it is shown as is up to the caller. */
  remove(record: ContainerRecord): void;
  values(): Iterable<ContainerRecord>;
  /** Forgets what has been removed long enough; call it now and then. */
  sweep(): void;
  /** How many records were forgotten early because there were too many. */
  readonly evicted: { readonly removed: number; readonly unknown: number };
}

export function createRecords(nowMs: () => number): ContainerRecords {
  const records = new Map<string, ContainerRecord>();
  /** Ids in the order of removal, and in the order of appearance. */
  const removed = new Set<string>();
  const unknown = new Set<string>();
  const evicted = { removed: 0, unknown: 0 };

  function forgetOldest(ids: Set<string>, max: number): boolean {
    const oldest = ids.keys().next();
    if (ids.size <= max || oldest.done === true) return false;
    ids.delete(oldest.value);
    records.delete(oldest.value);
    return true;
  }

  function ensure(id: string): ContainerRecord {
    const known = records.get(id);
    if (known !== undefined) return known;
    const record: ContainerRecord = {
      container: bareContainer(id),
      sightings: new Map(),
      removedAtMs: undefined,
    };
    records.set(id, record);
    for (const other of unknown) {
      // Those that have become known in the meantime do not count.
      if (records.get(other)?.container.complete === false) break;
      unknown.delete(other);
    }
    unknown.add(id);
    if (forgetOldest(unknown, MAX_UNKNOWN)) evicted.unknown++;
    return record;
  }

  return {
    get: (id) => records.get(id),
    ensure,
    values: () => records.values(),
    evicted,
    remove: (record) => {
      if (record.removedAtMs !== undefined) return;
      record.removedAtMs = nowMs();
      record.sightings.clear();
      unknown.delete(record.container.id);
      removed.add(record.container.id);
      if (forgetOldest(removed, MAX_REMOVED)) evicted.removed++;
    },
    sweep: () => {
      for (const id of removed) {
        const at = records.get(id)?.removedAtMs ?? 0;
        if (nowMs() - at < REMOVED_KEPT_MS) break;
        removed.delete(id);
        records.delete(id);
      }
      for (const id of unknown) if (records.get(id)?.container.complete !== false) unknown.delete(id);
    },
  };
}
