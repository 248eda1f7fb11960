// Framing: every block has its type and length in front, is padded to four bytes and repeats its length at the end.
import type { ByteBuffer } from './byte-buffer.ts';

/** Types of the blocks that we write: the newest version of each. */
export const BLOCK = {
  section: 0x0a0d0d0a,
  machine: 0x201,
  processes: 0x215,
  event: 0x216,
  descriptors: 0x218,
  interfaces: 0x219,
  accounts: 0x220,
  largeEvent: 0x221,
} as const;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Writes a block whose body `write` makes. */
export function block(out: ByteBuffer, type: number, write: () => void): void {
  const start = beginBlock(out, type);
  write();
  endBlock(out, start);
}

/** Returns what `endBlock` needs. */
export function beginBlock(out: ByteBuffer, type: number): number {
  const start = out.length;
  out.u32(type);
  out.u32(0);
  return start;
}

export function endBlock(out: ByteBuffer, start: number): void {
  const padding = -(out.length - start) & 3;
  out.reserve(padding);
  const total = out.length - start + 4;
  out.u32(total);
  out.setU32(start + 4, total);
}

/** The first block of a file; format version 1.2, length of the section unknown. */
export function sectionHeader(out: ByteBuffer): void {
  block(out, BLOCK.section, () => {
    out.u32(BYTE_ORDER_MAGIC);
    out.u16(1);
    out.u16(2);
    out.u64(-1);
  });
}
