// One update of a database at a time: others wait, and then find that there is nothing left to do.

import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '@guardcell/kit';

const POLL_MS = 100;
const BEAT_MS = 5000;
/** A holder shows every five seconds that it lives; folders may be shared by machines, so that process ids are not enough. */
const STALE_MS = 60_000;

/** The text of the lock, when whoever made it is gone. */
async function leftBehind(lock: string): Promise<string | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(lock, 'utf8'), await stat(lock)];
    if (Date.now() - mtimeMs > STALE_MS) return text;
    const [pid, host] = text.split(' ');
    return host === hostname() && !isRunning(Number(pid)) ? text : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Takes a lock away that nobody holds; when another process was quicker, its own goes back to where it was. */
async function removeLeftBehind(lock: string, seen: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    if ((await readFile(aside, 'utf8')) === seen) await rm(aside, { force: true });
    else await rename(aside, lock);
  } catch {
    // Another process took it away.
  }
}

async function taken(lock: string, own: string): Promise<boolean> {
  try {
    await writeFile(lock, own, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Runs `work` while no other process updates `target`; waits as long as another one does.
 * @throws what `work` throws, and the reason of the signal.
 */
export async function whileLocked<T>(
  target: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = `${target}.lock`;
  const own = `${process.pid} ${hostname()} ${randomUUID()}`;
  makeFolder(dirname(target));
  while (!(await taken(lock, own))) {
    const seen = await leftBehind(lock);
    if (seen === undefined) await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
    else await removeLeftBehind(lock, seen);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => {});
  }, BEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
}
