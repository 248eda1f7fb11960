// The vulnerability database as helper processes use it: opened once, and again when the file was replaced.
import { statSync } from 'node:fs';
import { type AdvisoryDatabase, databasePath, openAdvisories } from '@guardcell/advisories/open';
import type { Work } from '../helper/protocol.ts';
import type { DatabasePlaces } from '../helper/work-types.ts';

let current: { readonly key: string; readonly database: Promise<AdvisoryDatabase> } | undefined;

/** Changes when the file is another one. */
function keyOf(places: DatabasePlaces): string {
  const own = statSync(databasePath(places.dataDir), { throwIfNoEntry: false });
  return JSON.stringify([places, own?.ino, own?.mtimeMs, own?.size]);
}

/** The database in force. @throws CodedError GC_DB_…. */
export async function openShared(places: DatabasePlaces): Promise<AdvisoryDatabase> {
  const key = keyOf(places);
  if (current?.key !== key) {
    const before = current?.database;
    current = { key, database: openAdvisories(places) };
    void before?.then((database) => database.close()).catch(() => undefined);
  }
  const mine = current;
  try {
    return await mine.database;
  } catch (thrown) {
    // It is tried again with the next question: the file may have been put right.
    if (current === mine) current = undefined;
    throw thrown;
  }
}

export const databaseFacts: Work<'databaseFacts'> = async (places) => {
  const info = (await openShared(places)).info();
  return {
    revision: info.revision,
    builtAt: info.builtAt,
    origin: info.origin === 'snapshot' ? 'shipped' : 'updated',
    sizeBytes: info.bytes,
    vulnerabilities: info.vulnerabilities,
    feeds: info.feeds.map(({ name, date, records, problem }) => ({
      name,
      dataDate: date,
      records,
      problem: problem === undefined ? '' : `${problem.code} ${problem.message}`,
    })),
  };
};

export const vulnerabilityFacts: Work<'vulnerabilityFacts'> = async ({ places, id }) =>
  (await openShared(places)).facts(id);
