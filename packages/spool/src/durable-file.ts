// Small JSON files that are replaced as a whole: after a crash there is the old content or the new, never a mixture.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '@guardcell/kit';

export function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** With `flush` the content is on disk when it returns; without it survives the process, not the machine. */
export function replaceFile(file: string, content: string, flush: boolean): void {
  const temporary = `${file}.new`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeSync(fd, content);
    if (flush) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
  if (flush) syncFolder(dirname(file));
}

/** The parsed content; undefined when there is no such file or no JSON in it. */
export function readJsonFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
