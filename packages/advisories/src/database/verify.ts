// Whether a database file is what was built: its revision is the digest of what it says of packages and vulnerabilities.
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '@guardcell/kit';
import { unpackRows } from './pack.ts';

/** Digest of all rows, as `buildDatabase` makes it. */
function revisionOf(database: DatabaseSync): string {
  const feeds = database.prepare('SELECT name FROM feeds ORDER BY number').all() as { name: string }[];
  const hash = createHash('sha256').update(feeds.map(({ name }) => name).join());
  const affected = database
    .prepare('SELECT ecosystem, name, data FROM affected ORDER BY ecosystem, name')
    .iterate();
  for (const entry of affected) {
    const { ecosystem, name, data } = entry as { ecosystem: number; name: string; data: Uint8Array };
    hash.update(`${ecosystem}\0${name}\0`);
    for (const row of unpackRows(data)) hash.update(JSON.stringify(row));
  }
  for (const entry of database.prepare('SELECT id, data FROM facts ORDER BY id').iterate()) {
    const { id, data } = entry as { id: string; data: Uint8Array };
    hash.update(id).update(data);
  }
  return hash.digest('hex').slice(0, 32);
}

/**
 * Reads all of a database; for files that no digest or signature vouches for. About a second for all feeds.
 * @throws CodedError GC_DB_INVALID when it is damaged.
 */
export function verifyDatabase(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const checked = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    const meta = database.prepare("SELECT value FROM meta WHERE key = 'revision'").get() as { value: string };
    if (checked.quick_check === 'ok' && revisionOf(database) === meta.value) return;
  } catch (cause) {
    throw new CodedError('GC_DB_INVALID', 'the vulnerability database is damaged', { at: path, cause });
  } finally {
    database.close();
  }
  throw new CodedError('GC_DB_INVALID', 'the vulnerability database is damaged', { at: path });
}
