// Builds small ELF files in memory for tests.

export interface TestSection {
  readonly name: string;
  readonly content: Buffer;
  readonly writable?: boolean;
}

export interface TestElf {
  readonly bytes: Buffer;
  /** Address at which a section is loaded. */
  addressOf(name: string): number;
}

const BASE = 0x400000;
const HEADER_BYTES = 64;
const ENTRY_BYTES = 64;
const PROGRAM_BYTES = 56;

/** A 64-bit little-endian ELF file: one loaded segment over the whole file, sections in order, aligned by 16. */
export function buildElf(sections: readonly TestSection[]): TestElf {
  const names = Buffer.from(`\0${[...sections.map((s) => s.name), '.shstrtab'].join('\0')}\0`, 'latin1');
  const all = [...sections, { name: '.shstrtab', content: names }];
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let offset = HEADER_BYTES + PROGRAM_BYTES;
  for (const { content } of all) {
    const padding = (16 - (offset % 16)) % 16;
    parts.push(Buffer.alloc(padding), content);
    offsets.push(offset + padding);
    offset += padding + content.length;
  }
  const table = Buffer.alloc(ENTRY_BYTES * (all.length + 1));
  all.forEach((section, i) => {
    const at = ENTRY_BYTES * (i + 1);
    table.writeUInt32LE(names.indexOf(`\0${section.name}\0`, 0, 'latin1') + 1, at);
    table.writeUInt32LE(1, at + 4);
    table.writeBigUInt64LE('writable' in section && section.writable === true ? 3n : 2n, at + 8);
    table.writeBigUInt64LE(BigInt(BASE + (offsets[i] ?? 0)), at + 16);
    table.writeBigUInt64LE(BigInt(offsets[i] ?? 0), at + 24);
    table.writeBigUInt64LE(BigInt(section.content.length), at + 32);
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeBigUInt64LE(BigInt(HEADER_BYTES), 0x20);
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  header.writeUInt16LE(PROGRAM_BYTES, 0x36);
  header.writeUInt16LE(1, 0x38);
  header.writeUInt16LE(ENTRY_BYTES, 0x3a);
  header.writeUInt16LE(all.length + 1, 0x3c);
  header.writeUInt16LE(all.length, 0x3e);
  const program = Buffer.alloc(PROGRAM_BYTES);
  program.writeUInt32LE(1, 0);
  program.writeUInt32LE(6, 4);
  program.writeBigUInt64LE(BigInt(BASE), 16);
  program.writeBigUInt64LE(BigInt(offset), 32);
  program.writeBigUInt64LE(BigInt(offset), 40);
  return {
    bytes: Buffer.concat([header, program, ...parts, table]),
    addressOf: (name) => BASE + (offsets[all.findIndex((s) => s.name === name)] ?? 0),
  };
}
