// Finds and reads YAML files below given paths. Hostile trees are bounded: size, number, depth; links stay inside.
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { RuleFile, RuleLoadProblem } from '@guardcell/core';
import { systemErrorCode } from '@guardcell/kit';

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

/** A pipe or device could keep us reading for ever. */
function notAFile(name: string): RuleLoadProblem {
  return problem(
    name,
    'GC_SOURCE_UNREADABLE',
    'it is neither a file nor a folder',
    'Only regular files and folders are read; remove it or give it another name.',
  );
}

function notUtf8(name: string, bytes: Buffer): RuleLoadProblem {
  // Decoding replaces what is wrong, so the first difference is the first wrong byte.
  const decoded = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === decoded[at]) at++;
  const lines = bytes.toString('utf8', 0, at).split('\n');
  return {
    ...problem(
      name,
      'GC_SOURCE_NOT_UTF8',
      'the file is not UTF-8 text',
      'Save it as UTF-8; nothing of this file is used until then.',
    ),
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
  };
}

async function readBounded(path: string): Promise<Buffer | undefined> {
  // Should a pipe have taken the file's place since it was looked at, opening it must not wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) return undefined;
    // One more than it had, to notice that it is growing under our hands.
    const buffer = Buffer.alloc(size + 1);
    const { bytesRead } = await file.read(buffer, 0, size + 1, 0);
    return bytesRead > size ? undefined : buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

interface Found {
  readonly files: string[];
  readonly folders: string[];
  readonly problems: RuleLoadProblem[];
}

type Naming = (path: string) => string;

/** Adds a linked file when it is inside `rootReal`; says why not otherwise. */
async function followLink(path: string, rootReal: string, found: Found, nameOf: Naming): Promise<void> {
  const refuse = (why: string, hint: string): void =>
    void found.problems.push(problem(nameOf(path), 'GC_SOURCE_LINK', why, hint));
  const target = await realpath(path).catch(() => '');
  if (target === '') {
    refuse('the link leads nowhere', 'Mend or remove the link.');
  } else if (!target.startsWith(rootReal + sep)) {
    refuse('the link leads out of the folder', 'Name the file itself, or put it into the folder.');
  } else if ((await lstat(target)).isFile()) {
    found.files.push(path);
  }
}

/** Regular files below `folder`; a link counts when it leads to a file inside `rootReal`. Linked folders are not entered. */
async function walk(
  folder: string,
  rootReal: string,
  depth: number,
  found: Found,
  nameOf: Naming,
): Promise<void> {
  found.folders.push(folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    found.problems.push(unreadable(nameOf(folder), thrown));
    return [];
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || found.files.length >= MAX_FILES) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await walk(path, rootReal, depth + 1, found, nameOf);
      else
        found.problems.push(
          problem(
            nameOf(path),
            'GC_SOURCE_TOO_DEEP',
            `folders are read ${MAX_DEPTH} levels deep`,
            'Move its files up.',
          ),
        );
    } else if (isWanted(entry.name)) {
      if (entry.isFile()) found.files.push(path);
      else if (entry.isSymbolicLink()) await followLink(path, rootReal, found, nameOf);
      else found.problems.push(notAFile(nameOf(path)));
    }
  }
}

async function scanRoot(root: SourceRoot): Promise<Sources> {
  const files: RuleFile[] = [];
  const problems: RuleLoadProblem[] = [];
  const found: Found = { files: [], folders: [], problems };
  const nameOf: Naming = (path) =>
    root.label === undefined ? path : join(root.label, relative(root.path, path) || basename(path));
  try {
    const real = await realpath(root.path);
    const kind = await lstat(real);
    if (kind.isDirectory()) await walk(root.path, real, 0, found, nameOf);
    else if (kind.isFile()) found.files.push(root.path);
    else problems.push(notAFile(nameOf(root.path)));
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
      if (content !== undefined && isUtf8(content)) {
        files.push({ name: nameOf(path), content: content.toString('utf8') });
      } else if (content !== undefined) problems.push(notUtf8(nameOf(path), content));
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
