// `--exclude` and `exclude:` of settings: paths that are not looked at, and what a report says of them.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanError } from '@guardcell/core';
import { ANALYZERS, type PathExclusion } from '@guardcell/image';
import { globMatches } from '@guardcell/vuln';

export interface ExcludeRule {
  /** From the root of what is scanned: `*` within a name, `**` across, `?` one character. With a folder goes all beneath it. */
  readonly glob: string;
  /** One of a list for many targets: that nothing of this one is meant is not worth a note. */
  readonly isShared?: true;
}

const MAX_LENGTH = 1024;
export const MAX_EXCLUDES = 1000;

/** Why a glob is not taken; undefined for one that is. */
export function excludeProblem(glob: string): string | undefined {
  if (glob.trim() === '') return 'it is empty';
  if (glob.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (glob.includes('\0')) return 'it has a NUL character';
  if (glob.startsWith('!')) return 'nothing is taken back with !';
  const parts = partsOf(glob);
  if (parts.includes('..')) return 'it leads out of what is scanned';
  return parts.every((part) => part === '**' || part === '*') ? 'it would leave out everything' : undefined;
}

function partsOf(glob: string): readonly string[] {
  return glob.split('/').filter((part) => part !== '' && part !== '.');
}

interface Compiled {
  readonly glob: string;
  readonly pattern: string;
  /** Between wildcards, in their order: a path without them is no match, which is quickly told. */
  readonly pieces: readonly string[];
  /** Written with a slash or with all that lies beneath: a file of that name is not meant. */
  readonly isForFolders: boolean;
  readonly isShared: boolean;
}

/** `root`: where the target lies, for globs that name it in full. */
function compiled({ glob, isShared }: ExcludeRule, root: string | undefined): Compiled {
  const isInFull = root !== undefined && root !== '/' && glob.startsWith(`${root}/`);
  const parts = partsOf(isInFull ? glob.slice(root.length) : glob);
  const named = parts.slice(0, parts.findLastIndex((part) => part !== '**') + 1);
  const pattern = `/${named.join('/')}`;
  return {
    glob,
    pattern,
    pieces: pattern.split(/\*\*\/?|[*?]/).filter((piece) => piece !== ''),
    isForFolders: named.length < parts.length || glob.endsWith('/'),
    isShared: isShared === true,
  };
}

function mayMatch({ pieces }: Compiled, path: string): boolean {
  let at = 0;
  for (const piece of pieces) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return true;
}

const MAX_NAMED = 5;
/** Paths that are told apart: images tell the same one more than once. */
const MAX_TOLD = 100_000;

export interface LeftOutPaths {
  readonly exclusion: PathExclusion;
  /** What was left out of this target, for its report. */
  notes(at: string): readonly ScanError[];
}

/**
 * What one scan leaves out; undefined when nothing is to be.
 * @param rules globs that `excludeProblem` finds nothing in
 * @param root folder of a target that is walked; left out for layers, of which only files with findings are told
 */
export function leftOutPaths(
  rules: readonly ExcludeRule[] | undefined,
  root?: string,
): LeftOutPaths | undefined {
  if (rules === undefined || rules.length === 0) return undefined;
  const patterns = rules.map((rule) => compiled(rule, root));
  const used = new Set<Compiled>();
  const told = new Set<string>();
  const counts = { folders: 0, files: 0 };
  const exclusion: PathExclusion = {
    isExcluded(path, isDirectory) {
      const matches = patterns.filter(
        (one) => (isDirectory || !one.isForFolders) && mayMatch(one, path) && globMatches(one.pattern, path),
      );
      for (const match of matches) used.add(match);
      return matches.length > 0;
    },
    onExcluded(path, isDirectory) {
      if (told.has(path)) return;
      if (told.size < MAX_TOLD) told.add(path);
      counts[isDirectory ? 'folders' : 'files'] += 1;
    },
  };
  return {
    exclusion,
    notes(at) {
      const places = lostPlaces(told, root);
      const globs = (): readonly string[] => patterns.filter((one) => used.has(one)).map(({ glob }) => glob);
      const isUnused = (one: Compiled): boolean =>
        !one.isShared && !used.has(one) && !liesBelow(one.pattern, told);
      const unused = root === undefined ? [] : patterns.filter(isUnused);
      return [
        ...(told.size === 0
          ? []
          : [root === undefined ? filesNote(at, told.size, globs()) : countNote(at, told, counts)]),
        ...(places.length === 0 ? [] : [placesNote(at, places)]),
        ...unused.map(({ glob }) => unusedNote(glob)),
      ];
    },
  };
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Whether it means what is not walked to, since a folder above is left out. */
function liesBelow(pattern: string, told: ReadonlySet<string>): boolean {
  for (let end = pattern.indexOf('/', 1); end !== -1; end = pattern.indexOf('/', end + 1))
    if (told.has(pattern.slice(0, end))) return true;
  return false;
}

/** Where distributions tell themselves and their packages: without them nothing of these is judged. */
function lostPlaces(told: ReadonlySet<string>, root: string | undefined): readonly string[] {
  const known = new Set(ANALYZERS.flatMap(({ places = [] }) => places));
  const lost = (place: string): boolean => {
    for (const path of told) {
      if (isAtOrBelow(path, place)) return true;
      if (isAtOrBelow(place, path) && root !== undefined && exists(root, place)) return true;
    }
    return false;
  };
  return told.size === 0 ? [] : [...known].filter(lost).sort();
}

/** Whether something stands there, or a link on the way that may lead to it; no link is followed. */
function exists(root: string, place: string): boolean {
  try {
    for (let end = place.indexOf('/', 1); end !== -1; end = place.indexOf('/', end + 1)) {
      if (lstatSync(join(root, place.slice(0, end))).isSymbolicLink()) return true;
    }
    lstatSync(join(root, place));
    return true;
  } catch {
    return false;
  }
}

function listed(paths: Iterable<string>): string {
  const all = [...paths];
  return [...all.slice(0, MAX_NAMED), ...(all.length > MAX_NAMED ? ['…'] : [])].join(', ');
}

function countNote(
  at: string,
  told: ReadonlySet<string>,
  { folders, files }: { readonly folders: number; readonly files: number },
): ScanError {
  return {
    code: 'GC_PATHS_EXCLUDED',
    level: 'note',
    message: `${folders} folders with all that is in them and ${files} files are left out: ${listed(told)}`,
    at,
    hint: '',
  };
}

/** Of layers files are told one by one: what they have in common says more. */
function filesNote(at: string, files: number, globs: readonly string[]): ScanError {
  return {
    code: 'GC_PATHS_EXCLUDED',
    level: 'note',
    message: `findings in ${files} files are left out: ${listed(globs)}`,
    at,
    hint: '',
  };
}

function placesNote(at: string, places: readonly string[]): ScanError {
  return {
    code: 'GC_PATHS_EXCLUDED',
    level: 'note',
    message: `what tells the distribution and its packages is left out: ${listed(places)}`,
    at,
    hint: 'Packages that stand there are neither listed nor judged.',
  };
}

function unusedNote(glob: string): ScanError {
  return {
    code: 'GC_PATHS_EXCLUDED',
    level: 'note',
    message: 'nothing lies where something is to be left out',
    at: glob,
    hint: 'Patterns begin at what is scanned: **/NAME is anywhere in it.',
  };
}

/** Of what commits have changed. */
export function historyNote(count: number, at: string): readonly ScanError[] {
  if (count === 0) return [];
  const message = `${count} changes of files in history are left out by their path`;
  return [{ code: 'GC_PATHS_EXCLUDED', level: 'note', message, at, hint: '' }];
}
