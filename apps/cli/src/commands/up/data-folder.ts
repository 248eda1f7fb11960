// The data folder: made private, checked for writing, held by one platform at a time.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError, needOwnFolder, procStat, systemErrorCode } from '@guardcell/kit';

/** Start time of a process in clock ticks since boot, which tells a pid that was reused; empty when it is gone. */
function startTicks(pid: number): string {
  try {
    return procStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).fields[19] ?? '';
  } catch {
    return '';
  }
}

function holderOf(file: string): { pid: number; ticks: string } | undefined {
  try {
    const [pid = '', ticks = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: Number(pid), ticks };
  } catch {
    return undefined;
  }
}

/** As `mkdir -p`. Node's own recursive form never returns where folders cannot be made at all, below /proc for one. */
function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return;
    const parent = dirname(dir);
    if (code !== 'ENOENT' || existsSync(parent)) throw thrown;
    makeFolder(parent);
    mkdirSync(dir, { mode: 0o700 });
  }
}

function claim(file: string): void {
  const fd = openSync(file, 'wx', 0o600);
  writeSync(fd, `${process.pid} ${startTicks(process.pid)}\n`);
  closeSync(fd);
}

/**
 * Makes the folder ours until disposed.
 * @throws CodedError GC_DATA_DIR_NOT_WRITABLE, GC_DATA_DIR_IN_USE, GC_DATA_DIR_FOREIGN.
 */
export function holdDataFolder(dir: string): Disposable {
  const file = join(dir, 'up.pid');
  try {
    needOwnFolder(dir);
    makeFolder(dir);
    chmodSync(dir, 0o700);
    const holder = holderOf(file);
    if (holder !== undefined) {
      if (holder.pid !== process.pid && holder.ticks !== '' && startTicks(holder.pid) === holder.ticks) {
        throw new CodedError(
          'GC_DATA_DIR_IN_USE',
          `another platform (pid ${holder.pid}) uses this data folder`,
          {
            at: dir,
            hint: 'Stop it first, or give this one another --data and --listen.',
          },
        );
      }
      rmSync(file);
    }
    claim(file);
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(
      'GC_DATA_DIR_NOT_WRITABLE',
      `the data folder cannot be used: ${systemErrorCode(cause) ?? cause}`,
      {
        at: dir,
        hint: 'Give a folder that you may write to with --data.',
        cause,
      },
    );
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
