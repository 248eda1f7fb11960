// A recording on disk: one file, or a ring of files of limited size of which the newest are kept.
import { rmSync } from 'node:fs';
import type { Container, RuntimeEvent } from '@guardcell/core';
import type { CodedError } from '@guardcell/kit';
import { type CaptureFile, type CaptureWriteErrorCode, openCaptureFile } from './capture-file.ts';
import {
  type CaptureCounts,
  type CaptureWriter,
  type CaptureWriterOptions,
  captureWriter,
} from './capture-writer.ts';
import type { MachineFacts, ProcessSnapshot } from './snapshot.ts';

export interface CaptureFilesOptions extends Omit<CaptureWriterOptions, 'chunkBytes'> {
  readonly path: string;
  /** Bytes of one file on disk; default without limit. A file may exceed it by what waits to be written. */
  readonly maxBytes?: number;
  /** How many files are kept when one is full; 0 (default) ends the recording instead. */
  readonly rotate?: number;
  readonly replace?: boolean;
  /** What is known when a file begins. */
  head(): {
    readonly machine: MachineFacts;
    readonly snapshot: ProcessSnapshot;
    readonly containers: readonly Container[];
  };
}

export interface CaptureTotals extends CaptureCounts {
  /** On disk, of the files that still exist and those that were removed. */
  readonly diskBytes: number;
  readonly files: number;
  readonly removedFiles: number;
  /** Processes and descriptors that the head left out because there were too many. */
  readonly leftOut: number;
}

export interface CaptureFiles {
  event(event: RuntimeEvent): void;
  /** To be called every second: writes what waits, begins the next file. False when the recording is full. */
  tick(): boolean;
  totals(): CaptureTotals;
  /** Why nothing can be written any more. */
  readonly failure: CodedError<CaptureWriteErrorCode> | undefined;
  close(): Promise<void>;
}

const NO_COUNTS: CaptureCounts = { events: 0, dropped: 0, notInFormat: 0, shortened: 0, bytes: 0 };
const CHUNK_BYTES = 1024 * 1024;

/** `a.scap.gz` → `a.000002.scap.gz`. */
export function rotatedName(path: string, number: number): string {
  const name = /^(.*?)(\.scap)?(\.gz)?$/s.exec(path);
  return `${name?.[1] ?? path}.${String(number).padStart(6, '0')}${name?.[2] ?? ''}${name?.[3] ?? ''}`;
}

function sum(a: CaptureCounts, b: CaptureCounts): CaptureCounts {
  return {
    events: a.events + b.events,
    dropped: a.dropped + b.dropped,
    notInFormat: a.notInFormat + b.notInFormat,
    shortened: a.shortened + b.shortened,
    bytes: a.bytes + b.bytes,
  };
}

/** Begins the first file at once. */
export function openCaptureFiles(options: CaptureFilesOptions): CaptureFiles {
  const rotate = options.rotate ?? 0;
  const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  const kept: string[] = [];
  const closing = new Set<Promise<void>>();
  let past = NO_COUNTS;
  let pastBytes = 0;
  let files = 0;
  let removedFiles = 0;
  let leftOut = 0;
  let failure: CodedError<CaptureWriteErrorCode> | undefined;
  let current = begin();

  function begin(): { readonly file: CaptureFile; readonly writer: CaptureWriter } {
    files++;
    const path = rotate > 0 ? rotatedName(options.path, files) : options.path;
    const file = openCaptureFile(path, { replace: options.replace === true });
    const writer = captureWriter(file, { ...options, chunkBytes: CHUNK_BYTES });
    const { machine, snapshot, containers } = options.head();
    leftOut += snapshot.leftOut;
    writer.begin(machine, snapshot, containers);
    kept.push(path);
    // with one file at a time, one leaves when one comes
    if (rotate > 0 && kept.length > rotate) {
      rmSync(kept.shift() ?? '', { force: true });
      removedFiles++;
    }
    return { file, writer };
  }

  function end(): Promise<void> {
    const { file, writer } = current;
    writer.flush();
    past = sum(past, writer.counts());
    const closed = file
      .close()
      .catch((error: unknown) => {
        failure ??= file.failure;
        if (file.failure === undefined) throw error;
      })
      .finally(() => {
        pastBytes += file.bytesWritten;
        closing.delete(closed);
      });
    closing.add(closed);
    return closed;
  }

  let isOpen = true;
  return {
    get failure() {
      return failure ?? current.file.failure;
    },
    event(event) {
      if (isOpen) current.writer.event(event);
    },
    tick() {
      if (!isOpen) return false;
      current.writer.advance();
      if (current.file.bytesWritten < maxBytes) return true;
      if (rotate === 0) return false;
      void end();
      current = begin();
      return true;
    },
    totals() {
      const own = isOpen ? current.writer.counts() : NO_COUNTS;
      const ownBytes = isOpen ? current.file.bytesWritten : 0;
      return { ...sum(past, own), diskBytes: pastBytes + ownBytes, files, removedFiles, leftOut };
    },
    async close() {
      if (!isOpen) return;
      const last = end();
      isOpen = false;
      await Promise.all([last, ...closing]);
      if (failure !== undefined) throw failure;
    },
  };
}
