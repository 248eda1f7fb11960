// The files of an audit log: which file a position belongs to although it was renamed, and what follows it.
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** What tells a file from another that took its name or its inode. */
export interface FileMark {
  readonly inode: number;
  /** Hash of the first `headLength` bytes. */
  readonly head: string;
  readonly headLength: number;
}

const HEAD_BYTES = 256;

export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

export async function markOf(file: FileHandle): Promise<FileMark> {
  const { ino } = await file.stat();
  const head = await readAt(file, 0, HEAD_BYTES);
  return { inode: ino, head: hashOf(head), headLength: head.length };
}

/** Whether the file still begins as it did when it was marked. */
export async function isSameContent(file: FileHandle, mark: FileMark): Promise<boolean> {
  const head = await readAt(file, 0, mark.headLength);
  return head.length === mark.headLength && hashOf(head) === mark.head;
}

/** The file open for reading; undefined while there is none. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** The log and what was rotated away from it (`audit-2026….log`, `audit.log.1`), oldest first; compressed ones are not read. */
export async function logFiles(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const name = basename(path);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const entries = await readdir(folder).catch(() => []);
  const rotated: { readonly path: string; readonly changedMs: number }[] = [];
  for (const entry of entries) {
    const isRotated =
      entry !== name &&
      ((entry.startsWith(`${stem}-`) && entry.endsWith(extension)) || entry.startsWith(`${name}.`)) &&
      !/\.(?:gz|zst|bz2|xz)$/.test(entry);
    if (!isRotated) continue;
    const facts = await stat(join(folder, entry)).catch(() => undefined);
    if (facts?.isFile() === true) rotated.push({ path: join(folder, entry), changedMs: facts.mtimeMs });
  }
  rotated.sort((left, right) => left.changedMs - right.changedMs);
  return [...rotated.map((each) => each.path), path];
}
