// Gives the members of an archive, and of the archives within it, to somebody who looks at their bytes. Bounded in depth, count and
// bytes; whatever was not given is named.
import { type FileContent, WINDOW_BYTES } from '../content/file-content.ts';
import { releaseMemory } from '../content/release-memory.ts';
import {
  type ArchiveKind,
  archiveKind,
  HEAD_BYTES,
  hasArchiveName,
  kindOfHead,
  unpackedName,
} from './archive-kind.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.ts';
import {
  type ArchiveMember,
  type ArchiveVisitor,
  countRead,
  guessedMode,
  joined,
  type Open,
  type ScanBudget,
  type SkippedMembers,
  skip,
  tellFullDisk,
  tooLarge,
  type Walk,
  WalkEnd,
} from './archive-walk.ts';
import { type PackedKind, peekGzip, statedSize, unpackPieces, withUnpacked } from './unpack.ts';
import { type TarFeed, walkTar } from './walk-tar.ts';
import { walkZip } from './walk-zip.ts';

export interface ArchiveReading {
  readonly skipped: readonly SkippedMembers[];
  /** Why another attempt may find more: the disk was full, or the scan had unpacked enough before (`SCAN_SPENT`). */
  readonly passing?: string;
}

export interface ReadArchiveOptions {
  readonly limits?: ArchiveLimits;
  /** Shared by all archives of a scan. */
  readonly budget?: ScanBudget;
}

const NOTHING = Buffer.alloc(0);

/** How deep an archive lies, and what its members are called after. */
interface Level {
  readonly outer: string;
  readonly depth: number;
}

const isProgram = (head: Uint8Array): boolean =>
  (head[0] === 0x7f && head[1] === 0x45) || (head[0] === 0x23 && head[1] === 0x21);

/** As the file that a member is. */
function visitBytes(walk: Walk, content: FileContent, member: ArchiveMember): void {
  if (!walk.visitor.wants(member)) return;
  if (content.size > walk.limits.memberBytes) return skip(walk, member.place, tooLarge(walk));
  if (content.held !== undefined) return walk.visitor.visit(member, content.held);
  const bytes = content.read(0, content.size);
  walk.visitor.visit(member, bytes);
  releaseMemory(bytes);
}

function openMember(walk: Walk, content: FileContent, member: ArchiveMember, depth: number): void {
  const kind = archiveKind(content, member.path);
  if (kind === undefined) return visitBytes(walk, content, member);
  if (depth > walk.limits.depth) {
    skip(walk, member.place, `more than ${walk.limits.depth} archives within each other`, true);
    return visitBytes(walk, content, member);
  }
  let isArchive = false;
  try {
    isArchive = walkKind(walk, kind, content, member.path, { outer: member.place, depth });
  } catch (error) {
    tellFullDisk(walk, error);
  }
  const isPure = kindOfHead(content.read(0, HEAD_BYTES)) !== undefined;
  if (!isArchive || !isPure || walk.visitor.visitsArchives) visitBytes(walk, content, member);
}

function tarFeed(content: FileContent): TarFeed {
  return (write) => {
    for (let at = 0; at < content.size; ) {
      const piece = content.window(at, WINDOW_BYTES);
      // The file was cut since.
      if (piece.length === 0) break;
      write(piece);
      at += piece.length;
    }
    return undefined;
  };
}

/** A packed file, or a packed tar archive. */
function walkPacked(walk: Walk, kind: PackedKind, content: FileContent, path: string, level: Level): void {
  const { outer, depth } = level;
  const open: Open = (inner, member) => openMember(walk, inner, member, depth + 1);
  const head = kind === 'gzip' ? peekGzip(walk, content) : NOTHING;
  if (kindOfHead(head.subarray(0, HEAD_BYTES)) === 'tar')
    return walkTar(walk, outer, (write) => unpackPieces(walk, content, kind, write, depth), open);
  const name = unpackedName(path.slice(path.lastIndexOf('/') + 1));
  const member: ArchiveMember = {
    path: `/${name}`,
    place: joined(outer, name),
    size: statedSize(content, kind),
    // A first look tells; there is none at zstd.
    mode: kind === 'zstd' ? guessedMode(name) : isProgram(head) ? 0o755 : 0o644,
  };
  const isArchive = hasArchiveName(name) || kindOfHead(head) !== undefined;
  // What it says of its size is asked for tiny files, and not believed otherwise.
  const { visitor } = walk;
  const isWanted = visitor.wants(member) || visitor.wants({ ...member, size: content.size });
  if (!isArchive && !isWanted) return;
  if (!isArchive && member.size > walk.limits.memberBytes) return skip(walk, member.place, tooLarge(walk));
  countRead(walk);
  const problem = withUnpacked(walk, content, kind, depth, (inner) => {
    const isTar = archiveKind(inner, name) === 'tar';
    if (isTar) walkTar(walk, outer, tarFeed(inner), open);
    else open(inner, { ...member, size: inner.size });
  });
  if (problem !== undefined) skip(walk, outer, problem, true);
}

/** False when it is no archive, whatever its name says. @throws WalkEnd, CodedError GC_NO_TEMPORARY_SPACE. */
function walkKind(walk: Walk, kind: ArchiveKind, content: FileContent, path: string, level: Level): boolean {
  const { outer, depth } = level;
  const open: Open = (inner, member) => openMember(walk, inner, member, depth + 1);
  if (kind === 'zip') return walkZip(walk, content, outer, open);
  if (kind === 'tar') walkTar(walk, outer, tarFeed(content), open);
  else walkPacked(walk, kind, content, path, level);
  return true;
}

/**
 * Gives `visitor` the members of the archive at `path` that it wants. Undefined when the content is no archive. Does not throw
 * for hostile content.
 */
export function readArchive(
  content: FileContent,
  path: string,
  visitor: ArchiveVisitor,
  options: ReadArchiveOptions = {},
): ArchiveReading | undefined {
  const limits = options.limits ?? ARCHIVE_LIMITS;
  const kind = archiveKind(content, path);
  if (kind === undefined) return undefined;
  const walk: Walk = {
    visitor,
    limits,
    budget: options.budget ?? { bytesLeft: limits.scanBytes },
    size: content.size,
    skipped: new Map(),
    copies: new Set(),
    unpacked: 0,
    members: 0,
    reads: 0,
    broken: 0,
    threads: 0,
    passing: undefined,
  };
  let isArchive = true;
  try {
    isArchive = walkKind(walk, kind, content, path, { outer: '', depth: 0 });
  } catch (error) {
    if (!(error instanceof WalkEnd)) tellFullDisk(walk, error);
    else if (error.isPassing) walk.passing = error.message;
    else skip(walk, '', error.message, true);
  } finally {
    for (const copy of walk.copies) copy.close();
  }
  if (!isArchive) return undefined;
  const { passing } = walk;
  return { skipped: [...walk.skipped.values()], ...(passing === undefined ? {} : { passing }) };
}
