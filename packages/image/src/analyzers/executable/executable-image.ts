// What readers of ELF, PE and Mach-O files have in common: named stretches of the file and where they are loaded.
// Headers are hostile: each number is checked against the file before it is used, and counts are bounded.

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
  readonly bytes: Buffer;
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

export const sectionBytes = (image: ExecutableImage, section: ImageSection): Buffer =>
  image.bytes.subarray(section.offset, section.offset + section.size);

export const sectionNamed = (image: ExecutableImage, name: string): ImageSection | undefined =>
  image.sections.find((section) => section.name === name);

/** Bytes at a virtual address, without a copy; undefined when the file does not hold all of them. */
export function bytesAt(image: ExecutableImage, address: number, length: number): Buffer | undefined {
  if (!Number.isSafeInteger(address) || !Number.isSafeInteger(length) || length < 0) return undefined;
  const home = image.segments.find((s) => address >= s.address && address - s.address < s.size);
  if (home === undefined || address - home.address + length > home.size) return undefined;
  const start = home.offset + (address - home.address);
  return image.bytes.subarray(start, start + length);
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

/** Throws RangeError beyond the end; readers of headers catch that once. */
export function numberReader(bytes: Buffer, littleEndian: boolean): NumberReader {
  return littleEndian
    ? {
        u16: (offset) => bytes.readUInt16LE(offset),
        u32: (offset) => bytes.readUInt32LE(offset),
        u64: (offset) => Number(bytes.readBigUInt64LE(offset)),
      }
    : {
        u16: (offset) => bytes.readUInt16BE(offset),
        u32: (offset) => bytes.readUInt32BE(offset),
        u64: (offset) => Number(bytes.readBigUInt64BE(offset)),
      };
}
