// One 512-byte header of a tar archive: ustar, old v7 and GNU (POSIX.1-1988 and the tar(5) manual page).

export const BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that are stored after the header. */
  readonly size: number;
  /** Type flag as one character; NUL of old archives is `0`. */
  readonly type: string;
  readonly link: string;
}

const MAX_SIZE = 2 ** 53 - 1;

/** Text up to the first NUL; not valid UTF-8 becomes U+FFFD. */
function tarText(block: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return block.toString('utf8', start, end);
}

/** Octal or base-256 number; undefined when it is neither or too large. An empty field is 0. */
export function tarNumber(block: Buffer, start: number, length: number): number | undefined {
  const first = block[start] ?? 0;
  if (first >= 0x80) return binaryNumber(block, start, length, first);
  let value = 0;
  let digits = 0;
  for (let i = start; i < start + length; i += 1) {
    const byte = block[i] ?? 0;
    if (byte === 0x20 || byte === 0) {
      if (digits > 0) break;
      continue;
    }
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
    digits += 1;
    if (value > MAX_SIZE) return undefined;
  }
  return value;
}

function binaryNumber(block: Buffer, start: number, length: number, first: number): number | undefined {
  // Negative numbers (0xff …) occur for times before 1970, which nobody reads here.
  if (first === 0xff) return undefined;
  let value = first & 0x7f;
  for (let i = start + 1; i < start + length; i += 1) {
    value = value * 256 + (block[i] ?? 0);
    if (value > MAX_SIZE) return undefined;
  }
  return value;
}

function checksumFits(block: Buffer): boolean {
  const stored = tarNumber(block, 148, 8);
  // The field itself counts as blanks.
  let unsigned = 8 * 0x20;
  for (let i = 0; i < 148; i += 1) unsigned += block[i] as number;
  for (let i = 156; i < BLOCK; i += 1) unsigned += block[i] as number;
  if (stored === unsigned) return true;
  // Some old programs added signed characters.
  let high = 0;
  for (let i = 0; i < BLOCK; i += 1) if ((i < 148 || i >= 156) && (block[i] as number) >= 0x80) high += 1;
  return stored === unsigned - 256 * high;
}

/** Whether the block is all zeros: two of them end an archive. */
export function isZeroBlock(block: Buffer): boolean {
  for (let i = 0; i < BLOCK; i += 1) if (block[i] !== 0) return false;
  return true;
}

/** Reads a header; undefined when it is none (checksum or numbers are wrong). */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  if (!checksumFits(block)) return undefined;
  const size = tarNumber(block, 124, 12);
  if (size === undefined) return undefined;
  const flag = block[156] ?? 0;
  const type = flag === 0 ? '0' : String.fromCharCode(flag);
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? tarText(block, 345, 155) : '';
  const base = tarText(block, 0, 100);
  return {
    name: prefix === '' ? base : `${prefix}/${base}`,
    mode: (tarNumber(block, 100, 8) ?? 0) & 0o7777,
    uid: tarNumber(block, 108, 8) ?? 0,
    gid: tarNumber(block, 116, 8) ?? 0,
    size: hasNoData(type) ? 0 : size,
    type,
    link: tarText(block, 157, 100),
  };
}

/** Links, devices, directories and FIFOs: whatever their size field says, nothing follows. */
function hasNoData(type: string): boolean {
  return type >= '1' && type <= '6';
}
