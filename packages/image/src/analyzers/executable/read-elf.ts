// ELF, 32 and 64 bits, both byte orders: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
import type { FileContent } from '../../content/file-content.ts';
import {
  type ExecutableImage,
  type ImageSection,
  MAX_SECTIONS,
  type NumberReader,
  numberReader,
  textAt,
  withinFile,
} from './executable-image.ts';

const PT_LOAD = 1;
const PF_W = 2;
const SHT_NOBITS = 8;
const SHF_WRITE = 1;
const SHN_XINDEX = 0xffff;
/** Of the table of names: each is at most 256 long. */
const MAX_NAMES = 2 ** 20;

interface Header {
  readonly wide: boolean;
  readonly read: NumberReader;
  readonly programs: { readonly offset: number; readonly size: number; readonly count: number };
  readonly sections: { readonly offset: number; readonly size: number; readonly count: number };
  readonly nameTable: number;
}

function readHeader(content: FileContent, ident: Buffer): Header | undefined {
  const wide = ident[4] === 2;
  if (!wide && ident[4] !== 1) return undefined;
  const read = numberReader(content, ident[5] !== 2);
  const word = wide ? read.u64 : read.u32;
  const tail = wide ? 0x36 : 0x2a;
  return {
    wide,
    read,
    programs: { offset: word(wide ? 0x20 : 0x1c), size: read.u16(tail), count: read.u16(tail + 2) },
    sections: { offset: word(wide ? 0x28 : 0x20), size: read.u16(tail + 4), count: read.u16(tail + 6) },
    nameTable: read.u16(tail + 8),
  };
}

/** Offsets of table entries that lie within the file. */
function entries(table: Header['sections'], least: number, fileSize: number): number[] {
  if (table.size < least || !Number.isSafeInteger(table.offset)) return [];
  const room = Math.floor((fileSize - table.offset) / table.size);
  const count = Math.max(0, Math.min(table.count, room, MAX_SECTIONS));
  return Array.from({ length: count }, (_, i) => table.offset + i * table.size);
}

function readSegments(fileSize: number, { wide, read, programs }: Header): ImageSection[] {
  return entries(programs, wide ? 56 : 32, fileSize).flatMap((at) => {
    if (read.u32(at) !== PT_LOAD) return [];
    const segment = withinFile(
      {
        name: '',
        writable: (read.u32(at + (wide ? 4 : 24)) & PF_W) !== 0,
        offset: wide ? read.u64(at + 8) : read.u32(at + 4),
        address: wide ? read.u64(at + 16) : read.u32(at + 8),
        size: wide ? read.u64(at + 32) : read.u32(at + 16),
      },
      fileSize,
    );
    return segment === undefined ? [] : [segment];
  });
}

function readSections(content: FileContent, { wide, read, sections, nameTable }: Header): ImageSection[] {
  const places = entries(sections, wide ? 64 : 40, content.size);
  const at0 = places[0];
  if (at0 === undefined) return [];
  const link = (at: number): number => read.u32(at + (wide ? 40 : 24));
  const namesAt = places[nameTable === SHN_XINDEX ? link(at0) : nameTable];
  // The low half of the flags is enough: in big-endian files of 64 bits it comes second.
  const flags = (at: number): number => (wide ? read.u64(at + 8) % 2 ** 32 : read.u32(at + 8));
  const fields = (at: number): ImageSection => ({
    name: '',
    writable: (flags(at) & SHF_WRITE) !== 0,
    address: wide ? read.u64(at + 16) : read.u32(at + 12),
    offset: wide ? read.u64(at + 24) : read.u32(at + 16),
    size: wide ? read.u64(at + 32) : read.u32(at + 20),
  });
  const names = namesAt === undefined ? undefined : withinFile(fields(namesAt), content.size);
  const table = names && content.read(names.offset, Math.min(names.size, MAX_NAMES));
  return places.flatMap((at) => {
    if (read.u32(at + 4) === SHT_NOBITS) return [];
    const section = withinFile(fields(at), content.size);
    return section === undefined
      ? []
      : [{ ...section, name: table === undefined ? '' : textAt(table, read.u32(at)) }];
  });
}

/** Sections and loaded segments that lie within the file; undefined when it is no ELF file. */
export function readElf(content: FileContent): ExecutableImage | undefined {
  const ident = content.read(0, 8);
  if (content.size < 52 || ident.readUInt32BE(0) !== 0x7f454c46) return undefined;
  try {
    const header = readHeader(content, ident);
    if (header === undefined) return undefined;
    return {
      format: 'elf',
      content,
      littleEndian: ident[5] !== 2,
      segments: readSegments(content.size, header),
      sections: readSections(content, header),
    };
  } catch (error) {
    // A header that ends before its fields do.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
