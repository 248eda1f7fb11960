// What is an archive, by name and by its first bytes.
import type { FileContent } from '../content/file-content.ts';
import { parseTarHeader } from '../layers/tar-header.ts';

export type ArchiveKind = 'zip' | 'gzip' | 'zstd' | 'tar';

const ZIP = /\.(?:zip|jar|war|ear|par|hpi|jpi|sar|kar|aar|nar|whl|egg|nupkg|apk|aab|xpi|crx|vsix)$/i;
const PACKED = /\.(?:tgz|taz|tzst|tar|gz|zst)$/i;
const TAR = /\.tar$/i;
const TAR_PACKED = /\.(?:t(?:ar\.)?gz|taz|t(?:ar\.)?zst)$/i;
/** Of an archive that says by its first bytes what it is. */
export const HEAD_BYTES = 512;

/** Whether a file of this name holds members, as far as a name tells. */
export const hasArchiveName = (name: string): boolean => ZIP.test(name) || PACKED.test(name);

/** Whether a file of this name is one packed file (`x.sh.gz`) and no archive. */
export const isPackedFile = (name: string): boolean => /\.(?:gz|zst)$/i.test(name) && !TAR_PACKED.test(name);

/** Name of what comes out of `name`: `a.tar` of `a.tgz`, `x.sh` of `x.sh.gz`. */
export function unpackedName(name: string): string {
  if (/\.(?:tgz|taz|tzst)$/i.test(name)) return `${name.slice(0, name.lastIndexOf('.'))}.tar`;
  return /\.(?:gz|zst)$/i.test(name) ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** By the first bytes alone. */
export function kindOfHead(head: Uint8Array): ArchiveKind | undefined {
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) return 'zip';
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  return isTarHead(head, false) ? 'tar' : undefined;
}

/** Archives from before 1988 have no mark: the name and a checksum that fits stand for it. */
function isTarHead(head: Uint8Array, isNamed: boolean): boolean {
  if (head.length < HEAD_BYTES) return false;
  const block = Buffer.from(head.buffer, head.byteOffset, HEAD_BYTES);
  if (!isNamed && block.toString('latin1', 257, 262) !== 'ustar') return false;
  return block[0] !== 0 && parseTarHeader(block) !== undefined;
}

/** The kind of archive that a file is; ZIP archives may have a script or a program before them when their name says so. */
export function archiveKind(content: FileContent, name: string): ArchiveKind | undefined {
  const head = content.read(0, HEAD_BYTES);
  const kind = kindOfHead(head);
  if (kind !== undefined) return kind;
  if (TAR.test(name) && isTarHead(head, true)) return 'tar';
  return ZIP.test(name) ? 'zip' : undefined;
}
