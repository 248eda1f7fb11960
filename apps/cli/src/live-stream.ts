// Server-sent events over a connection that may break: goes on after the last item seen, and says when it cannot know.
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, readLines } from '@guardcell/kit';

const LINE_MAX_BYTES = 4 * 1024 * 1024;
const RECONNECT_EVERY_MS = 250;
/** `up` starts a server that died again within this time. */
const RECONNECT_FOR_MS = 5000;
const AWAY = /UNREACHABLE$|^GC_STOPPING$/;

export interface StreamItem {
  /** `gap`: items were left out; its data has their `count`, -1 when unknown. */
  readonly event: string;
  readonly data: string;
}

export interface StreamSource {
  /** Opens the stream after the item with this id; empty: from now on. @throws CodedError. */
  open(lastId: string): Promise<ReadableStream<Uint8Array>>;
  readonly signal: AbortSignal;
}

/** Ends only by throwing: what `open` throws when the server stays away, or the reason of the signal. */
export async function* followStream(source: StreamSource): AsyncGenerator<StreamItem, void, void> {
  const { signal } = source;
  let lastId = '';
  let brokeAtMs: number | undefined;
  for (;;) {
    let body: ReadableStream<Uint8Array>;
    try {
      body = await source.open(lastId);
    } catch (thrown) {
      const isAway = thrown instanceof CodedError && AWAY.test(thrown.code);
      const isOver = brokeAtMs === undefined || performance.now() - brokeAtMs > RECONNECT_FOR_MS;
      if (!isAway || isOver || signal.aborted) throw thrown;
      await sleep(RECONNECT_EVERY_MS, undefined, { signal });
      continue;
    }
    if (brokeAtMs !== undefined && lastId === '') yield { event: 'gap', data: '{"count":-1}' };
    try {
      let event = '';
      let id = '';
      for await (const line of readLines(body, LINE_MAX_BYTES)) {
        if (line.startsWith('event:')) event = line.slice(6).trim();
        else if (line.startsWith('id:')) id = line.slice(3).trim();
        else if (line.startsWith('data:')) {
          yield { event, data: line.slice(5).trim() };
          if (id !== '') lastId = id;
        }
      }
    } catch (thrown) {
      if (signal.aborted || thrown instanceof CodedError) throw thrown;
      // The connection broke off in the middle, as a killed server leaves it.
    }
    brokeAtMs = performance.now();
    await sleep(RECONNECT_EVERY_MS, undefined, { signal });
  }
}
