// What a reader leaves in the kernel for the one that takes over: paths of control groups, losses reported, when it lived.
import type { BpfObject } from './bpf-backend.ts';
import { CGROUP_PATH_SIZE, READER_ALIVE, READER_REPORTED_DROPS, READER_SIZE } from './layout.generated.ts';

const FIRST = new Uint8Array(4);
const KEY_BYTES = 8;
const CGROUPS_MAX = 16_384;

export interface ReaderState {
  readonly reportedDrops: number;
  /** When the predecessor last gave a sign, ns since boot; 0 when there was none. */
  readonly aliveNs: bigint;
}

function keyOf(id: number): Uint8Array {
  const key = new BigUint64Array(1);
  key[0] = BigInt(id);
  return new Uint8Array(key.buffer);
}

export function readState(object: BpfObject): ReaderState {
  const bytes = new Uint8Array(READER_SIZE);
  if (object.lookup('reader', FIRST, bytes) !== 0) return { reportedDrops: 0, aliveNs: 0n };
  const view = new DataView(bytes.buffer);
  return {
    reportedDrops: Number(view.getBigUint64(READER_REPORTED_DROPS, true)),
    aliveNs: view.getBigUint64(READER_ALIVE, true),
  };
}

export function writeState(object: BpfObject, state: ReaderState): void {
  const bytes = new Uint8Array(READER_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(READER_REPORTED_DROPS, BigInt(state.reportedDrops), true);
  view.setBigUint64(READER_ALIVE, state.aliveNs, true);
  object.update('reader', FIRST, bytes);
}

/** Keeps a path, or its end when it is very long. When the table is full, the group is unknown after a takeover. */
export function keepCgroup(object: BpfObject, id: number, path: string): void {
  const text = Buffer.from(path, 'utf8');
  const value = new Uint8Array(CGROUP_PATH_SIZE);
  value.set(text.subarray(Math.max(0, text.length - CGROUP_PATH_SIZE)));
  object.update('cgroup_paths', keyOf(id), value);
}

export function forgetCgroup(object: BpfObject, id: number): void {
  object.remove('cgroup_paths', keyOf(id));
}

/**
 * The control groups that the predecessor was told of, and a reminder to the kernel to tell again, which makes up for
 * any that did not fit.
 */
export function takeOverCgroups(
  object: BpfObject,
): readonly { readonly id: number; readonly path: string }[] {
  const value = Buffer.alloc(CGROUP_PATH_SIZE);
  const found: { readonly id: number; readonly path: string }[] = [];
  for (const key of object.keys('cgroup_paths', KEY_BYTES, CGROUPS_MAX)) {
    if (object.lookup('cgroup_paths', key, value) !== 0) continue;
    const end = value.indexOf(0);
    const id = Number(new DataView(key.buffer).getBigUint64(0, true));
    found.push({ id, path: value.toString('utf8', 0, end < 0 ? value.length : end) });
  }
  for (const key of object.keys('known_cgroups', KEY_BYTES, CGROUPS_MAX)) object.remove('known_cgroups', key);
  return found;
}
