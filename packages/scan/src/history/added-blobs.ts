// Every file content that commits bring, oldest commit first, each told once.
import type { Readable } from 'node:stream';
import { createByteReader } from './byte-reader.ts';
import type { SeenObjects } from './seen-objects.ts';

/** A content that was not there before. */
export interface AddedBlob {
  readonly id: string;
  /** Within the repository, without a leading slash; one of them when a content stands at several paths. */
  readonly path: string;
  readonly commit: string;
  /** When the author wrote the commit, RFC 3339; empty when the commit is broken. */
  readonly date: string;
}

/** `git log` arguments whose output `addedBlobs` reads. Merges show what none of their parents has. */
export const LOG_FORMAT: readonly string[] = [
  '--date-order',
  '--reverse',
  '--raw',
  '-z',
  '-c',
  '--root',
  '--no-abbrev',
  '--no-renames',
  '--no-textconv',
  '--no-ext-diff',
  '--no-show-signature',
  '--no-mailmap',
  '--no-notes',
  '--no-decorate',
  '--no-color',
  '--format=%H %aI',
];

/** The same for one comparison, by `git diff-index`. */
export const DIFF_FORMAT: readonly string[] = ['--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff'];

const NUL = 0;
const NEWLINE = 10;
const COLON = 58;
/** Longer paths are cut; systems allow 4096 bytes. */
const MAX_TOKEN = 8_192;
const HEADER = /^\n?([0-9a-f]{40}(?:[0-9a-f]{24})?) ?(\S{0,40})/;

/** A change as git lists it: what stood before (empty: nothing, or more than one thing) and what stands now. */
export interface RawChange {
  readonly before: string;
  readonly id: string;
  readonly path: string;
}

interface Records {
  /** The next commit or change; undefined at the end. */
  next(): Promise<{ readonly commit: string; readonly date: string } | RawChange | undefined>;
}

function readRecords(stream: Readable): Records {
  const reader = createByteReader(stream as AsyncIterable<Buffer>);
  return {
    async next() {
      for (;;) {
        const token = await reader.until(NUL, MAX_TOKEN);
        if (token === undefined) return undefined;
        const start = token[0] === NEWLINE ? 1 : 0;
        if (token[start] === COLON) {
          const path = await reader.until(NUL, MAX_TOKEN);
          const change = path === undefined ? undefined : changeOf(token.toString('latin1', start), path);
          if (change !== undefined) return change;
        } else {
          const [, commit, date = ''] = HEADER.exec(token.toString('latin1')) ?? [];
          if (commit !== undefined) return { commit, date };
        }
      }
    },
  };
}

/** `:100644 100644 OLD NEW M`, with one more mode and id for each parent of a merge. Links and submodules are no files. */
function changeOf(line: string, path: Buffer): RawChange | undefined {
  const parents = /^:+/.exec(line)?.[0].length ?? 1;
  const words = line.slice(parents).split(' ');
  const mode = words[parents] ?? '';
  const ids = words.slice(parents + 1, parents * 2 + 2);
  const id = ids[parents] ?? '';
  const isContent = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id) && !/^0+$/.test(id);
  if (!isContent || !mode.startsWith('100')) return undefined;
  const before = parents === 1 ? (ids[0] ?? '') : '';
  return { before: /^0*$/.test(before) ? '' : before, id, path: path.toString('utf8') };
}

/** Reads the output of `git log` with `LOG_FORMAT`. `wants`: what stands elsewhere only is not told. */
export async function* addedBlobs(
  stream: Readable,
  seen: SeenObjects,
  onCommit: () => void,
  wants: (path: string) => boolean = () => true,
): AsyncGenerator<AddedBlob, void, undefined> {
  const records = readRecords(stream);
  let commit = '';
  let date = '';
  for (let one = await records.next(); one !== undefined; one = await records.next()) {
    if ('commit' in one) {
      ({ commit, date } = one);
      onCommit();
    } else if (wants(one.path) && seen.add(one.id)) yield { id: one.id, path: one.path, commit, date };
  }
}

/** Reads the output of `git diff-index` with `DIFF_FORMAT`. */
export async function* rawChanges(stream: Readable): AsyncGenerator<RawChange, void, undefined> {
  const records = readRecords(stream);
  for (let one = await records.next(); one !== undefined; one = await records.next()) {
    if ('id' in one) yield one;
  }
}
