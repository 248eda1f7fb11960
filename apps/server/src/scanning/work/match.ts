// Holds the packages of one artifact against the vulnerability database.
import { matchPackages } from '@guardcell/vuln';
import type { Work } from '../helper/protocol.ts';
import { openShared } from './databases.ts';

export const match: Work<'match'> = async ({ places, today, report, inUse, exposure }) => {
  const database = await openShared(places);
  const { findings } = matchPackages(report.packages, report.artifact.os, database, {
    today,
    inUse: ({ purl }) => (inUse === undefined ? 'unknown' : (inUse.get(purl) ?? 'untouched')),
    exposure: () => exposure,
  });
  return { revision: database.revision, findings };
};
