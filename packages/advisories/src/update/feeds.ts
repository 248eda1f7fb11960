// Fetches feeds from their public addresses into a folder; what did not change or could not be fetched stays.
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorFacts, makeFolder } from '@guardcell/kit';
import type { FeedInput } from '../database/build.ts';
import type { FeedSpec } from '../feed.ts';
import { objectOf, type Untyped, word } from '../loose.ts';
import { download } from './download.ts';
import { resolvePointer } from './pointers.ts';

export interface FetchOptions {
  readonly feeds: readonly FeedSpec[];
  /** Only these are fetched; of the others the files that are there are used. */
  readonly only?: ReadonlySet<string>;
  /** Keeps the files between updates. */
  readonly folder: string;
  /** Replaces the public addresses of a feed. */
  readonly urls: ReadonlyMap<string, readonly string[]>;
  readonly parallel: number;
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
  onFetched?(name: string, outcome: 'new' | 'unchanged' | 'failed', message: string): void;
}

/** The largest public dump is a few hundred MB. */
const MAX_DOWNLOAD = 2 * 2 ** 30;
/** Conditional headers of the last download, by address. */
export const STATE = 'state.json';

interface UrlState {
  readonly etag: string;
  readonly lastModified: string;
  readonly fetchedAt: string;
}

type FeedUrlStates = Record<string, UrlState>;

async function readStates(folder: string): Promise<FeedUrlStates> {
  const text = await readFile(join(folder, STATE), 'utf8').catch(() => '{}');
  let root: Untyped;
  try {
    root = objectOf(JSON.parse(text));
  } catch {
    // Without it everything is fetched again: slower, never wrong.
    root = {};
  }
  return Object.fromEntries(
    Object.entries(root).map(([url, raw]) => {
      const state = objectOf(raw);
      return [
        url,
        {
          etag: word(state['etag']),
          lastModified: word(state['lastModified']),
          fetchedAt: word(state['fetchedAt']),
        },
      ];
    }),
  );
}

/** Two addresses of a feed may end in the same file name. */
function fileName(url: string, at: number): string {
  const base = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  return `${String(at).padStart(3, '0')}-${base.replace(/[^\w.-]/g, '_') || 'data'}`;
}

async function fetchUrl(
  url: string,
  path: string,
  states: FeedUrlStates,
  now: string,
  options: FetchOptions,
): Promise<boolean> {
  const known = existsSync(path) ? states[url] : undefined;
  const address = await resolvePointer(url, `${path}.pointer`, options.signal);
  const headers = {
    ...(known === undefined || known.etag === '' ? {} : { 'if-none-match': known.etag }),
    ...(known === undefined || known.lastModified === '' ? {} : { 'if-modified-since': known.lastModified }),
  };
  const fresh = `${path}.fresh`;
  const got = await download({
    url: address,
    target: fresh,
    maxBytes: MAX_DOWNLOAD,
    headers,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!got.changed) return false;
  if (existsSync(path)) {
    const older = join(path, '../older');
    makeFolder(older);
    await copyFile(path, join(older, path.split('/').at(-1) ?? ''));
  }
  await rename(fresh, path);
  states[url] = { etag: got.etag, lastModified: got.lastModified, fetchedAt: now };
  return true;
}

async function fetchFeed(spec: FeedSpec, options: FetchOptions): Promise<FeedInput> {
  const folder = join(options.folder, spec.name);
  makeFolder(folder);
  const states = await readStates(folder);
  const now = new Date().toISOString();
  const urls = options.urls.get(spec.name) ?? spec.urls;
  let changed = false;
  let problem: FeedInput['problem'];
  const files: string[] = [];
  for (const [at, url] of urls.entries()) {
    const path = join(folder, fileName(url, at));
    if (options.only?.has(spec.name) === false) {
      if (existsSync(path)) files.push(path);
      continue;
    }
    try {
      changed = (await fetchUrl(url, path, states, now, options)) || changed;
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      await rm(`${path}.fresh.part`, { force: true });
      const facts = errorFacts(error);
      problem ??= { code: facts.code, message: facts.message, at: facts.at };
    }
    if (existsSync(path)) files.push(path);
  }
  await writeFile(join(folder, STATE), JSON.stringify(states));
  if (options.only?.has(spec.name) !== false)
    options.onFetched?.(
      spec.name,
      problem === undefined ? (changed ? 'new' : 'unchanged') : 'failed',
      problem?.message ?? '',
    );
  const dates = urls.flatMap((url) => states[url]?.fetchedAt ?? []).sort();
  const older = files.map((file) => {
    const kept = join(folder, 'older', file.split('/').at(-1) ?? '');
    return existsSync(kept) ? kept : file;
  });
  return { spec, files, older, date: dates.at(-1) ?? '', ...(problem === undefined ? {} : { problem }) };
}

/** Fetches what is new, a few feeds at a time. Failures are in the inputs' `problem`; older data stays in use. */
export async function fetchFeeds(options: FetchOptions): Promise<readonly FeedInput[]> {
  const results = new Map<string, FeedInput>();
  const queue = [...options.feeds];
  const worker = async (): Promise<void> => {
    for (let spec = queue.shift(); spec !== undefined; spec = queue.shift()) {
      results.set(spec.name, await fetchFeed(spec, options));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.parallel) }, worker));
  // What was never fetched and is not asked for is no part of the database.
  return options.feeds
    .flatMap((spec) => results.get(spec.name) ?? [])
    .filter((input) => input.files.length > 0 || input.problem !== undefined);
}
