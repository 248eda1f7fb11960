// Archives as files hold them: their members, for those who look at bytes.
export { HEAD_BYTES, hasArchiveName, kindOfHead } from './archive-kind.ts';
export { ARCHIVE_LIMITS, type ArchiveLimits, MAX_ARCHIVE_BYTES } from './archive-limits.ts';
export {
  type ArchiveMember,
  type ArchiveVisitor,
  isWantedArchive,
  SCAN_SPENT,
  type ScanBudget,
  type SkippedMembers,
  TOO_LARGE_MEMBER,
} from './archive-walk.ts';
export { type ArchiveReading, type ReadArchiveOptions, readArchive } from './read-archive.ts';
