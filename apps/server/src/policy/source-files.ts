// Finds and reads YAML files below given paths. Hostile trees are bounded: size, number, depth; links stay inside.
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { RuleFile, RuleLoadProblem } from '@guardcell/core';
import { CodedError, systemErrorCode } from '@guardcell/kit';

export interface SourceRoot {
  /** A file or a folder. */
  readonly path: string;
  /** Shown instead of `path` in names: `builtin` → `builtin/execution/shell.yaml`. Absent: the path itself. */
  readonly label?: string;
}

export interface Sources {
  /** Sorted by name within each root; roots in the order given. */
  readonly files: readonly RuleFile[];
  readonly problems: readonly RuleLoadProblem[];
  /** Folders that were looked into, to watch. */
  readonly folders: readonly string[];
}

export const MAX_FILE_BYTES: number = 4 * 1024 * 1024;
const MAX_FILES = 2000;
const MAX_DEPTH = 12;

function problem(file: string, code: string, message: string, hint: string): RuleLoadProblem {
  return { level: 'error', code, message, file, line: 0, column: 0, item: '', hint };
}

function isWanted(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}

function unreadable(name: string, thrown: unknown): RuleLoadProblem {
  const why = systemErrorCode(thrown) ?? 'unknown error';
  return problem(
    name,
    'GC_SOURCE_UNREADABLE',
    `the file or folder cannot be read (${why})`,
    'Check that it exists and that Guardcell may read it.',
  );
}

async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) return undefined;
    // One more than it had, to notice that it is growing under our hands.
    const buffer = Buffer.alloc(size + 1);
    const { bytesRead } = await file.read(buffer, 0, size + 1, 0);
    return bytesRead > size ? undefined : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

interface Found {
  readonly files: string[];
  readonly folders: string[];
}

/** Regular files below `folder`; a link counts when it leads to a file inside `rootReal`. Linked folders are not entered. */
async function walk(folder: string, rootReal: string, depth: number, found: Found): Promise<void> {
  found.folders.push(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || found.files.length >= MAX_FILES) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) await walk(path, rootReal, depth + 1, found);
    else if (isWanted(entry.name) && entry.isFile()) found.files.push(path);
    else if (isWanted(entry.name) && entry.isSymbolicLink()) {
      const target = await realpath(path).catch(() => '');
      if (!target.startsWith(rootReal + sep)) continue;
      if ((await lstat(target)).isFile()) found.files.push(path);
    }
  }
}

async function scanRoot(root: SourceRoot): Promise<Sources> {
  const files: RuleFile[] = [];
  const problems: RuleLoadProblem[] = [];
  const found: Found = { files: [], folders: [] };
  const nameOf = (path: string): string =>
    root.label === undefined ? path : join(root.label, relative(root.path, path) || basename(path));
  try {
    const real = await realpath(root.path);
    const kind = await lstat(real);
    if (kind.isDirectory()) await walk(root.path, real, 0, found);
    else if (kind.isFile()) found.files.push(root.path);
    // A pipe or device could keep us reading for ever.
    else throw new CodedError('GC_SOURCE_UNREADABLE', 'neither a file nor a folder');
  } catch (thrown) {
    problems.push(unreadable(nameOf(root.path), thrown));
  }
  if (found.files.length >= MAX_FILES) {
    problems.push(
      problem(
        nameOf(root.path),
        'GC_SOURCE_TOO_MANY',
        `only the first ${MAX_FILES} files are read`,
        'Use fewer, larger files.',
      ),
    );
  }
  for (const path of found.files) {
    try {
      const content = await readBounded(path);
      if (content !== undefined) files.push({ name: nameOf(path), content });
      else
        problems.push(
          problem(
            nameOf(path),
            'GC_SOURCE_TOO_LARGE',
            `the file is larger than ${MAX_FILE_BYTES} bytes`,
            'Split it.',
          ),
        );
    } catch (thrown) {
      problems.push(unreadable(nameOf(path), thrown));
    }
  }
  return { files, problems, folders: found.folders };
}

/** Reads everything; never throws: what cannot be read becomes a problem and the rest is there. */
export async function readSources(roots: readonly SourceRoot[]): Promise<Sources> {
  const all: Sources[] = [];
  for (const root of roots) all.push(await scanRoot(root));
  return {
    files: all.flatMap((each) => each.files),
    problems: all.flatMap((each) => each.problems),
    folders: all.flatMap((each) => each.folders),
  };
}
