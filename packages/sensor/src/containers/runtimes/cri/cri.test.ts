import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '@guardcell/core';
import { containerOfCri } from './container-of-cri.ts';
import { changesBetween } from './index.ts';

test('what is new, different or gone between two lists is a change', () => {
  const before = new Map([
    ['same', 'r'],
    ['other', 'r'],
    ['gone', 'r'],
  ]);
  const now = new Map([
    ['same', 'r'],
    ['other', 'x'],
    ['new', 'r'],
  ]);
  assert.deepEqual(changesBetween(before, now), [
    { id: 'other', removed: false },
    { id: 'new', removed: false },
    { id: 'gone', removed: true },
  ]);
});

test('an image reference with a digest gives the digest, a bare one the id', () => {
  const sandbox = { labels: {}, ip: '' };
  const described = (image_ref: string): Container | undefined =>
    containerOfCri({ status: { id: 'x', image_ref }, info: 'no JSON' }, sandbox);
  assert.equal(described('app@sha256:5')?.image.digest, 'sha256:5');
  assert.equal(described('sha256:5')?.image.id, 'sha256:5');
});
