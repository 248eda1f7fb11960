// Folders in the BPF file system that keep a sensor's attachments, one a running sensor, removed with it or after it.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { BpfBackend } from './bpf-backend.ts';
import { parseStat } from './proc-files.ts';

const BPF_FILES = '/sys/fs/bpf';
const ROOT = `${BPF_FILES}/guardcell`;
const BPF_FS_MAGIC_LINE = / \/sys\/fs\/bpf bpf /;

/** Start of a thread, which with its id tells it from a later one; '' when it has ended. */
function startOf(tid: string): string {
  try {
    return parseStat(readFileSync(`/proc/${tid}/stat`, 'utf8')).fields[19] ?? '';
  } catch {
    return '';
  }
}

/** Removes a folder of pins; what it kept is detached by the kernel in the background. */
export function removePins(folder: string): void {
  try {
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
    rmdirSync(folder);
  } catch {
    // gone already, or not ours to remove: then it stays until the next start or reboot
  }
}

/**
 * Makes this sensor's folder and removes those of sensors that were killed. Returns '' where the BPF file system
 * cannot be used: attachments then end with the process, only more slowly.
 */
export function makePinFolder(backend: Pick<BpfBackend, 'mount'>, sequence: number): string {
  try {
    const isMounted = BPF_FS_MAGIC_LINE.test(readFileSync('/proc/self/mounts', 'utf8'));
    if (!isMounted && (!existsSync(BPF_FILES) || backend.mount('bpf', BPF_FILES, 'bpf') !== 0)) return '';
    mkdirSync(ROOT, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(ROOT)) {
      const [tid = '', start = ''] = name.split('-');
      if (startOf(tid) !== start) removePins(join(ROOT, name));
    }
    // the thread, not the process: a worker that died must not keep its attachments
    const tid = basename(readlinkSync('/proc/thread-self'));
    const folder = join(ROOT, `${tid}-${startOf(tid)}-${sequence}`);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    return '';
  }
}
