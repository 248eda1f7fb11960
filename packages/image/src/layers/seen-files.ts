// Which files of a layer were looked at, with what they gave: for entries that replace others, and for hard links.
// Everything in here is bounded: a layer may have millions of files that somebody wants to see.
import { CodedError } from '@guardcell/kit';
import type { FileEntry } from '../analyzer.ts';
import type { KeptFragment } from './dispatch.ts';

export interface SeenFile {
  readonly entry: FileEntry;
  /** Ids of analyzers. */
  readonly by: string[];
  readonly fragments: KeptFragment[];
}

export interface SeenFiles {
  get(path: string): SeenFile | undefined;
  /** Remembers it. Of files that gave nothing only some are: hard links to the others are read once more. */
  add(file: SeenFile): void;
  /** Another entry stands at this path now: what was found there, and below it, is gone. */
  replace(path: string, isDirectory: boolean): void;
  fragments(): readonly KeptFragment[];
}

const MAX_WITHOUT_FINDINGS = 20_000;
const MAX_DIRECTORIES = 500_000;
/** Looks at remembered files because a directory became a file. */
const MAX_STEPS = 20_000_000;

function tooMany(at: string): CodedError {
  return new CodedError('GC_LAYER_TOO_MANY_FINDINGS', 'more package files than can be kept in memory', {
    at,
  });
}

/** All functions but `get` throw CodedError GC_LAYER_TOO_MANY_FINDINGS. */
export function createSeenFiles(): SeenFiles {
  const files = new Map<string, SeenFile>();
  /** Directories that lead to something found. */
  const above = new Set<string>();
  let without = 0;
  let steps = 0;

  function noteDirectories(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end);
      if (above.has(directory)) return;
      if (above.size >= MAX_DIRECTORIES) throw tooMany(path);
      above.add(directory);
    }
  }

  return {
    get: (path) => files.get(path),
    add(file) {
      const { path } = file.entry;
      if (files.get(path) === file) return;
      if (file.fragments.length === 0) {
        if (without >= MAX_WITHOUT_FINDINGS) return;
        without += 1;
      } else {
        noteDirectories(path);
      }
      files.set(path, file);
    },
    replace(path, isDirectory) {
      if (files.size === 0) return;
      files.delete(path);
      if (isDirectory || !above.delete(path)) return;
      steps += files.size;
      if (steps > MAX_STEPS) throw tooMany(path);
      for (const lower of files.keys()) if (lower.startsWith(`${path}/`)) files.delete(lower);
    },
    fragments: () => [...files.values()].flatMap((file) => file.fragments),
  };
}
