// Which file belongs to which package, for each image that was scanned and for the host: one file each, the least used go first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnershipIndex, openOwnership } from '@guardcell/vuln/in-use';

const FILES_MAX = 256;
const BYTES_MAX = 128 * 1024 * 1024;

export interface OwnershipStore {
  /** Where the index of a key is, or is to be put (as a whole: another name first, then renamed). */
  fileOf(key: string): string;
  has(key: string): boolean;
  /** Undefined without one that can be read. */
  open(key: string): OwnershipIndex | undefined;
  /** Removes what was not used for the longest time beyond the bounds. */
  trim(): void;
}

export function openOwnershipStore(folder: string, nowMs: () => number): OwnershipStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.owners`);
  return {
    fileOf,
    has: (key) => existsSync(fileOf(key)),
    open(key) {
      try {
        const file = fileOf(key);
        const index = openOwnership(readFileSync(file));
        utimesSync(file, nowMs() / 1000, nowMs() / 1000);
        return index;
      } catch {
        return undefined;
      }
    },
    trim() {
      const files = readdirSync(folder)
        .map((name) => join(folder, name))
        .map((file) => ({ file, facts: statSync(file, { throwIfNoEntry: false }) }))
        .sort((a, b) => (b.facts?.mtimeMs ?? 0) - (a.facts?.mtimeMs ?? 0));
      let bytes = 0;
      for (const [index, { file, facts }] of files.entries()) {
        bytes += facts?.size ?? 0;
        if (index >= FILES_MAX || bytes > BYTES_MAX) rmSync(file, { force: true });
      }
    },
  };
}
