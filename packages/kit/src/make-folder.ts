// Folders with their parents, as `mkdir -p` makes them.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemErrorCode } from './coded-error.ts';

/**
 * Makes the folder and those above it that are missing. Node's own `recursive` never ends where a file system answers
 * every mkdir with ENOENT, as /proc does and a folder that was removed.
 * @throws the error of the system where one cannot be made, or is a file.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  let at = resolve(path);
  while (!existsSync(at)) {
    missing.unshift(at);
    at = dirname(at);
  }
  if (missing.length === 0 && !statSync(at).isDirectory()) missing.push(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process was faster.
      const isThere = systemErrorCode(error) === 'EEXIST' && statSync(folder).isDirectory();
      if (!isThere) throw error;
    }
  }
}
