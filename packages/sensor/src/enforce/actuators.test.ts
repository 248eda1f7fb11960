import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ActionKind, bareContainer, type Container } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import type { Inventory } from '../containers/index.ts';
import type { EnforcementCommand } from './action-plugin.ts';
import { graceSecondsOf } from './actions/stop/index.ts';
import { type Actuators, openActuators } from './actuators.ts';
import { createProtection } from './protection.ts';

const ID = 'd'.repeat(64);
const RUNNING: Container = {
  ...bareContainer(ID),
  name: 'web',
  state: 'running',
  complete: true,
  pid: 2 ** 30,
};

function inventoryOf(container: Container | undefined, log: string[] = []): Inventory {
  const act = async (verb: string): Promise<void> => {
    log.push(`${verb} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${verb} ends`);
  };
  return {
    ready: Promise.resolve(),
    get: () => container ?? bareContainer(ID),
    noteSeen: () => undefined,
    whenComplete: () => Promise.resolve(container ?? bareContainer(ID)),
    list: () => (container === undefined ? [] : [container]),
    resolve: () => container,
    controlsOf: () => [
      {
        mechanism: 'docker-api',
        pause: () => act('pause'),
        resume: () => act('resume'),
        stop: () => act('stop'),
      },
    ],
    refresh: () => Promise.resolve(container),
    reports: () => [],
    close: () => undefined,
  };
}

function commandOf(action: ActionKind, more: Partial<EnforcementCommand['target']> = {}): EnforcementCommand {
  const target = {
    kind: 'container',
    containerId: ID,
    containerName: 'web',
    pid: 0,
    processStartedAt: '',
    ...more,
  } as const;
  return { id: action, action, target, with: {} };
}

function actuatorsOf(inventory: Inventory, protectedContainers: readonly string[] = []): Actuators {
  return openActuators({ inventory, logger: silentLogger, protectedPids: [], protectedContainers });
}

const signal = new AbortController().signal;

test('the host, nothing at all, and what is gone are never acted on', async () => {
  const log: string[] = [];
  const actuators = actuatorsOf(inventoryOf(RUNNING, log));
  assert.equal(
    (await actuators.run(commandOf('pause', { containerId: 'host' }), signal)).errorCode,
    'GC_TARGET_HOST',
  );
  assert.equal(
    (await actuators.run(commandOf('pause', { kind: 'none' }), signal)).errorCode,
    'GC_TARGET_INVALID',
  );
  assert.equal((await actuators.run(commandOf('notify'), signal)).errorCode, 'GC_ACTION_UNKNOWN');
  const nothing = actuatorsOf(inventoryOf(undefined, log));
  assert.equal((await nothing.run(commandOf('stop'), signal)).errorCode, 'GC_TARGET_GONE');
  assert.deepEqual(log, []);
});

test('a protected container is skipped by id, short id and name', async () => {
  for (const name of [ID, ID.slice(0, 12), 'web']) {
    const log: string[] = [];
    const result = await actuatorsOf(inventoryOf(RUNNING, log), [name]).run(commandOf('stop'), signal);
    assert.deepEqual([result.state, result.errorCode], ['skipped', 'GC_TARGET_PROTECTED']);
    assert.deepEqual(log, []);
  }
});

test('actions on one container happen one after the other', async () => {
  const log: string[] = [];
  const actuators = actuatorsOf(inventoryOf(RUNNING, log));
  const stops = [commandOf('stop'), commandOf('pause')].map((command) => actuators.run(command, signal));
  await Promise.all(stops);
  assert.deepEqual(log, ['stop begins', 'stop ends', 'pause begins', 'pause ends']);
});

test('a process is killed only as a process', async () => {
  const result = await actuatorsOf(inventoryOf(RUNNING)).run(commandOf('kill'), signal);
  assert.equal(result.errorCode, 'GC_TARGET_INVALID');
});

test('a failure inside is a result, not an exception', async () => {
  const broken: Inventory = { ...inventoryOf(RUNNING), refresh: () => Promise.reject(new Error('broken')) };
  const result = await actuatorsOf(broken).run(commandOf('pause'), signal);
  assert.deepEqual([result.state, result.errorCode, result.detail], ['failed', 'GC_INTERNAL', 'broken']);
});

test('the grace of a stop is bounded, and none for a paused container unless it is asked for', () => {
  const stop = (graceSeconds?: number | string): EnforcementCommand => ({
    ...commandOf('stop'),
    with: graceSeconds === undefined ? {} : { graceSeconds },
  });
  assert.equal(graceSecondsOf(stop(), false), 10);
  assert.equal(graceSecondsOf(stop(), true), 0);
  assert.equal(graceSecondsOf(stop(3), true), 3);
  assert.equal(graceSecondsOf(stop('7'), false), 7);
  assert.equal(graceSecondsOf(stop(1e9), false), 600);
  assert.equal(graceSecondsOf(stop(-4), false), 0);
  assert.equal(graceSecondsOf(stop('soon'), false), 10);
});

test('our own process, its parent and pid 1 are always protected', () => {
  const protection = createProtection(() => [4711], []);
  for (const pid of [process.pid, process.ppid, 1, 4711]) assert.ok(protection.isProtectedPid(pid));
  assert.ok(!protection.isProtectedPid(2 ** 30));
});
