// What is shared while an archive is walked: who asks for members, what is left of the limits, what was not looked at.
import { CodedError } from '@guardcell/kit';
import type { FileContent } from '../content/file-content.ts';
import type { TemporaryFile } from '../content/temporary-file.ts';
import { hasArchiveName, isPackedFile, unpackedName } from './archive-kind.ts';
import type { ArchiveLimits } from './archive-limits.ts';

export interface ArchiveMember {
  /** Within the archive that holds it, absolute, without `.` or `..`. */
  readonly path: string;
  /** Within the outermost archive, nested ones joined with `!/`. */
  readonly place: string;
  /** Bytes; of a packed file as it says itself. */
  readonly size: number;
  /** Permission bits; names without an extension may always be run, as far as they are known. */
  readonly mode: number;
}

export interface ArchiveVisitor {
  /** By name, size and mode alone. */
  wants(member: ArchiveMember): boolean;
  /** `bytes` are only valid during the call. */
  visit(member: ArchiveMember, bytes: Buffer): void;
  /** Whether archives within archives are visited besides what they hold. */
  readonly visitsArchives: boolean;
}

/** What was not looked at. */
export interface SkippedMembers {
  /** Place of the first of them; empty for the outermost archive. */
  readonly place: string;
  readonly reason: string;
  /** Members; 0 when an archive was not read to its end. */
  readonly count: number;
}

/** What is left for all archives of a scan. */
export interface ScanBudget {
  bytesLeft: number;
}

export interface Walk {
  readonly visitor: ArchiveVisitor;
  readonly limits: ArchiveLimits;
  readonly budget: ScanBudget;
  /** Of the outermost archive. */
  readonly size: number;
  readonly skipped: Map<string, SkippedMembers>;
  /** Copies of nested archives, which go when the walk ends, however it does. */
  readonly copies: Set<TemporaryFile>;
  unpacked: number;
  members: number;
  reads: number;
  broken: number;
  /** Started for large zstd files. */
  threads: number;
  /** Why another attempt may find more. */
  passing: string | undefined;
}

/** Reasons of an archive that are kept. */
const MAX_REASONS = 20;

/** Nothing more of this archive is read. */
export class WalkEnd extends Error {
  /** Another attempt may do better. */
  readonly isPassing: boolean;

  constructor(reason: string, isPassing = false) {
    super(reason);
    this.isPassing = isPassing;
  }
}

export const SCAN_SPENT = 'enough was unpacked in this scan';

/** One member, or with `isArchive` the rest of a nested archive, is not looked at. */
export function skip(walk: Walk, place: string, reason: string, isArchive = false): void {
  const key = `${isArchive ? place : ''} ${reason}`;
  const known = walk.skipped.get(key);
  if (known === undefined && walk.skipped.size >= MAX_REASONS) return;
  const count = isArchive ? 0 : (known?.count ?? 0) + 1;
  walk.skipped.set(key, { place: known?.place ?? place, reason, count });
}

/** Counts an entry of a directory. @throws WalkEnd. */
export function countMember(walk: Walk): void {
  walk.members += 1;
  if (walk.members > walk.limits.members) throw new WalkEnd(`more than ${walk.limits.members} members`);
}

/** What a member costs besides its bytes, in bytes of the scan. */
const READ_COST = 1024;

/** Counts a member that is read. @throws WalkEnd. */
export function countRead(walk: Walk): void {
  walk.reads += 1;
  walk.budget.bytesLeft -= READ_COST;
  if (walk.reads > walk.limits.reads) throw new WalkEnd(`more than ${walk.limits.reads} members to look at`);
}

/** Counts a member that does not unpack. @throws WalkEnd. */
export function countBroken(walk: Walk): void {
  walk.broken += 1;
  if (walk.broken > walk.limits.broken) throw new WalkEnd(`more than ${walk.limits.broken} broken members`);
}

/** Counts what came out. @throws WalkEnd. */
export function charge(walk: Walk, bytes: number): void {
  const { limits, budget } = walk;
  walk.unpacked += bytes;
  budget.bytesLeft -= bytes;
  if (walk.unpacked > limits.unpackedBytes) {
    throw new WalkEnd(`unpacks to more than ${limits.unpackedBytes / 2 ** 20} MiB`);
  }
  if (walk.unpacked > limits.ratioFrom && walk.unpacked > walk.size * limits.ratio) {
    throw new WalkEnd(`unpacks to more than ${limits.ratio} times its size`);
  }
  if (budget.bytesLeft < 0) throw new WalkEnd(SCAN_SPENT, true);
}

/** Bytes that may still come out; one more ends the walk. */
export function roomOf({ limits, budget, unpacked, size }: Walk): number {
  const most = Math.min(limits.unpackedBytes, Math.max(limits.ratioFrom, size * limits.ratio));
  return Math.max(0, Math.min(most - unpacked, budget.bytesLeft));
}

/** Why a member is not read; a number of mebibytes stands behind it. */
export const TOO_LARGE_MEMBER = 'larger than';
export const tooLarge = (walk: Walk): string =>
  `${TOO_LARGE_MEMBER} ${walk.limits.memberBytes / 2 ** 20} MiB`;

export const joined = (outer: string, name: string): string => (outer === '' ? name : `${outer}!/${name}`);

/** Programs of Unix have names without an extension; that is all a name tells. */
export const guessedMode = (name: string): number => (/\.[^/.]*$/.test(name) ? 0o644 : 0o755);

const EXECUTE = 0o111;

/** Programs often lose their permissions on the way into an archive, and get them back when they are unpacked. */
export const modeOfMember = (name: string, mode: number): number =>
  mode === 0 ? guessedMode(name) : mode | (guessedMode(name) & EXECUTE);

/** Whether a file is worth opening as an archive, by name and size: of a packed file what comes out must be wanted. */
export function isWantedArchive(member: ArchiveMember, wants: ArchiveVisitor['wants']): boolean {
  const { path } = member;
  if (!isPackedFile(path)) return hasArchiveName(path);
  const inner = unpackedName(path);
  return hasArchiveName(inner) || wants({ ...member, path: inner, mode: guessedMode(inner) });
}

/** A full disk is no fault of the archive; all else goes on. */
export function tellFullDisk(walk: Walk, error: unknown): void {
  if (!(error instanceof CodedError) || error.code !== 'GC_NO_TEMPORARY_SPACE') throw error;
  walk.passing ??= error.message;
}

/** Looks at the content of a member, which may be an archive. */
export type Open = (content: FileContent, member: ArchiveMember) => void;
