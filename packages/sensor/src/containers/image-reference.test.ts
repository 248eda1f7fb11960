import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { digestOf, isImageId, parseImageReference } from './image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('a reference is taken apart into repository, tag and digest', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['nginx', 'nginx', 'latest', ''],
    ['nginx:1.27', 'nginx', '1.27', ''],
    ['registry:5000/team/app', 'registry:5000/team/app', 'latest', ''],
    ['registry:5000/team/app:2', 'registry:5000/team/app', '2', ''],
    [`app@${DIGEST}`, 'app', '', DIGEST],
    [`app:3@${DIGEST}`, 'app', '3', DIGEST],
    ['', '', '', ''],
    ['0123456789ab', '', '', ''],
  ];
  for (const [reference, repository, tag, digest] of cases) {
    assert.deepEqual(parseImageReference(reference), { repository, tag, digest }, reference);
  }
});

test('an image id is not mistaken for a name', () => {
  assert.ok(isImageId(DIGEST));
  assert.ok(isImageId('0123456789ab'));
  assert.ok(!isImageId('deadbeef'));
});

test('the digest of the own repository is preferred', () => {
  assert.equal(digestOf([`other@sha256:1`, `mine@sha256:2`], 'mine'), 'sha256:2');
  assert.equal(digestOf([`other@sha256:1`], 'mine'), 'sha256:1');
  assert.equal(digestOf([], 'mine'), '');
});

test('any text is taken apart without an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { repository, tag, digest } = parseImageReference(text);
      return (repository + tag + digest).length <= text.length + 'latest'.length;
    }),
  );
});
