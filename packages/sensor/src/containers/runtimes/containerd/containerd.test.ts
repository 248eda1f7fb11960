import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { firstTextField } from './api.ts';
import { containerOfContainerd } from './container-of-containerd.ts';

test('the id is read from an event of any kind', () => {
  const id = 'f'.repeat(200);
  const bytes = Uint8Array.from([0x0a, 0xc8, 0x01, ...new TextEncoder().encode(id), 0x10, 0x01]);
  assert.equal(firstTextField(bytes), id);
});

test('any bytes are read without an error', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => firstTextField(bytes).length <= bytes.length));
  assert.equal(firstTextField('text'), '');
});

test('a container without a task was created and does not run', () => {
  const container = { id: 'x', labels: { 'nerdctl/name': 'web' }, image: 'docker.io/library/app:1' };
  const facts = { namespace: 'default', container, task: undefined, imageDigest: 'sha256:1', startedAtMs: 0 };
  const described = containerOfContainerd(facts);
  assert.deepEqual([described.name, described.state, described.pid], ['web', 'created', 0]);
  assert.equal(described.image.repository, 'docker.io/library/app');
});
