// Fetching and building as one step, so that files which cannot be read do not displace those that can.
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, type BuildReport, buildDatabase, type FeedInput } from '../database/build.ts';
import { type FetchOptions, fetchFeeds, STATE } from './feeds.ts';
import { whileLocked } from './update-lock.ts';

/** The files before become the newest again, and the next update asks for all of the feed. */
async function restore(input: FeedInput): Promise<void> {
  for (const [at, file] of input.files.entries()) {
    const older = input.older?.[at];
    if (older !== undefined && older !== file) await copyFile(older, file);
    await rm(join(dirname(file), STATE), { force: true });
  }
}

/**
 * Fetches what is new and builds the database from it.
 * @throws CodedError GC_DB_BUILD when no feed could be read; the old database is then untouched.
 */
export async function updateFromFeeds(
  fetch: FetchOptions,
  build: Omit<BuildOptions, 'inputs'>,
): Promise<BuildReport> {
  return await whileLocked(build.target, fetch.signal, () => fetchAndBuild(fetch, build));
}

async function fetchAndBuild(fetch: FetchOptions, build: Omit<BuildOptions, 'inputs'>): Promise<BuildReport> {
  const inputs = await fetchFeeds(fetch);
  let report: BuildReport;
  try {
    report = await buildDatabase({ ...build, inputs });
  } catch (error) {
    for (const input of inputs) await restore(input);
    throw error;
  }
  const states = new Map(report.feeds.map((state) => [state.name, state]));
  for (const input of inputs) {
    if (states.get(input.spec.name)?.usedOlder === true) await restore(input);
  }
  return report;
}
