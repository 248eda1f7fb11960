// Large files of a layer: copied to disk as they come, for analyzers that read pieces of them, one file at a time.
import { CodedError } from '@guardcell/kit';
import type { Analyzer, FileEntry } from '../analyzer.ts';
import { openTemporaryFile, type TemporaryFile } from '../content/temporary-file.ts';
import type { Dispatch } from './dispatch.ts';
import type { LayerLimits } from './limits.ts';
import type { TarPieces } from './tar-reader.ts';

/** A name of the file, with those who want it under that. */
export interface StoredReader {
  readonly path: string;
  readonly wanted: readonly Analyzer[];
}

export interface StoredFiles {
  /** Copies a file and has it analyzed once it is whole. What cannot be copied becomes a problem of each of its names. */
  take(facts: FileEntry, readers: readonly StoredReader[]): TarPieces | false;
  /** Gives the disk its space back. */
  close(): void;
}

export function createStoredFiles(dispatch: Dispatch, limits: LayerLimits): StoredFiles {
  let file: TemporaryFile | undefined;
  let stored = 0;
  let analyzed = 0;

  function tell(readers: readonly StoredReader[], message: string, isPassing?: true): false {
    for (const { path } of readers) dispatch.problem(path, message, isPassing);
    return false;
  }

  /** Only what the disk cannot do is told here; the rest is a fault of ours. */
  function failed(error: unknown, readers: readonly StoredReader[]): false {
    if (!(error instanceof CodedError) || error.code !== 'GC_NO_TEMPORARY_SPACE') throw error;
    return tell(readers, error.message, true);
  }

  function analyze(of: TemporaryFile, facts: FileEntry, readers: readonly StoredReader[]): void {
    for (const { path, wanted } of readers) {
      analyzed += facts.size;
      if (analyzed > limits.storedBytes) tell([{ path, wanted }], tooMuch(limits));
      else dispatch.analyzeStored({ ...facts, path }, of.content(), wanted);
    }
  }

  return {
    take(facts, readers) {
      stored += facts.size;
      if (stored > limits.storedBytes) return tell(readers, tooMuch(limits));
      let into: TemporaryFile;
      try {
        into = file ??= openTemporaryFile();
      } catch (error) {
        return failed(error, readers);
      }
      let isWhole = true;
      return {
        piece(bytes) {
          if (!isWhole) return;
          try {
            into.write(bytes);
          } catch (error) {
            isWhole = failed(error, readers);
            into.empty();
          }
        },
        end() {
          if (!isWhole) return;
          analyze(into, facts, readers);
          into.empty();
        },
      };
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

const tooMuch = ({ storedBytes }: LayerLimits): string =>
  `the layer has more than ${storedBytes} bytes in files too large for memory`;
