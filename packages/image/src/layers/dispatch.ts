// Gives files to the analyzers that ask for them and keeps what they find, by path, as JSON text: what is in memory is what
// was found, never what was looked at.
import { CodedError } from '@guardcell/kit';
import type { Analyzer, FileEntry } from '../analyzer.ts';
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
}

export interface Findings {
  readonly fragments: readonly KeptFragment[];
  readonly problems: readonly FileProblem[];
}

export interface Dispatch {
  /** Lets analyzers note what its facts tell, before anybody reads it. @throws CodedError GC_LAYER_TOO_MANY_FINDINGS. */
  notice(entry: FileEntry, isDirectory: boolean): void;
  /** Analyzers that want the bytes of this file; those it is too large for are noted. */
  wantedBy(entry: FileEntry): readonly Analyzer[];
  /** @throws CodedError GC_LAYER_TOO_MANY_FINDINGS. */
  analyze(entry: FileEntry, bytes: Uint8Array, wanted: readonly Analyzer[]): void;
  /** Another entry stands at this path now: what was found there, and below it, is gone. */
  replace(path: string, isDirectory: boolean): void;
  /** Gives a hard link what its target gave. Analyzers that have not seen the target are returned. */
  link(entry: FileEntry, target: string): readonly Analyzer[];
  problem(path: string, message: string): void;
  findings(): Findings;
}

const MAX_PROBLEMS = 10_000;
/** Of their paths and messages together. */
const MAX_PROBLEM_CHARS = 4 * 2 ** 20;
/** Entries of a layer that one analyzer notes by their facts alone. */
const MAX_NOTICED = 2000;

export function createDispatch(analyzers: readonly Analyzer[], limits: LayerLimits): Dispatch {
  const seen = createSeenFiles();
  const noticing = analyzers.filter((analyzer) => analyzer.notice !== undefined);
  const noticed = new Map<string, number>();
  const problems = new Map<string, string>();
  let problemChars = 0;
  let untold = 0;
  let fragments = 0;
  let chars = 0;

  function problem(path: string, message: string): void {
    const isTold = problems.has(path);
    if (!isTold) problemChars += path.length + message.length;
    if (isTold || (problems.size < MAX_PROBLEMS && problemChars < MAX_PROBLEM_CHARS))
      problems.set(path, message);
    else untold += 1;
  }

  function known(entry: FileEntry): SeenFile {
    return seen.get(entry.path) ?? { entry, by: [], fragments: [] };
  }

  function keep(into: SeenFile, analyzer: string, json: string): void {
    fragments += 1;
    chars += json.length + into.entry.path.length;
    if (fragments > limits.fragments || chars > limits.fragmentChars) {
      throw new CodedError('GC_LAYER_TOO_MANY_FINDINGS', 'more package files than can be kept in memory', {
        at: into.entry.path,
      });
    }
    into.fragments.push({ analyzer, path: into.entry.path, json });
  }

  function run(analyzer: Analyzer, entry: FileEntry, bytes: Uint8Array, into: SeenFile): void {
    let result: ReturnType<Analyzer['analyze']>;
    try {
      result = analyzer.analyze({ ...entry, bytes });
    } catch (error) {
      problem(entry.path, `${analyzer.id}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (result === undefined) return;
    if ('problem' in result) problem(entry.path, `${analyzer.id}: ${result.problem}`);
    else {
      if (result.incomplete !== undefined) problem(entry.path, `${analyzer.id}: ${result.incomplete}`);
      keep(into, analyzer.id, JSON.stringify(result.value));
    }
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
    wantedBy(entry) {
      let wanted: Analyzer[] | undefined;
      for (const analyzer of analyzers) {
        if (!analyzer.wants(entry)) continue;
        if (entry.size <= analyzer.maxBytes) (wanted ??= []).push(analyzer);
        else
          problem(
            entry.path,
            `${analyzer.id}: the file has ${entry.size} bytes, at most ${analyzer.maxBytes} are read`,
          );
      }
      return wanted ?? NOBODY;
    },
    analyze(entry, bytes, wanted) {
      const into = known(entry);
      for (const analyzer of wanted) {
        if (into.by.includes(analyzer.id)) continue;
        into.by.push(analyzer.id);
        run(analyzer, entry, bytes, into);
      }
      seen.add(into);
    },
    replace(path, isDirectory) {
      if (problems.size > 0) problems.delete(path);
      seen.replace(path, isDirectory);
    },
    link(entry, target) {
      const first = seen.get(target);
      const facts: FileEntry = first === undefined ? entry : { ...first.entry, path: entry.path };
      const isSmall = ({ maxBytes }: Analyzer): boolean => first === undefined || facts.size <= maxBytes;
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
      const list = [...problems].map(([path, message]) => ({ path, message }));
      if (untold > 0) list.push({ path: '/', message: `${untold} more files could not be looked at` });
      return { fragments: seen.fragments(), problems: list };
    },
  };
}

const NOBODY: readonly Analyzer[] = [];
