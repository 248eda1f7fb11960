// PE (Windows programs): https://learn.microsoft.com/windows/win32/debug/pe-format
import type { FileContent } from '../../content/file-content.ts';
import {
  type ExecutableImage,
  type ImageSection,
  MAX_SECTIONS,
  numberReader,
  textAt,
  withinFile,
} from './executable-image.ts';

const MEM_WRITE = 0x80000000;

/** Sections within the file, with addresses that include the image base; undefined when it is no PE file. */
export function readPe(content: FileContent): ExecutableImage | undefined {
  const magic = content.read(0, 2);
  if (content.size < 0x40 || magic[0] !== 0x4d || magic[1] !== 0x5a) return undefined;
  try {
    const read = numberReader(content, true);
    const header = read.u32(0x3c);
    if (read.u32(header) !== 0x4550) return undefined;
    const optional = header + 24;
    const base = read.u16(optional) === 0x20b ? read.u64(optional + 24) : read.u32(optional + 28);
    const table = optional + read.u16(header + 20);
    const count = Math.min(read.u16(header + 6), MAX_SECTIONS, Math.floor((content.size - table) / 40));
    const sections: ImageSection[] = [];
    for (let i = 0; i < count; i++) {
      const at = table + i * 40;
      const section = withinFile(
        {
          name: textAt(content.read(at, 8), 0),
          address: base + read.u32(at + 12),
          size: read.u32(at + 16),
          offset: read.u32(at + 20),
          writable: (read.u32(at + 36) & MEM_WRITE) !== 0,
        },
        content.size,
      );
      if (section !== undefined) sections.push(section);
    }
    return { format: 'pe', content, littleEndian: true, segments: sections, sections };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
