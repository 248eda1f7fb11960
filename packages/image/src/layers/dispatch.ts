// Gives files to the analyzers that ask for them and keeps what they find, by path, as JSON text: what is in memory is what
// was found, never what was looked at.
import { CodedError } from '@guardcell/kit';
import {
  type Analysis,
  type Analyzer,
  type FileEntry,
  MAX_HELD_BYTES,
  STORED_FROM_BYTES,
} from '../analyzer.ts';
import type { FileContent } from '../content/file-content.ts';
import type { LayerLimits } from './limits.ts';
import { createSeenFiles, type SeenFile } from './seen-files.ts';

/** What one analyzer found in one file. */
export interface KeptFragment {
  readonly analyzer: string;
  readonly path: string;
  readonly json: string;
}

/** A file that could not be looked at. */
export interface FileProblem {
  readonly path: string;
  readonly message: string;
  /** Not the file's fault: another attempt may do better, so that nothing of this layer is kept. */
  readonly isPassing?: true;
}

export interface Findings {
  readonly fragments: readonly KeptFragment[];
  readonly problems: readonly FileProblem[];
}

export interface Dispatch {
  /** Lets analyzers note what its facts tell, before anybody reads it. @throws CodedError GC_LAYER_TOO_MANY_FINDINGS. */
  notice(entry: FileEntry, isDirectory: boolean): void;
  /** Whether somebody is to be told of a symbolic link at this path. */
  wantsLink(path: string): boolean;
  /** Keeps where the link leads for those. @throws as notice. */
  noticeLink(entry: FileEntry): void;
  /** Analyzers that want the bytes of this file; those it is too large for are noted. */
  wantedBy(entry: FileEntry): readonly Analyzer[];
  /** @throws CodedError GC_LAYER_TOO_MANY_FINDINGS. */
  analyze(entry: FileEntry, bytes: Uint8Array, wanted: readonly Analyzer[]): void;
  /** As `analyze`, for analyzers that `areStored` says can do that. @throws as analyze. */
  analyzeStored(entry: FileEntry, content: FileContent, wanted: readonly Analyzer[]): void;
  /** Another entry stands at this path now: what was found there, and below it, is gone. */
  replace(path: string, isDirectory: boolean): void;
  /** Gives a hard link what its target gave. Analyzers that have not seen the target are returned. */
  link(entry: FileEntry, target: string): readonly Analyzer[];
  problem(path: string, message: string, isPassing?: true): void;
  findings(): Findings;
}

/** Largest file that an analyzer is given. */
export const mostBytes = ({ analyzeStored, maxBytes }: Analyzer): number =>
  analyzeStored === undefined ? Math.min(maxBytes, MAX_HELD_BYTES) : maxBytes;

/** Whether a file stays on disk for those who want it, or must be in memory. */
export const isStored = (size: number, wanted: readonly Analyzer[]): boolean =>
  size > STORED_FROM_BYTES && wanted.every(({ analyzeStored }) => analyzeStored !== undefined);

const MAX_PROBLEMS = 10_000;
/** Of their paths and messages together. */
const MAX_PROBLEM_CHARS = 4 * 2 ** 20;
/** Entries of a layer that one analyzer notes by their facts alone. */
const MAX_NOTICED = 2000;

export function createDispatch(analyzers: readonly Analyzer[], limits: LayerLimits): Dispatch {
  const seen = createSeenFiles();
  const noticing = analyzers.filter((analyzer) => analyzer.notice !== undefined);
  const linkReaders = analyzers.filter(({ linksAt }) => linksAt !== undefined);
  const noticed = new Map<string, number>();
  const problems = new Map<string, FileProblem>();
  let problemChars = 0;
  let untold = 0;
  let fragments = 0;
  let chars = 0;
  let packages = 0;

  function problem(path: string, message: string, isPassing?: true): void {
    const isTold = problems.has(path);
    if (!isTold) problemChars += path.length + message.length;
    if (isTold || (problems.size < MAX_PROBLEMS && problemChars < MAX_PROBLEM_CHARS))
      problems.set(path, { path, message, ...(isPassing === undefined ? {} : { isPassing }) });
    else untold += 1;
  }

  function known(entry: FileEntry): SeenFile {
    return seen.get(entry.path) ?? { entry, by: [], fragments: [] };
  }

  function keep(into: SeenFile, analyzer: string, json: string): void {
    const named = packagesIn(json);
    if (named > limits.packages) {
      problem(into.entry.path, `${analyzer}: ${named} packages are more than can be kept in memory`);
      return;
    }
    fragments += 1;
    chars += json.length + into.entry.path.length;
    packages += named;
    if (fragments > limits.fragments || chars > limits.fragmentChars || packages > limits.packages) {
      throw new CodedError('GC_LAYER_TOO_MANY_FINDINGS', 'more package files than can be kept in memory', {
        at: into.entry.path,
      });
    }
    into.fragments.push({ analyzer, path: into.entry.path, json });
  }

  function run(analyzer: Analyzer, entry: FileEntry, into: SeenFile, analyze: Run): void {
    let result: Analysis;
    try {
      result = analyze(analyzer);
    } catch (error) {
      problem(entry.path, `${analyzer.id}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (result === undefined) return;
    if ('problem' in result) problem(entry.path, `${analyzer.id}: ${result.problem}`, result.isPassing);
    else {
      if (result.incomplete !== undefined)
        problem(entry.path, `${analyzer.id}: ${result.incomplete}`, result.isPassing);
      keep(into, analyzer.id, JSON.stringify(result.value));
    }
  }

  function runAll(entry: FileEntry, wanted: readonly Analyzer[], analyze: Run): void {
    const into = known(entry);
    for (const analyzer of wanted) {
      if (into.by.includes(analyzer.id)) continue;
      into.by.push(analyzer.id);
      run(analyzer, entry, into, analyze);
    }
    seen.add(into);
  }

  function keepNotice({ id }: Analyzer, entry: FileEntry, value: unknown): void {
    const count = (noticed.get(id) ?? 0) + 1;
    noticed.set(id, count);
    if (count <= MAX_NOTICED) {
      const into = known(entry);
      keep(into, id, JSON.stringify(value));
      seen.add(into);
    } else problem('/', `${id}: more than ${MAX_NOTICED} entries stand out; the others are not listed`);
  }

  return {
    notice(entry, isDirectory) {
      for (const analyzer of noticing) {
        const value = analyzer.notice?.(entry, isDirectory);
        if (value !== undefined) keepNotice(analyzer, entry, value);
      }
    },
    wantsLink: (path) => linkReaders.some(({ linksAt }) => linksAt?.has(path)),
    noticeLink(entry) {
      for (const analyzer of linkReaders) {
        if (analyzer.linksAt?.has(entry.path) === true) keepNotice(analyzer, entry, entry.link);
      }
    },
    wantedBy(entry) {
      let wanted: Analyzer[] | undefined;
      for (const analyzer of analyzers) {
        if (!analyzer.wants(entry)) continue;
        if (entry.size <= mostBytes(analyzer)) (wanted ??= []).push(analyzer);
        else
          problem(
            entry.path,
            `${analyzer.id}: the file has ${entry.size} bytes, at most ${mostBytes(analyzer)} are read`,
          );
      }
      return wanted ?? NOBODY;
    },
    analyze(entry, bytes, wanted) {
      runAll(entry, wanted, (analyzer) => analyzer.analyze({ ...entry, bytes }));
    },
    analyzeStored(entry, content, wanted) {
      runAll(entry, wanted, (analyzer) => analyzer.analyzeStored?.({ ...entry, content }));
    },
    replace(path, isDirectory) {
      if (problems.size > 0) problems.delete(path);
      seen.replace(path, isDirectory);
    },
    link(entry, target) {
      const first = seen.get(target);
      const facts: FileEntry = first === undefined ? entry : { ...first.entry, path: entry.path };
      const isSmall = (one: Analyzer): boolean => first === undefined || facts.size <= mostBytes(one);
      const wanted = analyzers.filter((analyzer) => analyzer.wants(facts) && isSmall(analyzer));
      if (first === undefined) return wanted;
      const into = known(facts);
      for (const analyzer of wanted.filter(({ id }) => first.by.includes(id))) {
        into.by.push(analyzer.id);
        for (const found of first.fragments) {
          if (found.analyzer === analyzer.id) keep(into, analyzer.id, found.json);
        }
      }
      seen.add(into);
      return wanted.filter(({ id }) => !first.by.includes(id));
    },
    problem,
    findings() {
      const list = [...problems.values()];
      if (untold > 0) list.push({ path: '/', message: `${untold} more files could not be looked at` });
      return { fragments: seen.fragments(), problems: list };
    },
  };
}

/** How many packages a fragment names: whatever its shape, each has a version. */
export function packagesIn(json: string): number {
  let count = 0;
  for (let at = json.indexOf(VERSION); at >= 0; at = json.indexOf(VERSION, at + VERSION.length)) count += 1;
  return count;
}

const VERSION = '"version":"';

const NOBODY: readonly Analyzer[] = [];

type Run = (analyzer: Analyzer) => Analysis;
