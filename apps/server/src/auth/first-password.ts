// The first administrator's password between being made and being shown: in a file that only its owner can read, beside
// the credential file that is worth as much. Whoever has shown it removes the file, and so does the first sign-in.
import { readFile, rm } from 'node:fs/promises';
import { writePrivate } from '../data-dir.ts';

export interface FirstPassword {
  /** Undefined when there is none to be shown. */
  read(): Promise<string | undefined>;
  keep(password: string): Promise<void>;
  forget(): Promise<void>;
}

const MIN_LENGTH = 16;

export function firstPasswordIn(file: string): FirstPassword {
  return {
    async read() {
      const text = (await readFile(file, 'utf8').catch(() => '')).trim();
      return text.length >= MIN_LENGTH ? text : undefined;
    },
    keep: (password) => writePrivate(file, `${password}\n`),
    forget: () => rm(file, { force: true }),
  };
}
