// A capture file being written: compressed when its name ends in .gz, memory bounded by refusing what is too much.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import type { CaptureSink } from './capture-writer.ts';

export type CaptureWriteErrorCode = 'GC_CAPTURE_EXISTS' | 'GC_CAPTURE_WRITE';

export interface CaptureFileOptions {
  /** Whether an existing file is replaced; default false. */
  readonly replace?: boolean;
}

export interface CaptureFile extends CaptureSink {
  readonly path: string;
  /** What is on disk so far, after compression. */
  readonly bytesWritten: number;
  /** Why nothing can be written any more. */
  readonly failure: CodedError<CaptureWriteErrorCode> | undefined;
  /** Writes what is waiting and closes; rejects with the failure, if there was one. */
  close(): Promise<void>;
}

/** Chunks that wait for the disk. */
const PENDING_MAX = 16 * 1024 * 1024;

function failureOf(path: string, cause: unknown): CodedError<CaptureWriteErrorCode> {
  if (systemErrorCode(cause) === 'EEXIST') {
    return new CodedError('GC_CAPTURE_EXISTS', 'the capture file exists already', {
      at: path,
      hint: 'Choose another name or remove it.',
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CodedError('GC_CAPTURE_WRITE', `the capture cannot be written: ${reason}`, { at: path, cause });
}

/** Opens the file (mode 0600). Errors come later, through `failure` and `close`. */
export function openCaptureFile(path: string, options: CaptureFileOptions = {}): CaptureFile {
  const file = createWriteStream(path, { flags: options.replace === true ? 'w' : 'wx', mode: 0o600 });
  const gzip = path.endsWith('.gz') ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  const input = gzip ?? file;
  let failure: CodedError<CaptureWriteErrorCode> | undefined;
  let pending = 0;

  function fail(cause: unknown): void {
    failure ??= failureOf(path, cause);
    gzip?.destroy();
    file.destroy();
  }
  file.on('error', fail);
  gzip?.on('error', fail);
  gzip?.pipe(file);
  const done = finished(file).catch(fail);

  return {
    path,
    get bytesWritten() {
      return file.bytesWritten;
    },
    get failure() {
      return failure;
    },
    write(chunk) {
      // one chunk is always taken, however large: the head of a capture is one
      if (failure !== undefined || (pending > 0 && pending + chunk.length > PENDING_MAX)) return false;
      pending += chunk.length;
      input.write(chunk, () => {
        pending -= chunk.length;
      });
      return true;
    },
    async close() {
      if (failure === undefined) input.end();
      await done;
      if (failure !== undefined) throw failure;
    },
  };
}
