// Fetches the vulnerability database from mirrors, or builds it from the feeds' public addresses.
import { dirname, join } from 'node:path';
import { FEEDS, updateFromFeeds, updateFromMirrors } from '@guardcell/advisories';
import type { Work } from '../helper/protocol.ts';

const PARALLEL = 2;

function addresses(entries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const urls = new Map<string, string[]>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    urls.set(name, [...(urls.get(name) ?? []), entry.slice(at + 1)]);
  }
  return urls;
}

/** The old database stays in force until a new one is whole, and when none can be had. */
export const updateDatabase: Work<'updateDatabase'> = async (input, { ask, signal }) => {
  const { target, mirrors, trustedKeys } = input;
  if (mirrors.length > 0) {
    const update = await updateFromMirrors({ mirrors, target, trustedKeys, signal });
    const how = { current: 'nothing new', delta: 'updated by a delta', full: 'updated' }[update.how];
    return { detail: `${how}, from ${update.mirror}` };
  }
  const urls = addresses(input.feedUrls);
  const feeds = FEEDS.filter(({ name, urls: own }) => (urls.size > 0 ? urls.has(name) : own.length > 0));
  const report = await updateFromFeeds(
    {
      feeds,
      folder: join(dirname(target), 'feeds'),
      urls,
      parallel: PARALLEL,
      signal,
      onFetched: (name, outcome) => void ask(`${name}: ${outcome}`).catch(() => undefined),
    },
    { target, builtAt: new Date().toISOString(), origin: 'built', texts: true },
  );
  const failed = report.feeds.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  const rest = failed.length === 0 ? '' : `; older or no data of ${failed.join(', ')}`;
  return { detail: `built from ${report.feeds.length - failed.length} feeds${rest}` };
};
