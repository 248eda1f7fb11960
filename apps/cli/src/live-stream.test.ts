import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@guardcell/kit';
import { followStream } from './live-stream.ts';

function body(text: string, breaksOff = false): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      if (!breaksOff) controller.close();
    },
    pull(controller) {
      if (breaksOff) controller.error(new TypeError('terminated'));
    },
  });
}

const message = (id: number): string => `event: alert\nid: ${id}\ndata: {"n":${id}}\n\n`;
const forbidden = (): CodedError => new CodedError('GC_FORBIDDEN', 'no');

test('a stream that breaks off goes on after the last item seen', async () => {
  const asked: string[] = [];
  const seen: string[] = [];
  const bodies = [body(message(1) + message(2), true), body(message(3))];
  const stream = followStream({
    open(lastId) {
      asked.push(lastId);
      const next = bodies.shift();
      return next === undefined ? Promise.reject(forbidden()) : Promise.resolve(next);
    },
    signal: new AbortController().signal,
  });
  await assert.rejects(
    async () => {
      for await (const { event, data } of stream) seen.push(`${event} ${data}`);
    },
    { code: 'GC_FORBIDDEN' },
  );
  assert.deepEqual(asked, ['', '2', '3']);
  assert.deepEqual(seen, ['alert {"n":1}', 'alert {"n":2}', 'alert {"n":3}']);
});

test('when nothing was seen before the break, a gap of unknown size is declared', async () => {
  const bodies = [body(': connected\n\n'), body(message(7))];
  const stream = followStream({
    open() {
      const next = bodies.shift();
      return next === undefined ? Promise.reject(forbidden()) : Promise.resolve(next);
    },
    signal: new AbortController().signal,
  });
  assert.deepEqual((await stream.next()).value, { event: 'gap', data: '{"count":-1}' });
  assert.deepEqual((await stream.next()).value, { event: 'alert', data: '{"n":7}' });
  await stream.return();
});

test('a server that does not answer at all is not waited for', async () => {
  const stream = followStream({
    open: () => Promise.reject(new CodedError('GC_SERVER_UNREACHABLE', 'away')),
    signal: new AbortController().signal,
  });
  await assert.rejects(stream.next(), { code: 'GC_SERVER_UNREACHABLE' });
});
