// Numbers and stretches of a database, which may lie on disk: of those some pages are in memory at a time.
import { type FileContent, WINDOW_BYTES } from '../../content/file-content.ts';

export interface DatabaseBytes {
  readonly length: number;
  /** Undefined beyond the end. */
  byte(at: number): number | undefined;
  /** Both throw RangeError beyond the end. */
  u16(at: number, isLittle: boolean): number;
  u32(at: number, isLittle: boolean): number;
  /** Stays valid; shorter at the end. */
  slice(from: number, to: number): Buffer;
}

/** Numbers are asked for in a few places at once: the page that is read, and the chain of another. */
const PAGES = 8;
const PAGE_BYTES = WINDOW_BYTES / 16;
/** No number is longer. */
const OVERLAP = 8;

interface Page {
  readonly start: number;
  readonly bytes: Buffer;
}

/** Of one value: the header of a package, which has names of files. Real ones have some megabytes. */
export const MAX_VALUE_BYTES: number = 32 * 2 ** 20;

export function databaseBytes(content: FileContent): DatabaseBytes {
  const pages: Page[] = content.held === undefined ? [] : [{ start: 0, bytes: content.held }];
  let page: Page = pages[0] ?? { start: 0, bytes: Buffer.alloc(0) };

  /** Makes `page` the one that has these bytes, as far as the file does, and tells their place in it. */
  function find(at: number, size: number): number {
    const has = ({ start, bytes }: Page): boolean => at >= start && at + size <= start + bytes.length;
    if (content.held !== undefined || has(page)) return at - page.start;
    const known = pages.find(has);
    if (known === undefined) {
      const start = at - (at % PAGE_BYTES);
      page = { start, bytes: content.read(start, PAGE_BYTES + OVERLAP) };
      pages.push(page);
      if (pages.length > PAGES) pages.shift();
    } else page = known;
    return at - page.start;
  }

  return {
    length: content.size,
    byte(at) {
      const place = find(at, 1);
      return page.bytes[place];
    },
    u16(at, isLittle) {
      const place = find(at, 2);
      return isLittle ? page.bytes.readUInt16LE(place) : page.bytes.readUInt16BE(place);
    },
    u32(at, isLittle) {
      const place = find(at, 4);
      return isLittle ? page.bytes.readUInt32LE(place) : page.bytes.readUInt32BE(place);
    },
    slice: (from, to) => content.read(from, Math.max(0, to - from)),
  };
}
