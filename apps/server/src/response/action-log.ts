// Action records: durable before anything is done, ended once, and what follows from them (open commands, measures in force).
import type { ActionCommand } from '@guardcell/contract';
import { type ActionKind, type ActionRecord, type ResponseAction, UNDO_OF } from '@guardcell/core';
import type { Clock } from '@guardcell/kit';
import { type ActionResult, abandon, finish, markUndone } from '@guardcell/respond';
import type { StateStore, StateWrite } from '@guardcell/store';
import { ApiError } from '../errors.ts';
import { each, put, read, remove } from '../stored.ts';

/** What is needed to carry out a pending record, kept until it has a result. */
export interface OpenAction {
  readonly id: string;
  /** Whose host it happens on; empty for notifications. */
  readonly sensor: string;
  readonly action: ResponseAction;
  readonly expiresAtMs: number;
  /** For notifications: addresses that the rule's file names and that may be reached for it. */
  readonly allow: readonly string[];
  readonly rule: string;
  /** For planned containment: what its cool-down is kept by, so that a failure can be tried again soon. */
  readonly cooldown?: { readonly key: string; readonly rules: readonly string[] };
}

export interface NewAction {
  readonly record: ActionRecord;
  /** Needed when the record is `pending`. */
  readonly open?: OpenAction;
}

export interface ActionFilter {
  readonly containers?: readonly string[];
  readonly alert?: string;
  readonly states?: readonly string[];
}

export interface ActionPageResult {
  readonly items: ActionRecord[];
  readonly nextCursor: string | null;
}

export interface ActionLog {
  /** Durable when it resolves; `also` is committed with it. @throws CodedError GC_STORE_FULL, GC_STORE_IO. */
  add(actions: readonly NewAction[], also?: readonly StateWrite[]): Promise<void>;
  /** Ends a pending record (or one given up as `unknown`). Undefined: there is none, or it has ended already. */
  finish(id: string, result: ActionResult): Promise<ActionRecord | undefined>;
  get(id: string): Promise<ActionRecord | undefined>;
  list(filter: ActionFilter, limit: number, cursor?: string): Promise<ActionPageResult>;
  /** Commands for the agent with this sensor id; empty: for every agent. */
  commandsFor(sensor: string): ActionCommand[];
  open(): { readonly record: ActionRecord; readonly open: OpenAction }[];
  /** Resolves with the record as soon as it has ended, or as it is after `timeoutMs`. */
  settled(id: string, timeoutMs: number): Promise<ActionRecord | undefined>;
  /** The succeeded action of this kind on this container that has not been undone. */
  inForce(kind: ActionKind, containerId: string): ActionRecord | undefined;
  counts(): Readonly<Record<string, number>>;
  /** Gives up commands whose time is over. */
  expire(reaches: (sensor: string) => boolean): Promise<void>;
  /** Forgets records created before. */
  dropBefore(ms: number): Promise<number>;
}

export interface ActionLogOptions {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly onChange: (record: ActionRecord) => void;
  /** What was planned did not come about: it failed, or the host heard of it too late. */
  readonly onFailed?: (open: OpenAction) => void;
}

/** Late results of a command that was under way when it expired still count for this long. */
const GRACE_MS = 5000;
const MAX_SCANNED = 20_000;

interface Entry {
  record: ActionRecord;
  readonly open: OpenAction;
}

function matches(record: ActionRecord, filter: ActionFilter): boolean {
  const { containers, alert, states } = filter;
  if (containers !== undefined) {
    const { containerId, containerName } = record.target;
    if (!containers.some((each) => each === containerId || each === containerName)) return false;
  }
  if (alert !== undefined && record.alertId !== alert) return false;
  return states === undefined || states.length === 0 || states.includes(record.state);
}

/** Reads the stored records, so that open commands and measures in force are known again after a restart. */
export async function openActionLog({
  state,
  clock,
  onChange,
  onFailed = () => undefined,
}: ActionLogOptions): Promise<ActionLog> {
  const pending = new Map<string, Entry>();
  /** `kind containerId` → record that succeeded and was not undone. */
  const active = new Map<string, ActionRecord>();
  const waiters = new Map<string, Set<(record: ActionRecord) => void>>();
  const totals: Record<string, number> = {};

  function track(record: ActionRecord): void {
    const key = `${record.action} ${record.target.containerId}`;
    if (UNDO_OF[record.action] === undefined) return;
    if (record.state === 'succeeded') active.set(key, record);
    else if (active.get(key)?.id === record.id) active.delete(key);
  }

  for await (const { value: record } of each<ActionRecord>(state, 'action')) track(record);
  for await (const { id, value: open } of each<OpenAction>(state, 'command')) {
    const record = (await read<ActionRecord>(state, 'action', id))?.value;
    if (record === undefined || record.state !== 'pending') await state.commit([remove('command', id)]);
    else pending.set(id, { record, open });
  }

  function changed(record: ActionRecord): void {
    track(record);
    totals[record.state] = (totals[record.state] ?? 0) + 1;
    onChange(record);
    if (record.state === 'pending') return;
    for (const wake of waiters.get(record.id) ?? []) wake(record);
    waiters.delete(record.id);
  }

  /** Records on the same container that a successful `resume` or `release` takes back. */
  function takenBack(record: ActionRecord): ActionRecord[] {
    if (record.state !== 'succeeded') return [];
    const kinds = (Object.keys(UNDO_OF) as ActionKind[]).filter((kind) => UNDO_OF[kind] === record.action);
    return kinds.flatMap((kind) => active.get(`${kind} ${record.target.containerId}`) ?? []);
  }

  async function write(ended: ActionRecord): Promise<void> {
    const undone = takenBack(ended).map((original) => markUndone(original, ended.id));
    const earlier = ended.undoes === '' ? undefined : await read<ActionRecord>(state, 'action', ended.undoes);
    if (
      ended.state === 'succeeded' &&
      earlier !== undefined &&
      !undone.some(({ id }) => id === ended.undoes)
    ) {
      undone.push(markUndone(earlier.value, ended.id));
    }
    const records = [ended, ...undone];
    await state.commit([...records.map((each) => put('action', each.id, each)), remove('command', ended.id)]);
    for (const record of records) changed(record);
  }

  async function end(
    id: string,
    next: (record: ActionRecord) => ActionRecord,
  ): Promise<ActionRecord | undefined> {
    const entry = pending.get(id);
    if (entry === undefined) {
      const late = (await read<ActionRecord>(state, 'action', id))?.value;
      if (late === undefined || late.state !== 'unknown') return undefined;
      const ended = next({ ...late, state: 'pending' });
      await write(ended);
      return ended;
    }
    // Out of the way first, so that the same result heard twice ends it once.
    pending.delete(id);
    try {
      const ended = next(entry.record);
      await write(ended);
      if (ended.state === 'failed' || ended.errorCode === 'GC_ACTION_EXPIRED') onFailed(entry.open);
      return ended;
    } catch (thrown) {
      pending.set(id, entry);
      throw thrown;
    }
  }

  return {
    async add(actions, also = []) {
      const writes = actions.flatMap(({ record, open }) => [
        put('action', record.id, record),
        ...(open === undefined ? [] : [put('command', record.id, open)]),
      ]);
      if (writes.length + also.length === 0) return;
      const result = await state.commit([...writes, ...also]);
      if (!result.ok) throw new ApiError('GC_CONFLICT', 'the same was asked for in the meantime');
      for (const { record, open } of actions) {
        if (open !== undefined) pending.set(record.id, { record, open });
        changed(record);
      }
    },
    finish: (id, result) => end(id, (record) => finish(record, result)),
    get: async (id) => (await read<ActionRecord>(state, 'action', id))?.value,
    async list(filter, limit, cursor) {
      const items: ActionRecord[] = [];
      let scanned = 0;
      const options = { reverse: true, pageSize: 200, ...(cursor !== undefined && { after: cursor }) };
      for await (const { id, value } of each<ActionRecord>(state, 'action', options)) {
        scanned++;
        if (items.length === limit) return { items, nextCursor: items.at(-1)?.id ?? null };
        if (matches(value, filter)) items.push(value);
        // A rare value in a long history: the page may be short, the cursor goes on.
        if (scanned >= MAX_SCANNED) return { items, nextCursor: id };
      }
      return { items, nextCursor: null };
    },
    commandsFor(sensor) {
      return [...pending.values()]
        .filter(({ open }) => open.sensor !== '' && (sensor === '' || open.sensor === sensor))
        .map(({ record, open }) => ({
          id: record.id,
          action: { do: open.action.do, with: { ...open.action.with } },
          target: { ...record.target },
          expiresAtMs: open.expiresAtMs,
        }));
    },
    open: () => [...pending.values()],
    async settled(id, timeoutMs) {
      if (pending.has(id) && timeoutMs > 0) {
        const ended = await new Promise<ActionRecord | undefined>((done) => {
          const timer = setTimeout(() => done(undefined), timeoutMs);
          const wake = (record: ActionRecord): void => {
            clearTimeout(timer);
            done(record);
          };
          waiters.set(id, (waiters.get(id) ?? new Set()).add(wake));
        });
        if (ended !== undefined) return ended;
      }
      return (await read<ActionRecord>(state, 'action', id))?.value;
    },
    inForce: (kind, containerId) => active.get(`${kind} ${containerId}`),
    counts: () => ({ ...totals, pending: pending.size }),
    async expire(reaches) {
      const nowMs = clock.nowMs();
      for (const { record, open } of pending.values()) {
        if (open.sensor === '' || nowMs < open.expiresAtMs + GRACE_MS) continue;
        const detail = 'no agent for this host was connected in time; nothing was done';
        await end(record.id, (each) =>
          reaches(open.sensor)
            ? abandon(each, nowMs)
            : finish(each, {
                state: 'failed',
                detail,
                errorCode: 'GC_AGENT_UNREACHABLE',
                finishedAtMs: nowMs,
              }),
        );
      }
    },
    async dropBefore(ms) {
      const old: string[] = [];
      for await (const { id, value } of each<ActionRecord>(state, 'action')) {
        if (Date.parse(value.createdAt) >= ms) break;
        const isActive = active.get(`${value.action} ${value.target.containerId}`)?.id === id;
        if (!isActive && !pending.has(id)) old.push(id);
      }
      for (let at = 0; at < old.length; at += 500) {
        await state.commit(old.slice(at, at + 500).map((id) => remove('action', id)));
      }
      return old.length;
    },
  };
}
