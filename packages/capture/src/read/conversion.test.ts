import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPTURE_EVENT_TYPES, EVENT_COUNT } from '../format/event-types.ts';
import { address4, event, type ParamInput, processes, section, tuple4 } from '../testing/build-capture.ts';
import { readEvents, type SeenEvent } from '../testing/read-events.ts';

const HEAD = [section(), processes([{ tid: 100, comm: 'sh', cwd: '/work' }])];

/** The events of one call: what was passed, then what came back. */
async function call(
  exit: number,
  enter: readonly ParamInput[],
  result: readonly ParamInput[],
): Promise<SeenEvent> {
  const { events, stats } = await readEvents([
    ...HEAD,
    event({ id: exit - 1, layout: 1, params: enter }),
    event({ id: exit, layout: 1, params: result }),
  ]);
  assert.equal(stats.fault, undefined);
  const last = events.at(-1);
  assert.ok(last);
  return last;
}

test('what only the enter event of an old pair carried is a parameter of the event that is delivered', async () => {
  assert.deepEqual((await call(5, [3], [0])).params, { res: 0, fd: 3 });
  assert.deepEqual((await call(109, ['/x'], [0])).params, { res: 0, path: '/x' });
  assert.deepEqual((await call(105, ['/a', '/b'], [0])).params, { res: 0, oldpath: '/a', newpath: '/b' });
  assert.deepEqual((await call(199, [0], [-1])).params, { res: -1, uid: 0 });
  assert.deepEqual((await call(125, [4], [7])).params, { res: 7, oldfd: 4 });
  assert.deepEqual((await call(169, [11, 55], [0, Buffer.from([0]), Buffer.from([0])])).params['pid'], 55);
});

test('old versions have the current name, and accept4 its own', async () => {
  assert.equal((await call(103, [-100, 'f', 1, 0], [3])).type, 'openat');
  assert.equal((await call(57, [0], [5])).type, 'accept4');
  assert.equal((await call(13, [], [0])).type, 'execve');
});

test('an old openat resolves its path against the directory of the enter event', async () => {
  const seen = await call(103, [-100, '../etc/./passwd', 1, 0], [3]);
  assert.equal(seen.fd?.name, '/etc/passwd');
  assert.equal(seen.fd?.nameRaw, '../etc/./passwd');
  assert.equal(seen.params['name'], '../etc/./passwd');
});

test('the path of an open is the one that was passed, not what another thread put there later', async () => {
  const seen = await call(3, ['/etc/shadow', 1, 0], [3, '/tmp/harmless', 1, 0]);
  assert.equal(seen.fd?.name, '/etc/shadow');
  assert.equal(seen.params['name'], '/etc/shadow');
});

test('enter events of open and connect are events of their own; others never are', async () => {
  const bytes = [
    ...HEAD,
    event({ id: 2, params: ['/x', 1, 0] }),
    event({ id: 3, params: [3, '/x', 1, 0] }),
    event({ id: 4, params: [3] }),
    event({ id: 5, params: [0] }),
  ];
  const all = await readEvents(bytes);
  assert.deepEqual(
    all.events.map(({ type, isEnter, result }) => [type, isEnter, result]),
    [
      ['open', true, undefined],
      ['open', false, 3],
      ['close', false, 0],
    ],
  );
  const without = await readEvents(bytes, { eventTypes: new Set(['open']), enterTypes: new Set() });
  assert.deepEqual(
    without.events.map(({ isEnter }) => isEnter),
    [false],
  );
});

test('an exit without its enter event still comes, with what it has', async () => {
  const { events } = await readEvents([...HEAD, event({ id: 109, params: [0] })]);
  assert.deepEqual(events[0]?.params, { res: 0 });
  assert.equal(events[0]?.path, undefined);
});

test('parameters of an enter event of another call are not taken', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 4, params: [9] }),
    event({ id: 109, params: [0] }),
  ]);
  assert.deepEqual(events[0]?.params, { res: 0 });
});

test('an enter event is remembered when many other events lie between it and its exit', async () => {
  const noise = Array.from({ length: 60_000 }, () => event({ id: 203, tid: 7, params: [1] }));
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([...HEAD, event({ id: 108, params: ['/kept'] })]);
    yield Buffer.concat(noise);
    yield event({ id: 109, params: [0] });
  };
  const { events, stats } = await readEvents(pieces(), { eventTypes: new Set(['unlink']) });
  assert.equal(stats.lostEnterEvents, 0);
  assert.equal(events[0]?.path, '/kept');
});

test('connect takes the address from the enter event when the exit has none', async () => {
  const seen = await call(23, [3, address4('1.2.3.4', 443)], [0]);
  assert.equal(seen.fd?.name, '0.0.0.0:0->1.2.3.4:443');
  assert.equal(
    (await call(23, [3], [0, tuple4('10.0.0.1', 5, '1.2.3.4', 443)])).fd?.name,
    '10.0.0.1:5->1.2.3.4:443',
  );
});

test('generic system calls go by their own name', async () => {
  const { events } = await readEvents([...HEAD, event({ id: 1, params: [318, 318] })]);
  assert.equal(events[0]?.type, 'getrandom');
});

test('every event id is read, with all its parameters, with one and with none', async () => {
  const inputs = CAPTURE_EVENT_TYPES.flatMap(({ id, params }) =>
    [params.length, 1, 0].flatMap((count) =>
      ([1, 2] as const).map((layout) => ({ id, layout, params: params.slice(0, count).map(() => 1) })),
    ),
  );
  const { events, stats } = await readEvents([...HEAD, ...inputs.map(event)]);
  assert.equal(stats.fault, undefined);
  assert.equal(stats.events, EVENT_COUNT * 6);
  const calls = CAPTURE_EVENT_TYPES.filter(
    ({ isEnter, name }) => !isEnter && name !== 'NA' && name !== 'syscall',
  );
  const seen = new Set(events.map(({ type }) => type));
  for (const { name } of calls) assert.ok(seen.has(name), name);
});
