// Reading a capture from its first byte to its last, within bounded memory.
import { type Container, isHost, type RuntimeEvent } from '@guardcell/core';
import type { UserAccount } from '../state/accounts.ts';
import { createWorld } from '../state/world.ts';
import { CaptureError } from './fault.ts';
import { Parser } from './parser.ts';
import { planEvents } from './plan.ts';
import { type CaptureSource, isGzip, sourceChunks, unpack } from './source.ts';

export interface ReadOptions {
  /** Types to deliver; all when left out. Others are counted, and keep the state. */
  readonly eventTypes?: ReadonlySet<string>;
  /**
   * Of these, the types whose enter events are to be delivered too (`isEnter`); all that have any when left out:
   * open, openat, openat2, creat, connect.
   */
  readonly enterTypes?: ReadonlySet<string>;
  /** Events before keep the state but are not delivered; ns since 1970. */
  readonly sinceNs?: bigint;
  /** Reading ends after the first event later than this; ns since 1970. */
  readonly untilNs?: bigint;
  /** Follow memory figures of processes (`Thread.resources`), which costs time. */
  readonly figures?: boolean;
  /** Ends the reading between two pieces of input. */
  readonly signal?: AbortSignal;
  /** Synchronous. The event is valid only during the call; what it throws ends the reading. */
  onEvent(event: RuntimeEvent): void;
  /** Bytes of the source (packed, if it is) that were read so far. */
  onProgress?(bytes: number): void;
}

export interface CaptureStats {
  /** All events in the capture, enter events and unknown ones included. */
  readonly events: number;
  readonly delivered: number;
  /** Events of types that the event table does not have. */
  readonly skippedTypes: number;
  /** Unpacked bytes. */
  readonly bytes: number;
  readonly threads: number;
  /** Threads that had to be forgotten while they ran. */
  readonly evictedThreads: number;
  /** Open descriptors that could not be kept. */
  readonly lostDescriptors: number;
  /** Enter events whose parameters could not be kept until the call returned. */
  readonly lostEnterEvents: number;
  /** What is wrong with the capture; everything before it was delivered. */
  readonly fault?: CaptureError;
}

export interface Capture {
  /** Reads everything. Throws `GC_CAPTURE_READ` when the source cannot be read at all. May be called once. */
  read(options: ReadOptions): Promise<CaptureStats>;
  /** Name of the captured machine, '' while unknown. */
  hostname(): string;
  /** Accounts of the captured machine, for the rule engine's environment. */
  userName(uid: number, container: Container): string | undefined;
  groupName(gid: number, container: Container): string | undefined;
  userHome(uid: number, container: Container): string | undefined;
  userShell(uid: number, container: Container): string | undefined;
}

const WINDOW = 1024 * 1024;
const GIVE_WAY_BYTES = 16 * 1024 * 1024;

export interface CaptureLimits {
  /** Threads kept at a time. */
  readonly maxThreads?: number;
}

/** A capture in a file, in memory or in a stream, raw or gzip. Nothing is read yet. */
export function openCapture(source: CaptureSource, limits: CaptureLimits = {}): Capture {
  const world = createWorld(limits.maxThreads);
  const user = (uid: number, container: Container): UserAccount | undefined =>
    world.accounts.user(uid, isHost(container) ? '' : container.id);
  return {
    read: (options) => readAll(source, world, options),
    hostname: () => world.hostname,
    userName: (uid, container) => user(uid, container)?.name,
    groupName: (gid, container) => world.accounts.group(gid, isHost(container) ? '' : container.id),
    userHome: (uid, container) => user(uid, container)?.home,
    userShell: (uid, container) => user(uid, container)?.shell,
  };
}

async function readAll(
  source: CaptureSource,
  world: ReturnType<typeof createWorld>,
  options: ReadOptions,
): Promise<CaptureStats> {
  const parser = new Parser({
    world,
    plan: planEvents({
      eventTypes: options.eventTypes,
      enterTypes: options.enterTypes,
      figures: options.figures ?? false,
    }),
    sinceNs: options.sinceNs,
    untilNs: options.untilNs,
    onEvent: (event) => options.onEvent(event),
  });
  let bytes = 0;
  let fault: CaptureError | undefined;
  try {
    bytes = isRawMemory(source)
      ? await readMemory(source, parser, options)
      : await readStream(source, parser, options);
  } catch (thrown) {
    if (!(thrown instanceof CaptureError) || thrown.code === 'GC_CAPTURE_READ') throw thrown;
    fault = thrown;
  }
  return {
    events: parser.events,
    delivered: parser.delivered,
    skippedTypes: parser.unknownTypes,
    bytes,
    threads: world.threads.size,
    evictedThreads: world.threads.evicted,
    lostDescriptors: world.threads.budget.lost,
    lostEnterEvents: parser.lostEnters,
    ...(fault === undefined ? {} : { fault }),
  };
}

function isRawMemory(source: CaptureSource): source is Uint8Array {
  return source instanceof Uint8Array && !isGzip(source);
}

function giveWay(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}

/** Bytes in memory are their own window: nothing moves. */
async function readMemory(source: Uint8Array, parser: Parser, options: ReadOptions): Promise<number> {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  parser.useWindow(bytes, 0);
  let at = 0;
  for (let to = 0; to < bytes.length && !parser.isDone && options.signal?.aborted !== true; ) {
    to = Math.min(to + GIVE_WAY_BYTES, bytes.length);
    at = parser.parse(at, to);
    options.onProgress?.(to);
    if (to < bytes.length) await giveWay();
  }
  if (options.signal?.aborted !== true) parser.finish(at, bytes.length - at);
  return bytes.length;
}

async function readStream(source: CaptureSource, parser: Parser, options: ReadOptions): Promise<number> {
  const window = createWindow(parser);
  const chunks = sourceChunks(source)[Symbol.asyncIterator]();
  let packed = 0;
  let sinceRest = 0;
  const counted: AsyncIterator<Uint8Array> = {
    next: async () => {
      if (options.signal?.aborted === true) return { done: true, value: undefined };
      const chunk = await chunks.next();
      if (chunk.done === true) return chunk;
      packed += chunk.value.length;
      sinceRest += chunk.value.length;
      options.onProgress?.(packed);
      if (sinceRest >= GIVE_WAY_BYTES) {
        sinceRest = 0;
        await giveWay();
      }
      return chunk;
    },
  };
  try {
    const first = await firstChunk(counted);
    if (isGzip(first))
      await unpack(
        first,
        counted,
        (bytes) => window.take(bytes),
        () => window.bytes(),
      );
    else await takeAll(first, counted, (bytes) => window.take(bytes));
    if (options.signal?.aborted !== true) window.finish();
  } finally {
    await chunks.return?.();
  }
  return window.bytes();
}

/** The first bytes, enough to see whether they are packed. */
async function firstChunk(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < 2) {
    const chunk = await chunks.next();
    if (chunk.done === true) break;
    first = first.length === 0 ? chunk.value : Buffer.concat([first, chunk.value]);
  }
  return first;
}

async function takeAll(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  sink: (bytes: Uint8Array) => boolean,
): Promise<void> {
  let isWanted = sink(first);
  while (isWanted) {
    const chunk = await rest.next();
    if (chunk.done === true) return;
    isWanted = sink(chunk.value);
  }
}

interface Window {
  /** Appends and parses; false when no more is wanted. */
  take(bytes: Uint8Array): boolean;
  finish(): void;
  bytes(): number;
}

/** A buffer that holds what is not parsed yet; grows only for a block that is longer than it. */
function createWindow(parser: Parser): Window {
  let buffer: Buffer = Buffer.allocUnsafeSlow(WINDOW);
  let used = 0;
  let base = 0;
  parser.useWindow(buffer, 0);
  const parse = (): void => {
    const at = parser.parse(0, used);
    if (at === 0) return;
    parser.saveEnters();
    buffer.copyWithin(0, at, used);
    used -= at;
    base += at;
    parser.useWindow(buffer, base);
  };
  const makeRoom = (): void => {
    if (used < buffer.length) return;
    parser.saveEnters();
    const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
    buffer.copy(larger, 0, 0, used);
    buffer = larger;
    parser.useWindow(buffer, base);
  };
  return {
    take(bytes) {
      let at = 0;
      while (at < bytes.length && !parser.isDone) {
        makeRoom();
        const count = Math.min(bytes.length - at, buffer.length - used);
        buffer.set(bytes.subarray(at, at + count), used);
        used += count;
        at += count;
        parse();
      }
      return !parser.isDone;
    },
    finish: () => parser.finish(0, used),
    bytes: () => base + used,
  };
}
