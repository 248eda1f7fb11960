// The worker's memory of containers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareContainer, HOST } from '@guardcell/core';
import { knownContainers } from './known-containers.ts';

test('an unknown id is announced once and bare until something is learnt', () => {
  const seen: string[] = [];
  const containers = knownContainers((id) => seen.push(id));
  assert.equal(containers.byId('').id, HOST.id);
  assert.equal(containers.byId('host'), HOST);
  assert.equal(containers.byId('a').complete, false);
  containers.byId('a');
  assert.deepEqual(seen, ['a']);
  containers.update({ ...bareContainer('a'), name: 'web', complete: true });
  assert.equal(containers.byId('a').name, 'web');
});

test('those that are gone make room first, the oldest removal before the others', () => {
  const seen: string[] = [];
  const containers = knownContainers((id) => seen.push(id), 3);
  const living = { ...bareContainer('lives'), name: 'lives', complete: true };
  containers.update(living);
  for (const id of ['b', 'c']) containers.update({ ...bareContainer(id), state: 'removed' });
  for (const id of ['d', 'e']) containers.byId(id);
  assert.equal(containers.byId('lives'), living);
  assert.deepEqual(seen, ['d', 'e']);
});
