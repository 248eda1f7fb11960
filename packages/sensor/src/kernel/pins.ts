// Folders in the BPF file system that keep a sensor's attachments: one a running sensor, removed with it or after it,
// or one an instance, which outlives a killed sensor so that the next one of that instance continues where it stopped.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { procStat } from '@guardcell/kit';
import type { BpfBackend } from './bpf-backend.ts';
import { READER_ALIVE, READER_SIZE } from './layout.generated.ts';

const BPF_FILES = '/sys/fs/bpf';
const ROOT = `${BPF_FILES}/guardcell`;
const BPF_FS_MAGIC_LINE = / \/sys\/fs\/bpf bpf /;
/** Folder of a sensor without an instance: its thread, the thread's start, a number. */
const ANONYMOUS = /^(\d+)-(\d+)-\d+$/;
/** An empty folder with this prefix says what the pins belong to; it is made last. */
const SEAL = 'seal-';
const ORPHAN_NS = 15n * 60n * 1_000_000_000n;
const LOCK_ATTEMPTS = 5;

export interface PinFolder {
  /** '' where the BPF file system cannot be used: attachments then end with the process, only more slowly. */
  readonly path: string;
  /** Whether the pins of a killed sensor of the same instance and with the same seal are in it. */
  isSealed(seal: string): boolean;
  /** Declares the pins complete. */
  seal(seal: string): void;
  has(name: string): boolean;
  /** Path for a pin of this name, '' without a folder. */
  pin(name: string): string;
  remove(name: string): void;
  /** Removes all pins; the folder stays this sensor's. */
  clear(): void;
  /** Removes pins and folder; what they kept is taken down by the kernel in the background. */
  close(): void;
}

/** Start of a thread, which with its id tells it from a later one; '' when it has ended. */
function startOf(tid: string): string {
  try {
    return procStat(readFileSync(`/proc/${tid}/stat`, 'utf8')).fields[19] ?? '';
  } catch {
    return '';
  }
}

/** Removes the content of a folder of pins, the seal first, so that a half-empty one is never taken for whole. */
function empty(folder: string): void {
  const names = readdirSync(folder);
  for (const name of names) if (name.startsWith(SEAL)) rmdirSync(join(folder, name));
  for (const name of names) if (!name.startsWith(SEAL)) unlinkSync(join(folder, name));
}

function removeFolder(folder: string): void {
  try {
    empty(folder);
    rmdirSync(folder);
  } catch {
    // gone already, or not ours to remove: then it stays until the next start or reboot
  }
}

/** The folder of an instance: its own name where that is safe, else a hash of it. */
function instanceFolder(instance: string): string {
  const isSafe = /^\w{1,64}$/.test(instance);
  return join(ROOT, isSafe ? instance : createHash('sha256').update(instance).digest('hex').slice(0, 32));
}

/** Opens and locks a folder. The lock ends with the process, or with the thread, however it ends. */
function lock(backend: Pick<BpfBackend, 'tryLock'>, folder: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(folder, 'r');
    // it may have been removed between being opened and being locked
    if (backend.tryLock(fd) && statSync(folder).ino === fstatSync(fd).ino) return fd;
  } catch {
    // gone: the caller makes it again
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}

/** Removes what killed sensors left that nobody is going to continue. */
function removeOrphans(backend: Pick<BpfBackend, 'tryLock' | 'lookupPinned' | 'clocks'>, own: string): void {
  for (const name of readdirSync(ROOT)) {
    const folder = join(ROOT, name);
    if (folder === own) continue;
    const anonymous = ANONYMOUS.exec(name);
    if (anonymous !== null) {
      if (startOf(anonymous[1] ?? '') !== anonymous[2]) removeFolder(folder);
      continue;
    }
    const fd = lock(backend, folder);
    if (fd === undefined) continue;
    const reader = new Uint8Array(READER_SIZE);
    const isRead = backend.lookupPinned(join(folder, 'map-reader'), new Uint8Array(4), reader) === 0;
    const aliveNs = isRead ? new DataView(reader.buffer).getBigUint64(READER_ALIVE, true) : 0n;
    if (backend.clocks().bootNs - aliveNs > ORPHAN_NS) removeFolder(folder);
    closeSync(fd);
  }
}

function pinFolder(path: string, fd: number | undefined): PinFolder {
  const sealed = path === '' ? [] : readdirSync(path).filter((name) => name.startsWith(SEAL));
  return {
    path,
    isSealed: (seal) => sealed.length === 1 && sealed[0] === `${SEAL}${seal}`,
    seal: (seal) => mkdirSync(join(path, `${SEAL}${seal}`), { mode: 0o700 }),
    has: (name) => path !== '' && existsSync(join(path, name)),
    pin: (name) => (path === '' ? '' : join(path, name)),
    remove: (name) => unlinkSync(join(path, name)),
    clear: () => {
      if (path !== '') empty(path);
    },
    close: () => {
      if (path !== '') removeFolder(path);
      if (fd !== undefined) closeSync(fd);
    },
  };
}

/**
 * Opens the folder of an instance, or makes one for this sensor alone when there is no instance or another sensor
 * has it. Removes those of killed sensors without an instance, and of instances dead for longer than a quarter of an hour.
 * @param sequence number of this sensor within its thread
 */
export function openPinFolder(
  backend: Pick<BpfBackend, 'mount' | 'tryLock' | 'lookupPinned' | 'clocks'>,
  instance: string,
  sequence: number,
): PinFolder {
  try {
    const isMounted = BPF_FS_MAGIC_LINE.test(readFileSync('/proc/self/mounts', 'utf8'));
    if (!isMounted && (!existsSync(BPF_FILES) || backend.mount('bpf', BPF_FILES, 'bpf') !== 0)) {
      return pinFolder('', undefined);
    }
    const own = instance === '' ? '' : instanceFolder(instance);
    mkdirSync(ROOT, { recursive: true, mode: 0o700 });
    removeOrphans(backend, own);
    for (let attempt = own === '' ? LOCK_ATTEMPTS : 0; attempt < LOCK_ATTEMPTS; attempt++) {
      mkdirSync(own, { recursive: true, mode: 0o700 });
      const fd = lock(backend, own);
      if (fd !== undefined) return pinFolder(own, fd);
    }
    // the thread, not the process: a worker that died must not keep its attachments
    const tid = basename(readlinkSync('/proc/thread-self'));
    const folder = join(ROOT, `${tid}-${startOf(tid)}-${sequence}`);
    mkdirSync(folder, { mode: 0o700 });
    return pinFolder(folder, undefined);
  } catch {
    return pinFolder('', undefined);
  }
}
