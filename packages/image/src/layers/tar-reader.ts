// Reads tar as it comes: chunks are pushed in, entries come out, and only what the sink asks for is ever held in memory.
import { CodedError } from '@guardcell/kit';
import { fileCapabilities } from './file-capabilities.ts';
import { MAX_PATH } from './layer-path.ts';
import { LAYER_LIMITS, type LayerErrorCode, type LayerLimits } from './limits.ts';
import { BLOCK, isZeroBlock, parseTarHeader, type TarHeader } from './tar-header.ts';
import { parsePaxRecords } from './tar-pax.ts';
import { gnuSparseMap, paxSparse, type SparseLayout, sparseContent } from './tar-sparse.ts';

export type TarEntryKind = 'file' | 'hardlink' | 'symlink' | 'directory' | 'device';

export interface TarEntry {
  readonly kind: TarEntryKind;
  /** As written; see normalisePath. */
  readonly name: string;
  /** Bytes of the file as its reader sees it, holes included. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of links, as written. */
  readonly link: string;
  /** See fileCapabilities. */
  readonly capabilities?: readonly number[];
}

/** Takes the content of one file as it comes. */
export interface TarPieces {
  /** Only valid during the call. */
  piece(bytes: Buffer): void;
  /** All of it was given. */
  end(): void;
}

export interface TarSink {
  /** Every entry; true asks for all bytes of this one at once, a receiver for pieces of it. */
  entry(entry: TarEntry): boolean | TarPieces;
  /** The bytes that were asked for. They are only valid during the call. */
  content(entry: TarEntry, bytes: Buffer): void;
  /** An entry that could not be read; the archive goes on. */
  problem(name: string, message: string): void;
}

export interface TarReader {
  /** @throws CodedError GC_LAYER_MALFORMED, GC_LAYER_TOO_MANY_ENTRIES. */
  write(chunk: Buffer): void;
  /** @throws CodedError GC_LAYER_TRUNCATED when the archive stops within an entry. */
  end(): void;
}

const NOTHING = Buffer.alloc(0);
const MAX_META = 2 ** 20;
const KINDS: Readonly<Record<string, TarEntryKind>> = {
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'directory',
  '6': 'device',
};

function fail(code: LayerErrorCode, message: string): CodedError<LayerErrorCode> {
  return new CodedError(code, message);
}

/** Gives the memory of a file back at once: the collector lets such memory wait. */
function releaseBytes({ buffer, byteLength }: Buffer): void {
  if (byteLength === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
}

/** What stands in data blocks that are being passed. */
type Purpose =
  | { readonly is: 'skip' }
  | { readonly is: 'meta'; readonly type: string }
  | { readonly is: 'pieces'; readonly to: TarPieces }
  | { readonly is: 'content'; readonly entry: TarEntry; readonly sparse: SparseLayout | undefined };

/** Extensions that belong to the next entry. */
interface Pending {
  name?: string;
  link?: string;
  pax?: ReadonlyMap<string, string>;
}

export function createTarReader(
  sink: TarSink,
  limits: Pick<LayerLimits, 'entries' | 'repeatedBytes'> = LAYER_LIMITS,
): TarReader {
  const block = Buffer.alloc(BLOCK);
  let filled = 0;
  let state: 'header' | 'sparse-map' | 'data' | 'done' = 'header';
  let purpose: Purpose = { is: 'skip' };
  let left = 0;
  let padding = 0;
  let content: Buffer = NOTHING;
  let isOwn = false;
  let holes = 0;
  let pending: Pending = {};
  let entries = 0;
  let zeroBlocks = 0;
  let sparseHeader: TarHeader | undefined;
  let sparseMaps: Buffer[] = [];

  function beginData(size: number, next: Purpose): void {
    left = size;
    padding = (BLOCK - (size % BLOCK)) % BLOCK;
    purpose = next;
    state = 'data';
    if (left === 0) endData();
  }

  function endData(): void {
    const bytes = content;
    content = NOTHING;
    const done = purpose;
    purpose = { is: 'skip' };
    if (done.is === 'meta') takeMeta(done.type, bytes);
    if (done.is === 'content') {
      const whole = done.sparse === undefined ? bytes : sparseContent(done.sparse, bytes, done.entry.size);
      if (whole === undefined) sink.problem(done.entry.name, 'its map of holes does not fit its size');
      else sink.content(done.entry, whole);
      if (whole !== undefined && whole !== bytes) releaseBytes(whole);
    }
    if (done.is === 'pieces') done.to.end();
    if (isOwn) releaseBytes(bytes);
    isOwn = false;
    if (padding === 0) state = 'header';
    else left = padding;
    padding = 0;
  }

  function takeMeta(type: string, bytes: Buffer): void {
    if (type === 'x') {
      const records = parsePaxRecords(bytes);
      if (records === undefined) sink.problem('', 'an extended header is malformed');
      else pending.pax = records;
      return;
    }
    const end = bytes.indexOf(0);
    const name = bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
    if (type === 'L') pending.name = name;
    if (type === 'K') pending.link = name;
  }

  function takeHeader(): void {
    if (isZeroBlock(block)) {
      zeroBlocks += 1;
      if (zeroBlocks === 2) state = 'done';
      return;
    }
    zeroBlocks = 0;
    const header = parseTarHeader(block);
    if (header === undefined)
      throw fail('GC_LAYER_MALFORMED', 'the tar archive has a header with a wrong checksum or size');
    entries += 1;
    if (entries > limits.entries) {
      throw fail('GC_LAYER_TOO_MANY_ENTRIES', `the layer has more than ${limits.entries} entries`);
    }
    if ('xLK'.includes(header.type)) {
      if (header.size > MAX_META) {
        throw fail('GC_LAYER_MALFORMED', `an extended header has ${header.size} bytes`);
      }
      beginData(header.size, { is: 'meta', type: header.type });
    } else if (header.type === 'S') {
      sparseHeader = header;
      sparseMaps = [Buffer.from(block)];
      if (block[482] === 0) takeEntry(header);
      else state = 'sparse-map';
    } else {
      takeEntry(header);
    }
  }

  function takeSparseMap(): void {
    sparseMaps.push(Buffer.from(block));
    if (sparseMaps.length > 4096) throw fail('GC_LAYER_MALFORMED', 'a sparse file has too many pieces');
    if (block[504] === 0 && sparseHeader !== undefined) takeEntry(sparseHeader);
  }

  function takeEntry(header: TarHeader): void {
    const { pax, name: longName, link: longLink } = pending;
    pending = {};
    const paxSize = pax?.get('size');
    const stored = paxSize === undefined || KINDS[header.type] !== 'file' ? header.size : Number(paxSize);
    if (!Number.isSafeInteger(stored) || stored < 0) {
      throw fail('GC_LAYER_MALFORMED', 'an extended header states a size that is no number');
    }
    const sparse = header.type === 'S' ? gnuSparseMap(sparseMaps) : paxSparse(pax);
    sparseHeader = undefined;
    sparseMaps = [];
    const kind = KINDS[header.type];
    const name = sparse?.name ?? pax?.get('path') ?? longName ?? header.name;
    // Global headers (g), volume labels (V) and types of other systems hold no file.
    const known = kind !== undefined && !(kind === 'file' && name.endsWith('/') && stored === 0);
    const isFolder = kind === 'file' && !known;
    if (kind === undefined) return beginData(stored, { is: 'skip' });
    if (name.length > MAX_PATH) {
      sink.problem(`${name.slice(0, 80)}…`, `its name has more than ${MAX_PATH} characters`);
      return beginData(stored, { is: 'skip' });
    }
    const capabilities = fileCapabilities(pax);
    const entry: TarEntry = {
      kind: isFolder ? 'directory' : kind,
      name,
      size: sparse?.realSize ?? stored,
      mode: header.mode,
      uid: header.uid,
      gid: header.gid,
      link: pax?.get('linkpath') ?? longLink ?? header.link,
      ...(capabilities === undefined ? {} : { capabilities }),
    };
    const wanted = sink.entry(entry);
    const isRead = wanted !== false && entry.kind === 'file' && !hasTooManyHoles(entry, stored);
    beginData(stored, isRead ? purposeOf(entry, stored, sparse, wanted) : { is: 'skip' });
  }

  function purposeOf(
    entry: TarEntry,
    stored: number,
    sparse: SparseLayout | undefined,
    wanted: true | TarPieces,
  ): Purpose {
    // What is stored of it would be held whole.
    const hasTooMuch = sparse !== undefined && stored > entry.size + MAX_META;
    if (hasTooMuch)
      sink.problem(entry.name, `a file with holes of ${entry.size} bytes has ${stored} bytes of data`);
    if (hasTooMuch) return { is: 'skip' };
    if (sparse !== undefined && wanted !== true) {
      sink.problem(
        entry.name,
        `files with holes are not read when they are this large (${entry.size} bytes)`,
      );
      return { is: 'skip' };
    }
    return wanted === true ? { is: 'content', entry, sparse } : { is: 'pieces', to: wanted };
  }

  /** Whoever states large holes in many files makes analyzers read what nobody had to store. */
  function hasTooManyHoles({ name, size }: TarEntry, stored: number): boolean {
    if (size <= stored) return false;
    holes += size - stored;
    if (holes <= limits.repeatedBytes) return false;
    sink.problem(name, `the layer has files with more than ${limits.repeatedBytes} bytes of holes`);
    return true;
  }

  function takeData(chunk: Buffer, at: number): number {
    const take = Math.min(left, chunk.length - at);
    if (purpose.is === 'pieces') {
      if (take > 0) purpose.to.piece(chunk.subarray(at, at + take));
    } else if (purpose.is !== 'skip') {
      const piece = chunk.subarray(at, at + take);
      // The chunk may be used again by whoever gave it: pieces that wait for more are copied, once.
      if (take < left && !isOwn) {
        content = Buffer.allocUnsafeSlow(left);
        isOwn = true;
      }
      if (isOwn) piece.copy(content, content.length - left);
      else content = piece;
    }
    left -= take;
    if (left === 0) {
      if (padding > 0 || purpose.is !== 'skip') endData();
      else state = 'header';
    }
    return at + take;
  }

  return {
    write(chunk) {
      let at = 0;
      while (at < chunk.length && state !== 'done') {
        if (state === 'data') {
          at = takeData(chunk, at);
          continue;
        }
        const take = Math.min(BLOCK - filled, chunk.length - at);
        chunk.copy(block, filled, at, at + take);
        filled += take;
        at += take;
        if (filled < BLOCK) return;
        filled = 0;
        if (state === 'header') takeHeader();
        else takeSparseMap();
      }
    },
    end() {
      const within = state === 'sparse-map' || (state === 'data' && (purpose.is !== 'skip' || left > 0));
      if (within || (state === 'header' && filled > 0)) {
        throw fail('GC_LAYER_TRUNCATED', 'the tar archive ends within an entry');
      }
    },
  };
}
