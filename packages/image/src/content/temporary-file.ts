// A file for content that is too large for memory. It has no name where the system can do that, else loses it at once: whatever
// ends the process gives the space back.
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import type { FileContent } from './file-content.ts';
import { storedContent } from './stored-content.ts';

export interface TemporaryFile {
  /** Appends. @throws CodedError GC_NO_TEMPORARY_SPACE when the disk has no room for it. */
  write(bytes: Uint8Array): void;
  /** What was written, until it is closed or emptied. */
  content(): FileContent;
  /** Forgets what was written. */
  empty(): void;
  close(): void;
}

/** `O_TMPFILE` of Linux without `O_DIRECTORY`, which it goes with; Node has no name for it. */
const NAMELESS = 0o20000000;
/** Stays free on the disk. */
const RESERVE_BYTES = 512 * 2 ** 20;
/** The free space is asked for again after so many bytes. */
const CHECK_BYTES = 64 * 2 ** 20;

interface Opened {
  readonly fd: number;
  /** What could not be removed while the file is open. */
  readonly left?: string;
}

function openNameless(folder: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(folder, NAMELESS | constants.O_DIRECTORY | constants.O_RDWR, 0o600);
  } catch {
    // File systems that do not know it (overlay, nfs …) say so in different ways; all others fail below, too.
    return undefined;
  }
}

function openUnlinked(parent: string): Opened {
  const folder = mkdtempSync(join(parent, 'guardcell-content-'));
  const file = join(folder, 'content');
  const fd = openSync(file, 'wx+', 0o600);
  try {
    unlinkSync(file);
    rmdirSync(folder);
    return { fd };
  } catch {
    return { fd, left: folder };
  }
}

function noSpace(folder: string, cause: unknown): CodedError<'GC_NO_TEMPORARY_SPACE'> {
  const why = cause === undefined ? '' : ` (${systemErrorCode(cause) ?? 'unknown'})`;
  return new CodedError(
    'GC_NO_TEMPORARY_SPACE',
    `no room in ${folder} for a temporary copy${why}; TMPDIR names another folder`,
    { at: folder, cause },
  );
}

/** Opens one in the folder for temporary files, for this user alone. @throws CodedError GC_NO_TEMPORARY_SPACE. */
export function openTemporaryFile(folder: string = tmpdir()): TemporaryFile {
  let opened: Opened;
  try {
    const nameless = openNameless(folder);
    opened = nameless === undefined ? openUnlinked(folder) : { fd: nameless };
  } catch (cause) {
    throw noSpace(folder, cause);
  }
  const { fd, left } = opened;
  let size = 0;
  let checkAt = 0;

  function append(bytes: Uint8Array): void {
    if (size >= checkAt) {
      const { bavail, bsize } = statfsSync(folder);
      if (bavail * bsize < RESERVE_BYTES + CHECK_BYTES) throw noSpace(folder, undefined);
      checkAt = size + CHECK_BYTES;
    }
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(fd, bytes, at, bytes.length - at, size);
      at += count;
      size += count;
    }
  }

  return {
    write(bytes) {
      try {
        append(bytes);
      } catch (cause) {
        throw cause instanceof CodedError ? cause : noSpace(folder, cause);
      }
    },
    content: () => storedContent(fd, size),
    empty() {
      ftruncateSync(fd, 0);
      size = 0;
      checkAt = 0;
    },
    close() {
      closeSync(fd);
      if (left !== undefined) rmSync(left, { recursive: true, force: true });
    },
  };
}
