import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareContainer } from '@guardcell/core';
import { mergeSightings } from './merge-sightings.ts';

const base = { ...bareContainer('x'), complete: true, state: 'running' } as const;

test('the more trusted runtime wins, and what it does not know is filled in', () => {
  const cri = { ...base, runtime: 'cri', name: 'web' } as const;
  const containerd = {
    ...base,
    runtime: 'containerd',
    name: 'x',
    capabilities: ['CAP_KILL'],
    pid: 7,
  } as const;
  const merged = mergeSightings([cri, containerd]);
  assert.deepEqual([merged?.runtime, merged?.name, merged?.pid], ['cri', 'web', 7]);
  assert.deepEqual(merged?.capabilities, ['CAP_KILL']);
});

test('a container that anybody sees paused is paused', () => {
  assert.equal(mergeSightings([base, { ...base, state: 'paused' }])?.state, 'paused');
  assert.equal(
    mergeSightings([
      { ...base, state: 'exited' },
      { ...base, state: 'paused' },
    ])?.state,
    'exited',
  );
});

test('nobody’s sightings are nothing', () => {
  assert.equal(mergeSightings([]), undefined);
});
