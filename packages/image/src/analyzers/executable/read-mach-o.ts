// Mach-O (macOS programs): loader.h and fat.h of xnu. Of universal files the first slice is read.
import { type FileContent, partOf } from '../../content/file-content.ts';
import {
  type ExecutableImage,
  type ImageSection,
  MAX_SECTIONS,
  numberReader,
  textAt,
  withinFile,
} from './executable-image.ts';

const FAT_MAGIC = 0xcafebabe;
const SEGMENT_32 = 0x1;
const SEGMENT_64 = 0x19;
const WRITE = 2;

/** Java classes begin with the same number; a universal file has few slices where a class has its version. */
function firstSlice(content: FileContent): FileContent {
  const head = content.read(0, 32);
  if (head.readUInt32BE(0) !== FAT_MAGIC || head.readUInt32BE(4) > 16) return content;
  return partOf(content, head.readUInt32BE(16), head.readUInt32BE(20));
}

function readSlice(content: FileContent): ExecutableImage | undefined {
  const magic = content.read(0, 4).readUInt32LE(0);
  const wide = magic === 0xfeedfacf;
  if (!wide && magic !== 0xfeedface) return undefined;
  const read = numberReader(content, true);
  const word = wide ? read.u64 : read.u32;
  const width = wide ? 8 : 4;
  const segments: ImageSection[] = [];
  const sections: ImageSection[] = [];
  let at = wide ? 32 : 28;
  const commands = Math.min(read.u32(16), MAX_SECTIONS);
  for (let i = 0; i < commands && at + 8 <= content.size; i++) {
    const size = read.u32(at + 4);
    if (size < 8) break;
    if (read.u32(at) === (wide ? SEGMENT_64 : SEGMENT_32) && at + size <= content.size) {
      const after = at + 24 + 4 * width;
      const writable = (read.u32(after + 4) & WRITE) !== 0;
      const segment: ImageSection = {
        name: textAt(content.read(at + 8, 16), 0),
        address: word(at + 24),
        offset: word(at + 24 + 2 * width),
        size: word(at + 24 + 3 * width),
        writable,
      };
      const kept = withinFile(segment, content.size);
      if (kept !== undefined) segments.push(kept);
      const step = wide ? 80 : 68;
      const count = Math.min(read.u32(after + 8), Math.floor(size / step), MAX_SECTIONS - sections.length);
      for (let k = 0; k < count; k++) {
        const head = after + 16 + k * step;
        const section = withinFile(
          {
            name: textAt(content.read(head, 16), 0),
            address: word(head + 32),
            size: word(head + 32 + width),
            offset: read.u32(head + 32 + 2 * width),
            writable,
          },
          content.size,
        );
        if (section !== undefined) sections.push(section);
      }
    }
    at += size;
  }
  return { format: 'mach-o', content, littleEndian: true, segments, sections };
}

/** Sections and segments within the file; undefined when it is no little-endian Mach-O file. */
export function readMachO(content: FileContent): ExecutableImage | undefined {
  if (content.size < 32) return undefined;
  try {
    return readSlice(firstSlice(content));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
