// Opens files of a tree whose owner may be hostile and may change it meanwhile: every step is made from an open directory and
// follows no link. Node has no openat; on Linux `/proc/self/fd/N/name` is the same thing.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import type { FileContent } from '../content/file-content.ts';
import { storedContent } from '../content/stored-content.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** An open directory. */
export interface HeldDirectory {
  readonly fd: number;
  /** A path that leads through the open directory, whatever has happened to its name. */
  readonly path: string;
}

function held(fd: number, plainPath: string): HeldDirectory {
  return { fd, path: process.platform === 'linux' ? `/proc/self/fd/${fd}` : plainPath };
}

/** Opens the root itself; links on the way to it are the user's and are followed. */
export function holdRoot(path: string): HeldDirectory {
  return held(openSync(path, O_RDONLY | O_DIRECTORY), path);
}

/** @throws the system's error when it is a link or no directory (any more). */
export function holdChild(parent: HeldDirectory, name: string): HeldDirectory {
  const path = join(parent.path, name);
  return held(openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path);
}

export function release(directory: HeldDirectory): void {
  closeSync(directory.fd);
}

/** Facts of the directory itself. Through its path they would be those of the link that leads to it. */
export function statHeld(directory: HeldDirectory): Stats {
  return fstatSync(directory.fd);
}

export function statChild(parent: HeldDirectory, name: string): Stats {
  return lstatSync(join(parent.path, name));
}

/** Where a symbolic link leads, as written. @throws the system's error when it is none. */
export function readLinkOf(parent: HeldDirectory, name: string): string {
  return readlinkSync(join(parent.path, name));
}

/**
 * Gives a regular file to `use`, to be read where it lies, until that returns; nothing for what is none or larger than `maxBytes`.
 * @throws the system's error when it cannot be opened, and what `use` throws.
 */
export function useChild(
  parent: HeldDirectory,
  name: string,
  maxBytes: number,
  use: (content: FileContent) => void,
): void {
  const fd = openSync(join(parent.path, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const facts = fstatSync(fd);
    if (facts.isFile() && facts.size <= maxBytes) use(storedContent(fd, facts.size));
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads a regular file; undefined when it is none or larger than `maxBytes`.
 * @throws the system's error when it cannot be opened or read.
 */
export function readChild(parent: HeldDirectory, name: string, maxBytes: number): Buffer | undefined {
  // O_NONBLOCK: somebody may have put a FIFO in the place of the file.
  const fd = openSync(join(parent.path, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile() || facts.size > maxBytes) return undefined;
    const bytes = Buffer.allocUnsafe(facts.size);
    let at = 0;
    while (at < bytes.length) {
      const count = readSync(fd, bytes, at, bytes.length - at, at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}
