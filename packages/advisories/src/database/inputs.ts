// Finds the files of feeds in a folder: `<feed>.<whatever>` or any file within a folder `<feed>/`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CodedError } from '@guardcell/kit';
import type { FeedSpec } from '../feed.ts';
import { FEEDS, feedOfFile } from '../feeds/registry.ts';
import { listOf, objectOf, word } from '../loose.ts';
import type { FeedInput } from './build.ts';

/** Beside the data in some collections; no feeds. */
const NO_DATA = /^(?:readme|index\.json|licen[cs]e|notice|\.)/i;

export interface FoundInputs {
  readonly inputs: readonly FeedInput[];
  /** Files that belong to no feed. */
  readonly unknown: readonly string[];
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_DATA.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** Dates of the data, where an `index.json` beside it says `[{file, date}]`: times of files only say when it was copied. */
function indexedDates(folder: string): ReadonlyMap<string, string> {
  const path = join(folder, 'index.json');
  if (!existsSync(path)) return new Map();
  try {
    const entries = listOf(JSON.parse(readFileSync(path, 'utf8'))).map(objectOf);
    return new Map(
      entries.map((entry) => [word(entry['file']), /\d{4}-\d{2}-\d{2}/.exec(word(entry['date']))?.[0] ?? '']),
    );
  } catch {
    return new Map();
  }
}

/**
 * What a folder holds, in the order of the table of feeds.
 * @throws CodedError GC_DB_FEEDS_FOLDER when it cannot be listed.
 */
export function findInputs(folder: string): FoundInputs {
  const found = new Map<FeedSpec, string[]>();
  const unknown: string[] = [];
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (NO_DATA.test(entry.name)) continue;
      const spec = feedOfFile(entry.name);
      if (spec === undefined) unknown.push(entry.name);
      else {
        const path = join(folder, entry.name);
        found.set(spec, [...(found.get(spec) ?? []), ...(entry.isDirectory() ? filesOf(path) : [path])]);
      }
    }
  } catch (cause) {
    throw new CodedError('GC_DB_FEEDS_FOLDER', 'the folder of feeds cannot be listed', { at: folder, cause });
  }
  const dates = indexedDates(folder);
  const inputs = FEEDS.flatMap((spec) => {
    const files = found.get(spec)?.sort() ?? [];
    const [first] = files;
    if (first === undefined) return [];
    const date = dates.get(basename(first)) ?? statSync(first).mtime.toISOString();
    return [{ spec, files, date }];
  });
  return { inputs, unknown: unknown.sort() };
}
