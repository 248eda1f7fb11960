// Reads what installers of languages recorded about the files of a package: wheels, eggs, conda. An analyzer beside those that
// find the packages, asked only by who wants to know which files are whose.
import { posix } from 'node:path';
import type { AnalyzedFile, Analyzer } from '@guardcell/image';

/** Lists of more files are cut down to the folders they lie in. */
const FILES_MAX = 20_000;
const MAX_BYTES = 16 * 1024 * 1024;
const RECORD = /\.dist-info\/RECORD$/;
const EGG = /\.egg-info\/(?:installed-files|top_level)\.txt$/;
const CONDA = /\/conda-meta\/[^/]+\.json$/;

interface FileList {
  /** The metadata folder of a wheel or egg, or the file of conda. */
  readonly of: string;
  /** Absolute; folders end with a slash. */
  readonly files: readonly string[];
}

/** Lists by the metadata file or folder that they belong to. */
export type FileLists = Map<string, string[]>;

/** Paths of a RECORD: `path,hash,size`, paths with commas in double quotes. */
function recordedPaths(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1]?.replaceAll('""', '"');
    const path = quoted ?? line.split(',', 1)[0] ?? '';
    return path === '' ? [] : [path];
  });
}

function condaPaths(text: string): string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const files = typeof document === 'object' && document !== null && 'files' in document && document.files;
  return Array.isArray(files) ? files.filter((path) => typeof path === 'string') : [];
}

function bounded(files: readonly string[]): readonly string[] {
  if (files.length <= FILES_MAX) return files;
  return [...new Set(files.map((path) => `${posix.dirname(path)}/`))].slice(0, FILES_MAX);
}

function listOf({ path, bytes }: AnalyzedFile): FileList | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const folder = posix.dirname(path);
  if (CONDA.test(path)) {
    const files = condaPaths(text).map((name) => posix.join(posix.dirname(folder), name));
    return files.length === 0 ? undefined : { of: path, files: bounded(files) };
  }
  const names = RECORD.test(path) ? recordedPaths(text) : text.split('\n').map((line) => line.trim());
  const isTopLevel = path.endsWith('/top_level.txt');
  // What an egg lists is relative to its metadata, a wheel's list to the folder that it is installed in.
  const base = path.endsWith('/installed-files.txt') ? folder : posix.dirname(folder);
  const files = names.flatMap((name) => {
    if (name === '') return [];
    const file = posix.join(base, name);
    if (file.startsWith(`${folder}/`)) return [];
    return isTopLevel ? [`${file}/`, `${file}.py`] : [file];
  });
  return files.length === 0 ? undefined : { of: folder, files: bounded(files) };
}

/** An analyzer that finds no packages and puts into `lists` what installers recorded. */
export function fileListAnalyzer(lists: FileLists): Analyzer<FileList> {
  return {
    id: 'file-lists',
    version: 1,
    maxBytes: MAX_BYTES,
    wants: ({ path, link }) =>
      link === undefined && (RECORD.test(path) || EGG.test(path) || CONDA.test(path)),
    analyze(file) {
      const value = listOf(file);
      return value === undefined ? undefined : { value };
    },
    assemble(found) {
      for (const { value } of found) lists.set(value.of, [...(lists.get(value.of) ?? []), ...value.files]);
      return { packages: [] };
    },
  };
}
