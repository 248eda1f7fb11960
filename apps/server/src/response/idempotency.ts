// Idempotency keys: a caller who repeats a request because the answer was lost gets the record of the first one.
import { createHash } from 'node:crypto';
import type { ActionRequest } from '@guardcell/contract';
import type { StateStore, StateWrite } from '@guardcell/store';
import { ApiError } from '../errors.ts';
import { each, put, read, remove } from '../stored.ts';

const KEY_LIFE_MS = 86_400_000;
const KEY = /^[\u0020-\u007e]{1,200}$/;

interface UsedKey {
  readonly actionId: string;
  readonly request: string;
  readonly atMs: number;
}

/** A key in the hands of one caller; others may use the same text for something else. */
export interface IdempotencyKey {
  readonly id: string;
  readonly request: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws ApiError GC_INVALID_REQUEST when it is empty, too long or not printable ASCII. */
export function idempotencyKey(caller: string, header: string, request: ActionRequest): IdempotencyKey {
  if (!KEY.test(header)) {
    throw new ApiError(
      'GC_INVALID_REQUEST',
      'the header Idempotency-Key must be 1 to 200 printable characters',
    );
  }
  const { do: action, container, pid, reason, dryRun } = request;
  const canonical = JSON.stringify([action, container, pid ?? 0, reason ?? '', dryRun ?? false]);
  return { id: sha256(JSON.stringify([caller, header])), request: sha256(canonical) };
}

/** The action that the key stands for, if it was used. @throws ApiError GC_IDEMPOTENCY_MISMATCH. */
export async function usedFor(
  state: StateStore,
  key: IdempotencyKey,
  nowMs: number,
): Promise<string | undefined> {
  const used = (await read<UsedKey>(state, 'idempotency', key.id))?.value;
  if (used === undefined || nowMs - used.atMs >= KEY_LIFE_MS) return undefined;
  if (used.request === key.request) return used.actionId;
  throw new ApiError('GC_IDEMPOTENCY_MISMATCH', 'this Idempotency-Key was used for another request', {
    hint: 'Make a new key for each new request.',
  });
}

/** To be committed with the action; fails the commit when the key came into use in the meantime. */
export async function usage(
  state: StateStore,
  key: IdempotencyKey,
  actionId: string,
  nowMs: number,
): Promise<StateWrite> {
  const expired = await read<UsedKey>(state, 'idempotency', key.id);
  const used: UsedKey = { actionId, request: key.request, atMs: nowMs };
  return put('idempotency', key.id, used, expired?.revision ?? 0);
}

export async function forgetOldKeys(state: StateStore, nowMs: number): Promise<void> {
  const old: string[] = [];
  for await (const { id, value } of each<UsedKey>(state, 'idempotency')) {
    if (nowMs - value.atMs >= KEY_LIFE_MS) old.push(id);
  }
  if (old.length > 0) await state.commit(old.map((id) => remove('idempotency', id)));
}
