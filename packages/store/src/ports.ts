// What the platform needs of a store. Adapters carry the technology in their name and pass one conformance suite.
import type { Alert, AlertDimension, CoverageGap, EventQuery, Severity } from '@guardcell/core';

/**
 * Where an alert stands in its sensor's stream, and the alert, whose id must be `alertId` of that place. The same
 * place always carries the same alert, so that a batch sent again is recognised.
 */
export interface AppendItem {
  readonly sensor: string;
  readonly epoch: number;
  readonly seq: number;
  readonly alert: Alert;
}

export interface AppendResult {
  /** New alerts, now durable. */
  readonly accepted: number;
  /** Alerts that were there already (a batch sent again). */
  readonly duplicate: number;
  /** Position given to each item, in the order of `items`; 0 for one that was there already. */
  readonly positions: readonly number[];
}

/** An alert with its position in the order of storing; positions grow and are never reused. */
export interface StoredAlert {
  readonly position: number;
  readonly alert: Alert;
}

export interface AlertPage {
  readonly items: readonly Alert[];
  /** Opaque; pass it to get the next page. Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

export interface HistogramBucket {
  readonly startMs: number;
  readonly counts: SeverityCounts;
}

export interface FacetValue {
  /** What to filter by; for containers the full id. */
  readonly value: string;
  /** What to show; for containers the name, otherwise the value itself. */
  readonly label: string;
  readonly count: number;
}

export interface TopContainer {
  readonly container: string;
  readonly name: string;
  readonly image: string;
  readonly counts: SeverityCounts;
}

export interface EventStoreStats {
  readonly events: number;
  readonly sizeBytes: number;
  /** 0 when empty. */
  readonly oldestMs: number;
  /** Last position given out; 0 when empty. */
  readonly lastPosition: number;
  readonly state: 'ok' | 'full' | 'failed';
  /** Why the last write failed, in a sentence; empty when `ok`. */
  readonly detail: string;
}

/** Most stretches that a histogram or trend may have. */
export const MAX_BUCKETS = 10_000;

/** How much an alert of each severity weighs in `topContainers`. */
export const SEVERITY_WEIGHTS: SeverityCounts = { critical: 100, high: 30, medium: 10, low: 3, info: 1 };

/** Append-mostly, partitioned by UTC day, idempotent. */
export interface EventStore {
  /**
   * Resolves only when all of it is durable. Idempotent by (sensor, epoch, seq).
   * @throws CodedError GC_STORE_FULL (disk full), GC_STORE_IO, GC_STORE_CORRUPT, GC_STORE_BUSY (too much is waiting):
   * nothing of the batch is acknowledged, send it again later. GC_STORE_BAD_ITEM: an item is not a proper alert (id,
   * seq or time), so sending it again will not help.
   */
  append(items: readonly AppendItem[]): Promise<AppendResult>;
  /**
   * Newest first by time in ms, among equal times the one stored last first; keyset paging, so pages stay right while
   * alerts arrive.
   * @throws CodedError GC_BAD_CURSOR: not a cursor of this store.
   */
  list(query: EventQuery, limit: number, cursor?: string): Promise<AlertPage>;
  get(id: string): Promise<Alert | undefined>;
  /** In order of storing, from just after `position`; for the live stream and for resuming it. */
  after(position: number, query: EventQuery, limit: number): Promise<readonly StoredAlert[]>;
  /** Position of a stored alert, to resume a stream from it. */
  positionOf(id: string): Promise<number | undefined>;
  /**
   * `buckets` equal stretches from `query.fromMs` to `query.toMs`.
   * @throws CodedError GC_STORE_BAD_QUERY without both times, when they are in the wrong order, or for more than
   * `MAX_BUCKETS`.
   */
  histogram(query: EventQuery, buckets: number): Promise<readonly HistogramBucket[]>;
  /** Most frequent values first, equal ones by value; empty values do not count. */
  facet(query: EventQuery, dimension: AlertDimension, top: number): Promise<readonly FacetValue[]>;
  count(query: EventQuery): Promise<number>;
  /** From rollups: cheap whatever the number of alerts; `fromMs` is rounded down and `toMs` up to whole minutes. */
  severityCounts(fromMs: number, toMs: number): Promise<SeverityCounts>;
  /**
   * From rollups, in steps from `fromMs` rounded down to a minute until `toMs` rounded up.
   * @throws CodedError GC_STORE_BAD_QUERY: `stepMs` is no multiple of a minute, or more than `MAX_BUCKETS` steps.
   */
  trend(fromMs: number, toMs: number, stepMs: number): Promise<readonly HistogramBucket[]>;
  /** From rollups, by number of alerts weighted by severity (`SEVERITY_WEIGHTS`). */
  topContainers(fromMs: number, toMs: number, top: number): Promise<readonly TopContainer[]>;
  /** From rollups, by number of alerts; with the gravest severity that the rule had. */
  topRules(
    fromMs: number,
    toMs: number,
    top: number,
  ): Promise<readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[]>;
  /** Durable when it resolves; a gap that is there already is not added again. */
  appendGaps(gaps: readonly CoverageGap[]): Promise<void>;
  /** Those that overlap the time, oldest first. */
  gaps(fromMs: number, toMs: number): Promise<readonly CoverageGap[]>;
  /** Highest seq up to which all from 1 on were stored (or stored and since forgotten); 0 when none. */
  highestContiguousSeq(sensor: string, epoch: number): Promise<number>;
  /** Forgets whole UTC days that ended by `beforeMs`, and gaps that ended with them; returns how many alerts went. */
  dropBefore(beforeMs: number): Promise<number>;
  stats(): Promise<EventStoreStats>;
  close(): Promise<void>;
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface StateRecord {
  readonly kind: string;
  readonly id: string;
  /** Grows with every write to the store; use it for optimistic locking. */
  readonly revision: number;
  readonly value: JsonValue;
}

export type StateWrite =
  | {
      readonly op: 'put';
      readonly kind: string;
      readonly id: string;
      readonly value: JsonValue;
      /** 0: must not exist yet. Absent: whatever is there is replaced. */
      readonly ifRevision?: number;
    }
  | { readonly op: 'delete'; readonly kind: string; readonly id: string; readonly ifRevision?: number };

export type CommitResult =
  | { readonly ok: true; readonly revision: number }
  /** Index of the first write whose `ifRevision` did not hold; nothing was written. */
  | { readonly ok: false; readonly conflict: number };

/** Small, transactional, durable documents: users, keys, settings, response rules, action records. */
export interface StateStore {
  get(kind: string, id: string): Promise<StateRecord | undefined>;
  /** Ordered by id; `reverse` for newest-first with sortable ids. `after` is the last id of the page before. */
  list(
    kind: string,
    options?: { readonly after?: string; readonly limit?: number; readonly reverse?: boolean },
  ): Promise<readonly StateRecord[]>;
  /**
   * All or nothing; resolves when durable (fsync).
   * @throws CodedError GC_STORE_FULL, GC_STORE_IO.
   */
  commit(writes: readonly StateWrite[]): Promise<CommitResult>;
  close(): Promise<void>;
}
