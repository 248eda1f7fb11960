import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address4, event, processes, section, tuple4 } from '../testing/build-capture.ts';
import { readEvents } from '../testing/read-events.ts';

const HEAD = [section(), processes([{ tid: 100, comm: 'p', cwd: '/work' }])];
const SOCKET = (num: number, domain: number, type: number): Buffer =>
  event({ id: 19, params: [num, domain, type, 0] });
const fchmod = (num: number): Buffer => event({ id: 317, params: [0, num, 0] });

async function lastFd(...events: readonly Buffer[]): Promise<unknown> {
  const seen = await readEvents([...HEAD, ...events]);
  assert.equal(seen.stats.fault, undefined);
  return seen.events.at(-1)?.fd;
}

test('opens name the file absolutely, also relative to a directory descriptor', async () => {
  const directory = event({ id: 3, params: [5, '/etc', 1 | 1024, 0, 0, 0] });
  const openat = event({ id: 307, params: [6, 5, 'sub/../passwd', 1, 0, 0, 0] });
  const { events } = await readEvents([...HEAD, directory, openat]);
  assert.deepEqual(
    [events[0]?.fd?.typeChar, events[1]?.fd?.name, events[1]?.fd?.num],
    ['d', '/etc/passwd', 6],
  );
});

test('a path relative to an unknown directory says so', async () => {
  const { events } = await readEvents([...HEAD, event({ id: 307, params: [6, 9, 'x', 1, 0, 0, 0] })]);
  assert.equal(events[0]?.fd?.name, '<UNKNOWN>/x');
});

test('a failed open has the path and descriptor -1, and leaves no descriptor behind', async () => {
  const { events } = await readEvents([...HEAD, event({ id: 3, params: [-13, '/etc/shadow', 1, 0] })]);
  assert.deepEqual([events[0]?.fd?.num, events[0]?.fd?.name, events[0]?.openFds], [-1, '/etc/shadow', []]);
});

test('close names the descriptor and then forgets it', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 3, params: [3, '/a', 1, 0] }),
    event({ id: 5, params: [0, 3] }),
    fchmod(3),
  ]);
  assert.equal(events[1]?.fd?.name, '/a');
  assert.deepEqual([events[2]?.fd?.num, events[2]?.fd?.name], [3, '']);
});

test('dup, fcntl and pidfd_getfd copy what the descriptor stands for', async () => {
  const open = event({ id: 3, params: [3, '/a', 1, 0] });
  for (const copy of [
    event({ id: 367, params: [7, 3] }),
    event({ id: 363, params: [7, 3, 7] }),
    event({ id: 151, params: [7, 3, 1, 7] }),
  ]) {
    const { events } = await readEvents([...HEAD, open, copy, fchmod(7)]);
    assert.deepEqual([events[1]?.fd?.num, events[1]?.fd?.name, events[2]?.fd?.name], [7, '/a', '/a']);
  }
  const fd = (await lastFd(
    open,
    event({ id: 409, params: [8, 100, 0] }),
    event({ id: 407, params: [9, 8, 3, 0] }),
  )) as { name: string };
  assert.equal(fd.name, '/a');
});

test('close_range closes a range, or marks it for the next exec', async () => {
  const opens = [3, 4, 5].map((num) => event({ id: 3, params: [num, `/${num}`, 1, 0] }));
  const closed = await readEvents([...HEAD, ...opens, event({ id: 451, params: [0, 4, 5, 0] }), fchmod(3)]);
  assert.deepEqual(closed.events.at(-1)?.openFds, [3]);
  const marked = await readEvents([...HEAD, ...opens, event({ id: 451, params: [0, 4, 5, 4] }), fchmod(3)]);
  assert.deepEqual(marked.events.at(-1)?.openFds, [3, 4, 5]);
});

test('calls that make other kinds of descriptors give them their type', async () => {
  const kinds = [
    [63, [4, 0, 0], 'e'],
    [127, [4, -1, 0, 0], 's'],
    [137, [4, 0, 0], 't'],
    [139, [4, 0], 'i'],
    [375, [4, 1], 'l'],
    [369, [4, 5], 'b'],
    [339, [4, 1], 'r'],
    [405, [4, 'secret', 0], 'm'],
    [409, [4, 1, 0], 'P'],
    [61, [0, 4, 5, 77], 'p'],
    [43, [0, 4, 5, 0, 0, 1, 1, 0], 'u'],
  ] as const;
  for (const [id, params, typeChar] of kinds) {
    const seen = await readEvents([...HEAD, event({ id, params })]);
    assert.equal(seen.events[0]?.fd?.typeChar, typeChar, `event ${id}`);
  }
});

test('who connects is the client, who accepts is the server', async () => {
  const connected = await readEvents([
    ...HEAD,
    SOCKET(3, 2, 1),
    event({ id: 23, params: [0, tuple4('10.0.0.1', 5000, '1.2.3.4', 443), 3, address4('1.2.3.4', 443)] }),
  ]);
  const client = connected.events.at(-1)?.fd;
  assert.deepEqual(
    [client?.name, client?.role, client?.l4proto, client?.connected, client?.nameChanged],
    ['10.0.0.1:5000->1.2.3.4:443', 'client', 'tcp', true, true],
  );
  const accepted = await readEvents([
    ...HEAD,
    SOCKET(3, 2, 1),
    event({ id: 21, params: [0, address4('0.0.0.0', 80), 3] }),
    event({ id: 25, params: [0, 3, 128] }),
    event({ id: 247, params: [4, tuple4('9.9.9.9', 6000, '10.0.0.1', 80), 0, 0, 128] }),
  ]);
  assert.equal(accepted.events[2]?.fd?.name, '0.0.0.0:80');
  const server = accepted.events.at(-1)?.fd;
  assert.deepEqual([server?.name, server?.role, server?.num], ['9.9.9.9:6000->10.0.0.1:80', 'server', 4]);
});

test('a connect in progress is connected once SO_ERROR says so', async () => {
  const start = [SOCKET(3, 2, 1), event({ id: 23, params: [-115, tuple4('10.0.0.1', 1, '1.2.3.4', 2), 3] })];
  const after = event({
    id: 47,
    params: [0, 3, 1, 4, Buffer.concat([Buffer.from([1]), Buffer.alloc(8)]), 4],
  });
  const { events } = await readEvents([...HEAD, ...start, after, fchmod(3)]);
  assert.deepEqual(
    events.map(({ fd }) => fd?.connected),
    [false, false, true, true],
  );
});

test('an unconnected UDP socket is named after its last peer, and only a new peer changes the name', async () => {
  const sendto = (port: number): Buffer =>
    event({ id: 31, params: [4, Buffer.from('data'), 3, 4, tuple4('10.0.0.1', 5000, '8.8.8.8', port)] });
  const { events } = await readEvents([...HEAD, SOCKET(3, 2, 2), sendto(53), sendto(53), sendto(54)]);
  assert.deepEqual(
    events.slice(1).map(({ fd }) => [fd?.name, fd?.nameChanged, fd?.l4proto]),
    [
      ['10.0.0.1:5000->8.8.8.8:53', true, 'udp'],
      ['10.0.0.1:5000->8.8.8.8:53', false, 'udp'],
      ['10.0.0.1:5000->8.8.8.8:54', true, 'udp'],
    ],
  );
});

test('events that name files give them resolved', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 3, params: [5, '/etc', 1 | 1024, 0, 0, 0] }),
    event({ id: 319, params: [0, 5, 'a', -100, 'b', 0] }),
    event({ id: 181, params: [0, '../x', -100, 'link'] }),
    event({ id: 305, params: [0, 77, 'rel', 0] }),
  ]);
  assert.deepEqual(
    events.slice(1).map(({ path, targetPath }) => [path, targetPath]),
    [
      ['/etc/a', '/work/b'],
      ['../x', '/work/link'],
      [undefined, undefined],
    ],
  );
});

test('descriptors given to poll are listed with their names', async () => {
  const { openCapture } = await import('../read/open-capture.ts');
  const list = Buffer.alloc(2 + 20);
  list.writeUInt16LE(2);
  list.writeBigInt64LE(3n, 2);
  list.writeBigInt64LE(9n, 12);
  const names: unknown[] = [];
  await openCapture(
    Buffer.concat([
      ...HEAD,
      event({ id: 3, params: [3, '/a', 1, 0] }),
      event({ id: 81, params: [1, list, 5] }),
    ]),
  ).read({
    eventTypes: new Set(['poll']),
    onEvent: (seen) => names.push(...(seen.fdList?.() ?? []).map(({ num, name }) => [num, name])),
  });
  assert.deepEqual(names, [
    [3, '/a'],
    [9, ''],
  ]);
});
