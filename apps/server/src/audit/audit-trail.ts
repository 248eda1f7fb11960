// The audit trail: every write through the API and every sign-in, each entry chained to the one before by its hash, so
// that an entry that was changed, left out or put in shows. Append-only; the oldest go when there are too many.
import { createHash } from 'node:crypto';
import type { AuditEntry, AuditVerdict } from '@guardcell/contract';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import { ApiError } from '../errors.ts';
import { each, put, read, remove, valueOf } from '../stored.ts';

/** What is to be recorded; place, time and hashes are added. */
export type AuditFact = Omit<AuditEntry, 'seq' | 'time' | 'previous' | 'hash'>;

export interface AuditTrail {
  /** Durable when it resolves. Never rejects: what cannot be recorded is counted and logged. */
  append(fact: AuditFact): Promise<void>;
  list(limit: number, cursor?: string): Promise<{ items: AuditEntry[]; nextCursor: string | null }>;
  verify(): Promise<AuditVerdict>;
  /** Forgets the oldest entries beyond the bounds; returns how many. */
  prune(): Promise<number>;
  /** Entries that could not be written since the start. */
  readonly lost: number;
}

export interface AuditBounds {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
}

const DEFAULT_BOUNDS: AuditBounds = { maxEntries: 100_000, maxAgeMs: 400 * 86_400_000 };
const START = '0'.repeat(64);
const MAX_FAULTS = 20;
const PRUNE_BATCH = 500;
/** Between two looks at the bounds. */
const PRUNE_EVERY = 1000;

/** Where the chain stands: `anchor` before the oldest entry kept, `head` at the newest. */
interface Mark {
  readonly seq: number;
  readonly hash: string;
}

const idOf = (seq: number): string => String(seq).padStart(16, '0');

/** SHA-256 over the hash before and the entry's members in a fixed order. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, time, actor, from, operation, target, result, status, code, requestId, previous } = entry;
  const members = [
    seq,
    time,
    actor.name,
    actor.kind,
    from,
    operation,
    target,
    result,
    status,
    code,
    requestId,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(members)).digest('hex');
}

export function createAuditTrail(
  state: StateStore,
  clock: Clock,
  logger: Logger,
  bounds: AuditBounds = DEFAULT_BOUNDS,
): AuditTrail {
  let head: Mark | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let lost = 0;

  const markOf = async (id: 'head' | 'anchor'): Promise<Mark> =>
    (await read<Mark>(state, 'audit-mark', id))?.value ?? { seq: 0, hash: START };

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function write(fact: AuditFact): Promise<void> {
    const before = head ?? (await markOf('head'));
    const seq = before.seq + 1;
    const time = new Date(clock.nowMs()).toISOString();
    const entry = { ...fact, seq, time, previous: before.hash };
    const mark: Mark = { seq, hash: hashOf(entry) };
    const writes = [
      put('audit', idOf(seq), { ...entry, hash: mark.hash }, 0),
      put('audit-mark', 'head', mark),
    ];
    // Not known while it is being written: after a failure the store says where the chain stands.
    head = undefined;
    const result = await state.commit(writes);
    if (!result.ok) throw new ApiError('GC_CONFLICT', 'this place of the audit trail is taken');
    head = mark;
  }

  async function pruneNow(): Promise<number> {
    const newest = (await markOf('head')).seq;
    const beforeMs = clock.nowMs() - bounds.maxAgeMs;
    let dropped = 0;
    for (;;) {
      const page = (await state.list('audit', { limit: PRUNE_BATCH })).map((each) =>
        valueOf<AuditEntry>(each),
      );
      const old = page.filter(
        ({ seq, time }) => seq <= newest - bounds.maxEntries || Date.parse(time) < beforeMs,
      );
      const end = old.at(-1);
      if (end === undefined) return dropped;
      await state.commit([
        put('audit-mark', 'anchor', { seq: end.seq, hash: end.hash }),
        ...old.map(({ seq }) => remove('audit', idOf(seq))),
      ]);
      dropped += old.length;
      if (old.length < PRUNE_BATCH) return dropped;
    }
  }

  return {
    get lost() {
      return lost;
    },
    append: (fact) =>
      alone(async () => {
        try {
          await write(fact);
          if ((head?.seq ?? 0) % PRUNE_EVERY === 0) await pruneNow();
        } catch (thrown) {
          lost++;
          const { operation, target, result } = fact;
          const who = { by: fact.actor.name, from: fact.from };
          logger.error('the audit trail cannot be written', {
            operation,
            target,
            result,
            ...who,
            ...errorFacts(thrown),
          });
        }
      }),
    async list(limit, cursor) {
      if (cursor !== undefined && !/^\d{16}$/.test(cursor)) {
        throw new ApiError('GC_INVALID_CURSOR', 'the cursor is not one of this list');
      }
      const options = { limit: limit + 1, reverse: true, ...(cursor !== undefined && { after: cursor }) };
      const found = (await state.list('audit', options)).map((record) => valueOf<AuditEntry>(record));
      const items = found.slice(0, limit);
      const end = items.at(-1);
      return { items, nextCursor: found.length > limit && end !== undefined ? idOf(end.seq) : null };
    },
    verify: () =>
      alone(async () => {
        const [anchor, newest] = [await markOf('anchor'), await markOf('head')];
        const faults: { seq: number; message: string }[] = [];
        const fault = (seq: number, message: string): void => {
          if (faults.length < MAX_FAULTS) faults.push({ seq, message });
        };
        let before = anchor;
        let entries = 0;
        let firstSeq = 0;
        for await (const { id, value: entry } of each<AuditEntry>(state, 'audit')) {
          entries++;
          if (firstSeq === 0) firstSeq = entry.seq;
          if (id !== idOf(entry.seq)) fault(entry.seq, 'the entry is not in its place');
          if (entry.seq !== before.seq + 1) fault(entry.seq, `entries are missing after ${before.seq}`);
          else if (entry.previous !== before.hash) fault(entry.seq, 'the entry before is not the one it was');
          if (hashOf(entry) !== entry.hash) fault(entry.seq, 'the entry has been changed');
          before = { seq: entry.seq, hash: entry.hash };
        }
        if (before.seq !== newest.seq || before.hash !== newest.hash) {
          fault(newest.seq, `the trail should end at ${newest.seq} but ends at ${before.seq}`);
        }
        return { ok: faults.length === 0, entries, firstSeq, lastSeq: before.seq, head: before.hash, faults };
      }),
    prune: () => alone(pruneNow),
  };
}
