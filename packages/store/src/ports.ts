// What the platform needs of a store. Adapters carry the technology in their name and pass one conformance suite.
import type { Alert, AlertDimension, CoverageGap, EventQuery, Severity } from '@guardcell/core';

/** Where an alert stands in its sensor's stream, and the alert. */
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
  readonly value: string;
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

/** Append-mostly, partitioned by UTC day, idempotent. */
export interface EventStore {
  /**
   * Resolves only when all of it is durable. Idempotent by (sensor, epoch, seq).
   * @throws CodedError GC_STORE_FULL (disk full), GC_STORE_IO: then nothing of the batch was stored.
   */
  append(items: readonly AppendItem[]): Promise<AppendResult>;
  /** Newest first, by (time, id); keyset paging, so pages stay right while alerts arrive. */
  list(query: EventQuery, limit: number, cursor?: string): Promise<AlertPage>;
  get(id: string): Promise<Alert | undefined>;
  /** In order of storing, from just after `position`; for the live stream and for resuming it. */
  after(position: number, query: EventQuery, limit: number): Promise<readonly StoredAlert[]>;
  /** Position of a stored alert, to resume a stream from it. */
  positionOf(id: string): Promise<number | undefined>;
  /** `buckets` equal stretches from `query.fromMs` to `query.toMs` (both needed). */
  histogram(query: EventQuery, buckets: number): Promise<readonly HistogramBucket[]>;
  /** Most frequent values first. */
  facet(query: EventQuery, dimension: AlertDimension, top: number): Promise<readonly FacetValue[]>;
  count(query: EventQuery): Promise<number>;
  /** From rollups: cheap whatever the number of alerts; times are rounded to whole minutes. */
  severityCounts(fromMs: number, toMs: number): Promise<SeverityCounts>;
  /** From rollups, `stepMs` a multiple of a minute. */
  trend(fromMs: number, toMs: number, stepMs: number): Promise<readonly HistogramBucket[]>;
  /** From rollups, by number of alerts weighted by severity. */
  topContainers(fromMs: number, toMs: number, top: number): Promise<readonly TopContainer[]>;
  topRules(
    fromMs: number,
    toMs: number,
    top: number,
  ): Promise<readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[]>;
  appendGaps(gaps: readonly CoverageGap[]): Promise<void>;
  gaps(fromMs: number, toMs: number): Promise<readonly CoverageGap[]>;
  /** Highest contiguous seq stored for a stream; 0 when none. */
  highestContiguousSeq(sensor: string, epoch: number): Promise<number>;
  /** Forgets whole UTC days that ended before `beforeMs`; returns how many alerts went. */
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
