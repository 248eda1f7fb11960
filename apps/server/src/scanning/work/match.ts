// Holds the packages of one artifact against the vulnerability database.
import type { AdvisorySource } from '@guardcell/core';
import { matchPackages } from '@guardcell/vuln';
import type { Work } from '../helper/protocol.ts';
import { openShared } from './databases.ts';
import { sharedAnswers } from './shared-answers.ts';

const shared = new WeakMap<AdvisorySource, AdvisorySource>();

function remembered(database: AdvisorySource): AdvisorySource {
  const known = shared.get(database) ?? sharedAnswers(database);
  shared.set(database, known);
  return known;
}

export const match: Work<'match'> = async ({ places, today, report, inUse, exposure }) => {
  const database = await openShared(places);
  const { findings, warnings } = matchPackages(report.packages, report.artifact.os, remembered(database), {
    today,
    inUse: ({ purl }) => (inUse === undefined ? 'unknown' : (inUse.get(purl) ?? 'untouched')),
    exposure,
  });
  return { revision: database.revision, findings, warnings };
};
