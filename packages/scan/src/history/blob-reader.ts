// Reads contents out of the object store, some hundred at a time, without those that are too large.

import { type ByteReader, createByteReader } from './byte-reader.ts';
import { type GitOptions, type GitProcess, startGit } from './git-program.ts';

export interface ReadBlob<T> {
  readonly of: T;
  readonly outcome: 'read' | 'missing' | 'too-large';
  /** Empty unless it was read. */
  readonly bytes: Buffer;
}

export interface BlobReader {
  /** Contents in the order asked for. @throws CodedError GC_HISTORY_GIT when git ends in between. */
  read<T extends { readonly id: string }>(
    wanted: readonly T[],
    maxBytes: number,
  ): AsyncGenerator<ReadBlob<T>, void, undefined>;
  close(): void;
}

/** So many ids fit into a pipe together with their answers: nobody waits for anybody. */
export const BLOBS_AT_ONCE = 512;

const NEWLINE = 10;
const MAX_LINE = 1_024;
const NOTHING: Buffer = Buffer.alloc(0);

export function openBlobReader(folder: string, options: GitOptions): BlobReader {
  const sizes = startGit(folder, ['cat-file', '--batch-check=%(objecttype) %(objectsize)'], options);
  const contents = startGit(folder, ['cat-file', '--batch=%(objecttype) %(objectsize)'], options);
  const sizeReader = createByteReader(sizes.stdout as AsyncIterable<Buffer>);
  const contentReader = createByteReader(contents.stdout as AsyncIterable<Buffer>);
  return {
    async *read(wanted, maxBytes) {
      if (wanted.length === 0) return;
      ask(sizes, wanted);
      const known: (number | undefined)[] = [];
      for (let i = 0; i < wanted.length; i++) known.push(await sizeOf(sizeReader, sizes));
      ask(
        contents,
        wanted.filter((_, i) => (known[i] ?? Number.POSITIVE_INFINITY) <= maxBytes),
      );
      for (const [i, of] of wanted.entries()) {
        const size = known[i];
        if (size === undefined) yield { of, outcome: 'missing', bytes: NOTHING };
        else if (size > maxBytes) yield { of, outcome: 'too-large', bytes: NOTHING };
        else {
          const bytes = await contentOf(contentReader, contents);
          yield { of, outcome: bytes === undefined ? 'missing' : 'read', bytes: bytes ?? NOTHING };
        }
      }
    },
    close() {
      sizes.stop();
      contents.stop();
    },
  };
}

function ask(git: GitProcess, wanted: readonly { readonly id: string }[]): void {
  if (wanted.length > 0) git.stdin.write(wanted.map(({ id }) => `${id}\n`).join(''));
}

/** Of a blob; undefined for what is missing or no blob. */
async function sizeOf(reader: ByteReader, git: GitProcess): Promise<number | undefined> {
  const line = await reader.until(NEWLINE, MAX_LINE);
  if (line === undefined) await brokenOff(git);
  const size = /^blob (\d{1,15})$/.exec(line?.toString('latin1') ?? '')?.[1];
  return size === undefined ? undefined : Number(size);
}

async function contentOf(reader: ByteReader, git: GitProcess): Promise<Buffer | undefined> {
  const size = await sizeOf(reader, git);
  if (size === undefined) return undefined;
  const bytes = await reader.exactly(size);
  if (bytes === undefined) await brokenOff(git);
  await reader.until(NEWLINE, MAX_LINE);
  return bytes;
}

async function brokenOff(git: GitProcess): Promise<never> {
  await git.done();
  throw new Error('git ended before it had answered');
}
