import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bareContainer, type Container, HOST } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { type Inventory, openInventory } from './inventory.ts';
import type { ConnectOptions, RuntimePlugin } from './runtime-plugin.ts';

const folder = mkdtempSync(join(tmpdir(), 'gc-inventory-'));
const socket = join(folder, 'runtime.sock');
// The link looks only whether it exists.
writeFileSync(socket, '');
after(() => rmSync(folder, { recursive: true }));

const ID = 'a1b2c3'.padEnd(64, '0');

function full(id: string, more: Partial<Container> = {}): Container {
  return {
    ...bareContainer(id),
    name: `name-${id.slice(0, 4)}`,
    runtime: 'docker',
    complete: true,
    state: 'running',
    ...more,
  };
}

interface FakeRuntime {
  readonly known: Map<string, Container>;
  readonly asked: string[];
  options(): ConnectOptions;
}

/** A runtime that knows what is put into it. */
async function open(): Promise<{ inventory: Inventory; runtime: FakeRuntime; changes: Container[] }> {
  const known = new Map<string, Container>();
  const asked: string[] = [];
  let connected: ConnectOptions | undefined;
  const plugin: RuntimePlugin = {
    runtime: 'docker',
    defaultSockets: [socket],
    connect: (options) => {
      connected = options;
      return Promise.resolve({
        version: '1',
        list: () => Promise.resolve([...known.values()]),
        inspect: (id) => {
          asked.push(id);
          return Promise.resolve(known.get(id));
        },
        control: { mechanism: 'docker-api' },
        ended: new Promise(() => undefined),
        close: () => undefined,
      });
    },
  };
  const changes: Container[] = [];
  const inventory = openInventory({
    logger: silentLogger,
    runtimes: [plugin],
    sockets: { docker: [socket] },
    onChange: (container) => changes.push(container),
  });
  await inventory.ready;
  const options = (): ConnectOptions => connected ?? assert.fail('not connected');
  return { inventory, runtime: { known, asked, options }, changes };
}

test('an unknown id is answered at once with a bare container and asked for', async () => {
  const { inventory, runtime } = await open();
  runtime.known.set(ID, full(ID));
  assert.equal(inventory.get(ID).complete, false);
  assert.equal((await inventory.whenComplete(ID, 2000)).name, 'name-a1b2');
  assert.equal(inventory.get(ID).complete, true);
  inventory.close();
});

test('waiting for metadata ends with what is known when the time is over', async () => {
  const { inventory } = await open();
  assert.equal((await inventory.whenComplete(ID, 20)).complete, false);
  inventory.close();
});

test('the host is never asked for', async () => {
  const { inventory, runtime } = await open();
  assert.equal(inventory.get('host'), HOST);
  inventory.noteSeen('host');
  assert.equal(inventory.resolve('host'), HOST);
  assert.deepEqual(runtime.asked, []);
  inventory.close();
});

test('a container that is gone before it can be asked for keeps what its notice told', async () => {
  const { inventory, runtime } = await open();
  const known = full(ID, { state: 'unknown', name: 'short-lived' });
  runtime.options().onChange({ id: ID, removed: false, known });
  runtime.options().onChange({ id: ID, removed: true });
  const found = await inventory.whenComplete(ID, 2000);
  assert.deepEqual([found.name, found.state, found.complete], ['short-lived', 'removed', true]);
  inventory.close();
});

test('a removal is told once, keeps the metadata, and takes the container out of the list', async () => {
  const { inventory, runtime, changes } = await open();
  runtime.known.set(ID, full(ID));
  await inventory.whenComplete(ID, 2000);
  runtime.options().onChange({ id: ID, removed: true });
  runtime.options().onChange({ id: ID, removed: true });
  assert.deepEqual(
    changes.map(({ state }) => state),
    ['running', 'removed'],
  );
  assert.deepEqual(inventory.list(), []);
  assert.equal(inventory.get(ID).name, 'name-a1b2');
  assert.equal(inventory.resolve('name-a1b2')?.state, 'removed');
  inventory.close();
});

test('a container is found by id, by the beginning of its id, and by name; the living one first', async () => {
  const { inventory, runtime } = await open();
  const twin = 'a1b2ff'.padEnd(64, '1');
  for (const id of [ID, twin]) runtime.known.set(id, full(id, { name: id === ID ? 'web' : 'db' }));
  await Promise.all([ID, twin].map((id) => inventory.whenComplete(id, 2000)));
  assert.equal(inventory.resolve('web')?.id, ID);
  assert.equal(inventory.resolve(ID.slice(0, 12))?.id, ID);
  assert.equal(inventory.resolve('a1b2c')?.id, ID);
  assert.equal(inventory.resolve('a1b2'), undefined, 'two containers begin like this');
  assert.equal(inventory.resolve('a1'), undefined, 'too short');
  runtime.options().onChange({ id: twin, removed: true });
  assert.equal(inventory.resolve('a1b2')?.id, ID);
  inventory.close();
});

test('a burst of notices leads to few questions', async () => {
  const { inventory, runtime } = await open();
  runtime.known.set(ID, full(ID));
  for (let at = 0; at < 100; at++) runtime.options().onChange({ id: ID, removed: false });
  await inventory.whenComplete(ID, 2000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(runtime.asked.length <= 2, `${runtime.asked.length} questions`);
  inventory.close();
});

test('asking again tells when a container is gone', async () => {
  const { inventory, runtime } = await open();
  runtime.known.set(ID, full(ID));
  assert.equal((await inventory.refresh(ID))?.name, 'name-a1b2');
  runtime.known.delete(ID);
  assert.equal(await inventory.refresh(ID), undefined);
  inventory.close();
});

test('without a runtime the list is empty and the report says where was looked', async () => {
  const nowhere = join(folder, 'none.sock');
  const sockets = { docker: [nowhere], containerd: [], cri: [] };
  const inventory = openInventory({ logger: silentLogger, sockets });
  await inventory.ready;
  assert.deepEqual(inventory.list(), []);
  const [docker, cri] = inventory.reports();
  assert.equal(docker?.connected, false);
  assert.match(docker?.detail ?? '', /none\.sock/);
  assert.equal(cri?.detail, 'switched off');
  inventory.close();
});
