// Members of ZIP archives: jar, war, wheels, packages of NuGet and Android.
import { openNested } from '../analyzers/jar/open-nested.ts';
import {
  ENCRYPTED,
  MAX_ZIP_ENTRIES,
  readZipDirectory,
  readZipEntry,
  TOO_LARGE,
  type ZipEntry,
} from '../analyzers/jar/read-zip.ts';
import { type FileContent, heldContent } from '../content/file-content.ts';
import { releaseMemory } from '../content/release-memory.ts';
import { MAX_PATH, normalisePath } from '../layers/layer-path.ts';
import { HEAD_BYTES, kindOfHead } from './archive-kind.ts';
import {
  type ArchiveMember,
  charge,
  countBroken,
  countRead,
  isWantedArchive,
  joined,
  modeOfMember,
  type Open,
  roomOf,
  skip,
  tooLarge,
  type Walk,
} from './archive-walk.ts';

const KIND = 0o170000;
const REGULAR = 0o100000;
const PERMISSIONS = 0o7777;
/** Deflate makes no more of a byte. */
const DEFLATE_RATIO = 1032;

/** Kind and permissions as packed, else guessed; undefined for folders, links and devices. */
function modeOf({ name, mode }: ZipEntry): number | undefined {
  if (name.endsWith('/')) return undefined;
  const kind = (mode ?? 0) & KIND;
  if (kind !== 0 && kind !== REGULAR) return undefined;
  return modeOfMember(name, (mode ?? 0) & PERMISSIONS);
}

interface Wanted {
  readonly member: ArchiveMember;
  readonly isArchive: boolean;
}

function wantedOf(walk: Walk, entry: ZipEntry, outer: string): Wanted | undefined {
  const mode = modeOf(entry);
  if (mode === undefined || entry.name.length > MAX_PATH) return undefined;
  const path = normalisePath(entry.name);
  // Whoever says that there is nothing in it is not believed.
  const size = Math.max(entry.size, entry.compressedSize);
  const member: ArchiveMember = { path, place: joined(outer, path.slice(1)), size, mode };
  const wants = (one: ArchiveMember): boolean => walk.visitor.wants(one);
  const isArchive = isWantedArchive(member, wants);
  return isArchive || wants(member) ? { member, isArchive } : undefined;
}

/** The member in memory; undefined after a word on why not. What was unpacked in vain counts as well. */
function readMember(walk: Walk, zip: FileContent, entry: ZipEntry, place: string): Buffer | undefined {
  const { memberBytes } = walk.limits;
  const limit = Math.min(memberBytes, roomOf(walk));
  const read = readZipEntry(zip, entry, limit);
  if ('content' in read) {
    charge(walk, read.content.length);
    return read.content;
  }
  if (read.problem === TOO_LARGE) charge(walk, limit < memberBytes ? limit + 1 : limit);
  else if (entry.method === 8) {
    countBroken(walk);
    charge(walk, Math.min(limit, entry.compressedSize * DEFLATE_RATIO));
  }
  skip(walk, place, read.problem === TOO_LARGE ? tooLarge(walk) : read.problem);
  return undefined;
}

function openMember(walk: Walk, zip: FileContent, entry: ZipEntry, member: ArchiveMember, open: Open): void {
  if (entry.size > walk.limits.memberBytes) return skip(walk, member.place, tooLarge(walk));
  const bytes = readMember(walk, zip, entry, member.place);
  if (bytes === undefined) return;
  try {
    open(heldContent(bytes), { ...member, size: bytes.length });
  } finally {
    if (entry.method !== 0 || zip.held === undefined) releaseMemory(bytes);
  }
}

function openArchive(walk: Walk, zip: FileContent, entry: ZipEntry, member: ArchiveMember, open: Open): void {
  const limit = roomOf(walk);
  const nested = openNested(zip, entry, limit);
  if ('problem' in nested) {
    if (nested.isPassing === true) {
      walk.passing ??= nested.problem;
      return;
    }
    if (nested.problem === TOO_LARGE) charge(walk, limit + 1);
    else countBroken(walk);
    return skip(walk, member.place, nested.problem, nested.problem !== ENCRYPTED);
  }
  try {
    charge(walk, nested.content.size);
    open(nested.content, { ...member, size: nested.content.size });
  } finally {
    nested.close?.();
  }
}

/** Gives every member that is wanted to `open`. False when it is no ZIP archive. @throws WalkEnd. */
export function walkZip(walk: Walk, zip: FileContent, outer: string, open: Open): boolean {
  const { reads, members } = walk.limits;
  // All that are kept are in memory at once.
  let kept = 0;
  const directory = readZipDirectory(
    zip,
    (name) => !name.endsWith('/'),
    Math.min(MAX_ZIP_ENTRIES, members - walk.members),
    (entry) => wantedOf(walk, entry, outer) !== undefined && ++kept <= reads,
  );
  if (directory === undefined) {
    const isCut = kindOfHead(zip.read(0, HEAD_BYTES)) === 'zip';
    if (isCut) skip(walk, outer, 'ZIP directory is cut or broken', true);
    return isCut;
  }
  walk.members += directory.seen;
  if (directory.problem !== undefined) skip(walk, outer, directory.problem, true);
  if (kept > reads) skip(walk, outer, `more than ${reads} members to look at`, true);
  for (const entry of directory.entries) {
    const wanted = wantedOf(walk, entry, outer);
    if (wanted === undefined) continue;
    countRead(walk);
    const { member, isArchive } = wanted;
    if (isArchive) openArchive(walk, zip, entry, member, open);
    else openMember(walk, zip, entry, member, open);
  }
  return true;
}
