// Random access to the files of an uncompressed tar: one pass over the headers, then reads at offsets.
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { BLOCK, isZeroBlock, parseTarHeader } from '../../layers/tar-header.ts';
import { parsePaxRecords } from '../../layers/tar-pax.ts';
import { imageFailure } from '../failures.ts';
import { MAX_ARCHIVE_ENTRIES } from '../limits.ts';
import { type FileSet, readRange } from './file-set.ts';

const MAX_EXTENSION_BYTES = 1024 * 1024;
const MAX_LINKS = 16;

type Entry = { readonly start: number; readonly size: number } | { readonly link: string };

/** `./blobs//x` → `blobs/x`; what leaves the archive never matches a name we ask for. */
function normal(path: string): string {
  return posix.normalize(`/${path}`).slice(1);
}

async function bytesAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** Names that extension headers give to the next entry. */
interface Pending {
  name?: string;
  link?: string;
  size?: number;
}

async function readExtension(
  handle: FileHandle,
  type: string,
  start: number,
  size: number,
  pending: Pending,
): Promise<boolean> {
  if (size > MAX_EXTENSION_BYTES) return false;
  const bytes = await bytesAt(handle, start, size);
  if (type === 'x') {
    const records = parsePaxRecords(bytes);
    if (records === undefined) return false;
    const name = records.get('path');
    const link = records.get('linkpath');
    const longSize = records.get('size');
    if (name !== undefined) pending.name = name;
    if (link !== undefined) pending.link = link;
    if (longSize !== undefined && /^\d{1,15}$/.test(longSize)) pending.size = Number(longSize);
  } else {
    const text = bytes.toString('utf8').replace(/\0[^]*$/, '');
    if (type === 'L') pending.name = text;
    else if (type === 'K') pending.link = text;
  }
  return true;
}

async function indexOf(handle: FileHandle, file: string): Promise<ReadonlyMap<string, Entry>> {
  const total = (await handle.stat()).size;
  const entries = new Map<string, Entry>();
  let pending: Pending = {};
  let at = 0;
  let count = 0;
  function broken(what: string): Error {
    return imageFailure('GC_IMAGE_ARCHIVE', what, { at: `${file}, byte ${at}` });
  }
  while (at + BLOCK <= total) {
    const block = await bytesAt(handle, at, BLOCK);
    if (isZeroBlock(block)) return entries;
    const header = parseTarHeader(block);
    if (header === undefined)
      throw broken(at === 0 ? 'this is not a tar archive' : 'the tar archive is damaged');
    if (++count > MAX_ARCHIVE_ENTRIES) throw broken(`more than ${MAX_ARCHIVE_ENTRIES} entries are not read`);
    const start = at + BLOCK;
    if ('LKxg'.includes(header.type)) {
      const read = await readExtension(handle, header.type, start, header.size, pending);
      if (!read) throw broken('an extension header of the tar archive is too large or damaged');
      at = start + Math.ceil(header.size / BLOCK) * BLOCK;
      continue;
    }
    // 7: a contiguous file, which is a file.
    const isFile = header.type === '0' || header.type === '7';
    const name = normal(pending.name ?? header.name);
    const link = pending.link ?? header.link;
    const size = isFile ? (pending.size ?? header.size) : header.size;
    if (start + size > total) throw broken('the tar archive is cut off');
    if (isFile) entries.set(name, { start, size });
    else if (header.type === '1') entries.set(name, { link: normal(link) });
    else if (header.type === '2') entries.set(name, { link: normal(posix.join(posix.dirname(name), link)) });
    pending = {};
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/**
 * The files of a tar on disk. Links between its files are followed (old `docker save` shares layers that way).
 * @throws CodedError GC_IMAGE_ARCHIVE when it is no tar, damaged or cut off.
 */
export async function tarFiles(file: string, onClose: () => Promise<void>): Promise<FileSet> {
  const handle = await open(file, 'r');
  const entries = await indexOf(handle, file).finally(() => handle.close());

  function find(path: string): { readonly start: number; readonly size: number } | undefined {
    let entry = entries.get(normal(path));
    for (let hops = 0; entry !== undefined && 'link' in entry; hops++) {
      if (hops >= MAX_LINKS) return undefined;
      entry = entries.get(entry.link);
    }
    return entry;
  }

  async function* read(path: string): AsyncGenerator<Uint8Array, void, undefined> {
    const entry = find(path);
    if (entry === undefined) {
      throw imageFailure('GC_IMAGE_NOT_FOUND', 'the archive does not have this file', {
        at: `${file}, ${path}`,
      });
    }
    yield* readRange(file, entry.start, entry.size);
  }

  return { size: (path) => Promise.resolve(find(path)?.size), read, close: onClose };
}
