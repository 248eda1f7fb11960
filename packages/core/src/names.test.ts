import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutTag } from './image-name.ts';
import { nearestName } from './nearest-name.ts';

test('tags and digests are cut off, ports are not', () => {
  assert.equal(withoutTag('host:5000/web'), 'host:5000/web');
  assert.equal(withoutTag('host:5000/web:1@sha256:00'), 'host:5000/web');
});

test('a slip is answered with the nearest name, and anything else with none', () => {
  assert.equal(nearestName('evnts list', ['events list', 'up']), 'events list');
  assert.equal(nearestName('scna', ['scan', 'status']), 'scan');
  assert.equal(nearestName('xyzzy', ['events list', 'up']), undefined);
});
