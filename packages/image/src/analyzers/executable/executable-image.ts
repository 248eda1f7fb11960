// What readers of ELF, PE and Mach-O files have in common: named stretches of the file and where they are loaded.
// Headers are hostile: each number is checked against the file before it is used, and counts are bounded.

import { type FileContent, partOf } from '../../content/file-content.ts';

export interface ImageSection {
  /** `.rodata`; empty for segments without a name. */
  readonly name: string;
  /** Virtual address; 0 when it is not loaded. */
  readonly address: number;
  /** Of its bytes in the file; always within the file. */
  readonly offset: number;
  readonly size: number;
  readonly writable: boolean;
}

export interface ExecutableImage {
  readonly format: 'elf' | 'pe' | 'mach-o';
  readonly content: FileContent;
  readonly littleEndian: boolean;
  /** Loaded stretches, for addresses. */
  readonly segments: readonly ImageSection[];
  readonly sections: readonly ImageSection[];
}

/** More are not read; real programs have fewer than a hundred, debug builds some thousands. */
export const MAX_SECTIONS = 4096;

/** Cuts a stretch to the file; undefined when nothing of it is there. */
export function withinFile(section: ImageSection, fileSize: number): ImageSection | undefined {
  const { offset, size } = section;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset >= fileSize || size <= 0) return undefined;
  return { ...section, size: Math.min(size, fileSize - offset) };
}

/** What stands in a section, to be searched or read in pieces: one may be as large as the file. */
export const sectionContent = ({ content }: ExecutableImage, section: ImageSection): FileContent =>
  partOf(content, section.offset, section.size);

export const sectionNamed = (image: ExecutableImage, name: string): ImageSection | undefined =>
  image.sections.find((section) => section.name === name);

/** Bytes at a virtual address; undefined when the file does not hold all of them. */
export function bytesAt(image: ExecutableImage, address: number, length: number): Buffer | undefined {
  if (!Number.isSafeInteger(address) || !Number.isSafeInteger(length) || length < 0) return undefined;
  const home = image.segments.find((s) => address >= s.address && address - s.address < s.size);
  if (home === undefined || address - home.address + length > home.size) return undefined;
  const start = home.offset + (address - home.address);
  return image.content.read(start, length);
}

/** NUL-terminated text of a table; empty when out of bounds. */
export function textAt(table: Buffer, offset: number, longest = 256): string {
  if (offset >= table.length) return '';
  const stretch = table.subarray(offset, offset + longest);
  const end = stretch.indexOf(0);
  return stretch.toString('latin1', 0, end < 0 ? stretch.length : end);
}

/** Numbers as the file's byte order and word size have them; 64-bit ones beyond 2⁵³ come out inexact and fail the checks. */
export interface NumberReader {
  u16(offset: number): number;
  u32(offset: number): number;
  u64(offset: number): number;
}

/** Of content on disk so much is read at a time. */
const PAGE_BYTES = 65_536;

/** Throws RangeError beyond the end; readers of headers catch that once. */
export function numberReader(content: FileContent, littleEndian: boolean): NumberReader {
  let page: Buffer = content.held ?? content.read(0, PAGE_BYTES);
  let start = 0;
  /** Place of a field in the page. */
  const at = (offset: number, size: number): number => {
    if (content.held === undefined && !(offset >= start && offset + size <= start + page.length)) {
      page = content.read(offset, PAGE_BYTES);
      start = offset;
    }
    return offset - start;
  };
  const field =
    (size: number, get: (from: Buffer, place: number) => number) =>
    (offset: number): number => {
      const place = at(offset, size);
      return get(page, place);
    };
  return littleEndian
    ? {
        u16: field(2, (from, place) => from.readUInt16LE(place)),
        u32: field(4, (from, place) => from.readUInt32LE(place)),
        u64: field(8, (from, place) => Number(from.readBigUInt64LE(place))),
      }
    : {
        u16: field(2, (from, place) => from.readUInt16BE(place)),
        u32: field(4, (from, place) => from.readUInt32BE(place)),
        u64: field(8, (from, place) => Number(from.readBigUInt64BE(place))),
      };
}
