// Tar archives as a stream; only regular files, each bounded.
import { CodedError } from '@guardcell/kit';

export interface TarEntry {
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;

function octal(field: Buffer): number {
  const text = field
    .toString('latin1')
    .replace(/[\0 ].*$/s, '')
    .trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : text === '' ? 0 : Number.NaN;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

export function looksLikeTar(head: Buffer): boolean {
  return head.length >= 262 && head.toString('latin1', 257, 262) === 'ustar';
}

/** Gathers bytes of a stream and hands out as many as are asked for. */
function byteSource(bytes: AsyncIterator<Uint8Array>): (length: number) => Promise<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  return async (length) => {
    const parts = [held];
    let have = held.length;
    while (have < length) {
      const next = await bytes.next();
      if (next.done === true) break;
      parts.push(Buffer.from(next.value));
      have += next.value.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(Math.min(length, all.length));
    return all.subarray(0, length);
  };
}

/**
 * Yields regular files whose path `wanted` accepts.
 * @throws CodedError GC_FEED_TAR for damaged or cut archives and entries larger than `maxEntry` bytes.
 */
export async function* tarEntries(
  bytes: AsyncIterable<Uint8Array>,
  wanted: (path: string) => boolean,
  maxEntry: number,
  at: string,
): AsyncGenerator<TarEntry> {
  const refuse = (message: string): CodedError =>
    new CodedError('GC_FEED_TAR', message, { at, hint: 'Fetch the archive again.' });
  const take = byteSource(bytes[Symbol.asyncIterator]());
  let longName = '';
  for (;;) {
    const head = await take(BLOCK);
    if (head.every((byte) => byte === 0)) return;
    if (head.length < BLOCK) throw refuse('the archive is cut off');
    const size = octal(head.subarray(124, 136));
    if (!Number.isSafeInteger(size)) throw refuse('the archive is damaged');
    const type = String.fromCharCode(head[156] ?? 0);
    const prefix = textOf(head.subarray(345, 500));
    const path = longName || (prefix === '' ? '' : `${prefix}/`) + textOf(head.subarray(0, 100));
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    const special = type === 'x' || type === 'L';
    const keep = special || ((type === '0' || type === '\0') && wanted(path));
    if (keep && size > maxEntry) throw refuse(`${path} is larger than ${maxEntry} bytes`);
    let left = padded;
    let content: Buffer = Buffer.alloc(0);
    while (left > 0) {
      const part = await take(keep ? left : Math.min(left, 65_536));
      if (part.length === 0) throw refuse('the archive is cut off');
      if (keep) content = part;
      left -= part.length;
      if (keep && left > 0) throw refuse('the archive is cut off');
    }
    if (special) {
      const text = content.toString('utf8', 0, size);
      longName =
        type === 'L' ? text.replace(/\0.*$/s, '') : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? '');
      continue;
    }
    longName = '';
    if (keep) yield { path, content: content.subarray(0, size) };
  }
}
