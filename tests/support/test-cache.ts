// Where tests keep what is slow to make, between runs.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder below `$GUARDCELL_TEST_CACHE` or `~/.cache/guardcell-test`; it may be removed at any time. */
export function testCache(part: string): string {
  const base = process.env['GUARDCELL_TEST_CACHE'] ?? join(homedir(), '.cache/guardcell-test');
  const folder = join(base, part);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}
