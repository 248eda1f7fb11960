// Where things are: the project's own files and the platform's data folder.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const PROJECT_ROOT: string = resolve(import.meta.dirname, '../../..');

/** Where Node keeps stripped and compiled sources; the launcher names the same folder. */
export const COMPILE_CACHE: string = join(PROJECT_ROOT, '.cache/compile');

/** `--data`, else a system folder for root and the user's own otherwise. */
export function dataDir(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  if (process.getuid?.() === 0) return '/var/lib/guardcell';
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'guardcell');
}
