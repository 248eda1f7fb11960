// The shared advisory data as it was published, for tests that compute themselves what has to be found.
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { guardcell } from './scan-cli.ts';

const SHARED_FEEDS: string = resolve(import.meta.dirname, '../../../shared/feeds');

/** Why there is nothing to compare with; empty when there is. */
export function feedsProblem(): string {
  return existsSync(SHARED_FEEDS) ? '' : 'the shared feeds are not here';
}

/** The records of one file, unread by our code. */
export function rawRecords<T>(name: string): readonly T[] {
  const packed = readFileSync(join(SHARED_FEEDS, `${name}.ndjson.zst`));
  return zstdDecompressSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/**
 * Builds a database in `folder` from some of the shared feeds, and from more feeds at addresses.
 * @returns its path.
 */
export async function buildTestDatabase(
  folder: string,
  names: readonly string[],
  more: readonly string[] = [],
): Promise<string> {
  const feeds = join(folder, 'feeds');
  mkdirSync(feeds, { recursive: true });
  for (const name of names) {
    const file = `${name}.ndjson.zst`;
    if (!existsSync(join(feeds, file))) symlinkSync(join(SHARED_FEEDS, file), join(feeds, file));
  }
  const database = join(folder, 'advisories.db');
  const given = [...(names.length === 0 ? [] : [feeds]), ...more].flatMap((one) => ['--feeds', one]);
  const { code, stderr } = await guardcell(['db', 'build', ...given, '--db', database]);
  if (code !== 0) throw new Error(`db build ended with ${code}: ${stderr}`);
  return database;
}
