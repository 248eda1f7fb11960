// Fans stored alerts out to live streams. A stream is always at one position of the store: while it keeps up it is fed
// from memory, when it falls behind (or resumes) it is fed from the store, so nothing is missed, repeated or piled up.
import { type Alert, type EventQuery, matchesQuery } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { EventStore, StoredAlert } from '@guardcell/store';

/** Where a stream's messages go: one HTTP response. */
export interface LiveSink {
  /** Bytes accepted but not yet taken by the client. */
  pendingBytes(): number;
  write(message: string): void;
  /** Resolves when the client has taken everything, or the stream has ended. */
  drained(): Promise<void>;
}

export interface LiveStream {
  close(): void;
}

/** Hints that something other than an alert changed. */
export type HintName = 'action' | 'container' | 'status' | 'scan';

export interface LiveHub {
  /** New alerts, durable, in order of position. */
  publish(stored: readonly StoredAlert[]): void;
  hint(name: HintName, data: unknown): void;
  /** Streams what matches from just after `position` (default: from now on). */
  open(sink: LiveSink, query: EventQuery, position?: number): LiveStream;
  /** Position of the newest alert published. */
  head(): number;
  readonly streams: number;
}

const PAGE = 200;
const MAX_PENDING_BYTES: number = 1024 * 1024;
const RETRY_MS = 1000;

interface Stream {
  readonly sink: LiveSink;
  readonly query: EventQuery;
  position: number;
  /** Fed from the store rather than from memory. */
  catchingUp: boolean;
  /** Alerts that matched while the client was too slow. */
  missed: number;
  closed: boolean;
}

/** One server-sent event. JSON has no line breaks, so `data` is one line. */
export function sseMessage(event: string, json: string, id = ''): string {
  return `${id === '' ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`;
}

function alertMessage(alert: Alert): string {
  return sseMessage('alert', JSON.stringify(alert), alert.id);
}

export function createLiveHub(
  events: Pick<EventStore, 'after'>,
  startPosition: number,
  logger: Logger,
): LiveHub {
  const streams = new Set<Stream>();
  let head = startPosition;

  async function sendPage(stream: Stream): Promise<boolean> {
    const headBefore = head;
    const page = await events.after(stream.position, stream.query, PAGE);
    for (const { position, alert } of page) {
      if (stream.closed) return true;
      stream.sink.write(alertMessage(alert));
      stream.position = position;
    }
    if (stream.sink.pendingBytes() > MAX_PENDING_BYTES / 2) await stream.sink.drained();
    if (page.length === PAGE) return false;
    // Everything up to `headBefore` was readable; whatever did not match is behind us too.
    stream.position = Math.max(stream.position, headBefore);
    return head <= stream.position;
  }

  async function catchUp(stream: Stream): Promise<void> {
    stream.catchingUp = true;
    while (!stream.closed) {
      try {
        if (stream.sink.pendingBytes() > MAX_PENDING_BYTES / 2) await stream.sink.drained();
        if (stream.missed > 0) {
          stream.sink.write(sseMessage('gap', JSON.stringify({ count: stream.missed })));
          stream.missed = 0;
        }
        if (await sendPage(stream)) break;
      } catch (thrown) {
        logger.warn('a live stream waits for the store', { ...errorFacts(thrown) });
        await new Promise((done) => setTimeout(done, RETRY_MS).unref());
      }
    }
    stream.catchingUp = false;
  }

  function feed(stream: Stream, stored: readonly StoredAlert[], message: (at: number) => string): void {
    for (const [at, { position, alert }] of stored.entries()) {
      if (position <= stream.position) continue;
      const wanted = matchesQuery(alert, stream.query);
      if (wanted && stream.sink.pendingBytes() > MAX_PENDING_BYTES) {
        stream.missed = stored.slice(at).filter((each) => matchesQuery(each.alert, stream.query)).length;
        void catchUp(stream);
        return;
      }
      if (wanted) stream.sink.write(message(at));
      stream.position = position;
    }
  }

  return {
    publish(stored) {
      const messages = new Map<number, string>();
      function message(at: number): string {
        const known = messages.get(at);
        if (known !== undefined) return known;
        const alert = stored[at]?.alert;
        const text = alert === undefined ? '' : alertMessage(alert);
        messages.set(at, text);
        return text;
      }
      for (const stream of streams) {
        if (!stream.catchingUp) feed(stream, stored, message);
        else if (stream.missed > 0) stream.missed += stored.length;
      }
      head = Math.max(head, stored.at(-1)?.position ?? 0);
    },
    hint(name, data) {
      const message = sseMessage(name, JSON.stringify(data));
      for (const stream of streams) {
        // A hint only says "look again"; a client that is this slow looks again anyway when it has caught up.
        if (stream.sink.pendingBytes() <= MAX_PENDING_BYTES) stream.sink.write(message);
      }
    },
    open(sink, query, position) {
      const stream: Stream = {
        sink,
        query,
        position: position ?? head,
        catchingUp: false,
        missed: 0,
        closed: false,
      };
      streams.add(stream);
      if (stream.position < head) void catchUp(stream);
      return {
        close() {
          stream.closed = true;
          streams.delete(stream);
        },
      };
    },
    head: () => head,
    get streams() {
      return streams.size;
    },
  };
}
