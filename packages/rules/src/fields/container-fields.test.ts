// What container.* fields say while a runtime has not told everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container, Thread } from '@guardcell/core';
import { completeEnvironment } from '../engine/environment.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { CONTAINER_FIELDS } from './container-fields.ts';

function startOf(container: Partial<Container>, thread: Partial<Thread>): unknown {
  const event = syntheticEvent({ type: 'execve', container: {}, process: {} });
  const changed = {
    ...event.thread,
    ...thread,
    container: { ...event.thread.container, ...container },
  };
  const bound = CONTAINER_FIELDS.find(({ name }) => name === 'container.start_ts')?.bind(undefined);
  assert.ok(bound !== undefined && 'extract' in bound);
  return bound.extract({ ...event, thread: changed }, completeEnvironment({}));
}

test('a container started when its runtime says, or with its own pid namespace', () => {
  const inside = { pid: 4000, vpid: 1, pidNamespaceStartNs: 7_000_000_123n };
  assert.equal(startOf({ startedAtMs: 5000 }, inside), 5_000_000_000n);
  assert.equal(startOf({ startedAtMs: 0 }, inside), 7_000_000_123n);
  assert.equal(startOf({ startedAtMs: 0 }, { ...inside, vpid: 4000 }), undefined, 'namespace of the host');
  assert.equal(startOf({ startedAtMs: 0 }, { ...inside, pidNamespaceStartNs: 0n }), undefined);
});
