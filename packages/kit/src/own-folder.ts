// A folder that holds secrets must be ours: its owner can put links in the place of files, whatever their modes.
import { lstatSync, statSync } from 'node:fs';
import { CodedError } from './coded-error.ts';

/**
 * Checks that a folder (and the link that leads to it, if there is one) belongs to this user or, for other users than
 * root, to root. One that does not exist yet is fine: whoever makes it owns it.
 * @throws CodedError GC_DATA_DIR_FOREIGN.
 */
export function needOwnFolder(path: string): void {
  const me = process.getuid?.();
  if (me === undefined) return;
  for (const look of [lstatSync, statSync]) {
    const owner: number = look(path, { throwIfNoEntry: false })?.uid ?? me;
    if (owner === me || owner === 0) continue;
    throw new CodedError('GC_DATA_DIR_FOREIGN', 'the data folder belongs to another user', {
      at: path,
      hint: 'Choose another folder with --data, or make this one yours: chown -R "$(id -u)" FOLDER.',
    });
  }
}
