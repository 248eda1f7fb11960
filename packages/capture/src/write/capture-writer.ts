// A capture as a stream: head first, then chunks of whole blocks. Keeps track of what readers know already.
import type { Container, RuntimeEvent, Thread } from '@guardcell/core';
import { isHost } from '@guardcell/core';
import { ByteBuffer } from './byte-buffer.ts';
import { createEventEncoder, type EventEncoderOptions } from './event-encoder.ts';
import { writeHead } from './head-blocks.ts';
import type { MachineFacts, ProcessSnapshot } from './snapshot.ts';

/** Where a capture goes. */
export interface CaptureSink {
  /** Takes a chunk that may be kept; false when there is no room and it is dropped. */
  write(chunk: Buffer): boolean;
}

export interface CaptureWriterOptions extends EventEncoderOptions {
  /** Chunks are handed on when they are this large; default 64 KiB. */
  readonly chunkBytes?: number;
  /** What is known of a container now; with it, `advance` waits for the metadata of new ones. */
  containerById?(id: string): Container;
}

export interface CaptureCounts {
  /** Events of the source that are in the capture. */
  readonly events: number;
  /** Events that the sink had no room for. */
  readonly dropped: number;
  /** Events that the format has no entry for. */
  readonly notInFormat: number;
  /** Parameters that were cut to 64 KiB. */
  readonly shortened: number;
  /** Before compression. */
  readonly bytes: number;
}

export interface CaptureWriter {
  /** Writes the head; to be called first, once. */
  begin(machine: MachineFacts, snapshot: ProcessSnapshot, containers: Iterable<Container>): void;
  event(event: RuntimeEvent): void;
  /** Writes blocks that were encoded before, in the order given. */
  raw(blocks: Uint8Array, events: number): void;
  /** Tells of a container once more is known of it than its id. */
  container(container: Container): void;
  /** Hands on what is waiting. */
  flush(): void;
  /** The same, but events of a new container wait some seconds for its name and image, which come before them. */
  advance(): void;
  counts(): CaptureCounts;
}

const CHUNK_BYTES = 64 * 1024;
/** How long events wait for what a runtime says of their container, and how much may wait, bytes. */
const METADATA_WAIT_MS = 3000;
const WAITING_MAX = 4 * 1024 * 1024;
/** Threads and containers that readers were told of; beyond that they are told again, which does no harm. */
const KNOWN_MAX = 65_536;

export function captureWriter(sink: CaptureSink, options: CaptureWriterOptions = {}): CaptureWriter {
  const { chunkBytes = CHUNK_BYTES } = options;
  const encoder = createEventEncoder(options);
  const out = new ByteBuffer(chunkBytes + 64 * 1024);
  /** What readers must know before the events that wait. */
  const front = new ByteBuffer(4096);
  const knownThreads = new Map<number, number>();
  const knownContainers = new Set<string>();
  /** New containers of which only the id is known, with the time of their first event here. */
  const bareContainers = new Map<
    string,
    { readonly sinceMs: number; readonly tid: number; readonly timeNs: bigint }
  >();
  let waiting = 0;
  let events = 0;
  let dropped = 0;
  let notInFormat = 0;
  let bytes = 0;

  /** Whether events still wait for the metadata of their container. */
  function isWaiting(): boolean {
    let waits = false;
    const nowMs = Date.now();
    for (const [id, { sinceMs, tid, timeNs }] of bareContainers) {
      const container = options.containerById?.(id);
      if (container?.complete === true) learnContainer(container, tid, timeNs);
      else if (nowMs < sinceMs + METADATA_WAIT_MS) waits = true;
    }
    return waits;
  }

  function flush(): void {
    isWaiting();
    if (out.length === 0 && front.length === 0) return;
    const chunk = Buffer.concat([front.view(), out.view()]);
    front.clear();
    out.clear();
    if (sink.write(chunk)) {
      events += waiting;
      bytes += chunk.length;
    } else {
      dropped += waiting;
      // readers did not see what these chunks told them
      knownThreads.clear();
      knownContainers.clear();
    }
    waiting = 0;
  }

  function learnContainer(container: Container, tid: number, timeNs: bigint): void {
    if (isHost(container) || knownContainers.has(container.id)) return;
    if (!container.complete) {
      if (options.containerById === undefined || bareContainers.has(container.id)) return;
      if (bareContainers.size >= KNOWN_MAX) bareContainers.clear();
      bareContainers.set(container.id, { sinceMs: Date.now(), tid, timeNs });
      return;
    }
    bareContainers.delete(container.id);
    if (knownContainers.size >= KNOWN_MAX) knownContainers.clear();
    knownContainers.add(container.id);
    encoder.container(front, container, tid, timeNs);
  }

  function learnThread(thread: Thread, event: RuntimeEvent): void {
    const { tid, pid } = thread;
    if (knownThreads.get(tid) === pid) return;
    if (tid !== pid && knownThreads.get(pid) !== pid) {
      // readers take what threads share from their process
      encoder.thread(out, thread, { tid: pid, vtid: thread.vpid }, event.timeNs, event.cpu);
      knownThreads.set(pid, pid);
    }
    if (knownThreads.size >= KNOWN_MAX) knownThreads.clear();
    knownThreads.set(tid, pid);
    encoder.thread(out, thread, thread, event.timeNs, event.cpu);
  }

  return {
    begin(machine, snapshot, containers) {
      writeHead(out, machine, snapshot);
      for (const { tid, pid } of snapshot.threads) knownThreads.set(tid, pid);
      flush();
      for (const container of containers) learnLater(container);
      flush();
    },
    event(event) {
      const { thread } = event;
      learnContainer(thread.container, thread.tid, event.timeNs);
      learnThread(thread, event);
      if (!encoder.event(out, event)) {
        notInFormat++;
        return;
      }
      waiting++;
      if (encoder.toldPid !== 0) knownThreads.set(encoder.toldPid, encoder.toldPid);
      if (event.type === 'procexit') knownThreads.delete(thread.pid);
      if (out.length >= chunkBytes) advance();
    },
    raw(blocks, count) {
      out.raw(blocks);
      waiting += count;
      if (out.length >= chunkBytes) flush();
    },
    container: learnLater,
    flush,
    advance,
    counts: () => ({ events, dropped, notInFormat, shortened: encoder.shortened, bytes }),
  };

  function advance(): void {
    if (out.length < WAITING_MAX && isWaiting()) return;
    flush();
  }

  function learnLater(container: Container): void {
    learnContainer(container, container.pid, BigInt(Date.now()) * 1_000_000n);
  }
}
