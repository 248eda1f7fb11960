import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostCheck } from './security.ts';

test('a server on loopback refuses names that an attacker may have pointed at it', () => {
  const check = createHostCheck('127.0.0.1', 'https://guard.example');
  for (const good of [
    '127.0.0.1:8610',
    'localhost:1',
    'LOCALHOST',
    '[::1]:8610',
    '127.1.2.3',
    'guard.example',
  ]) {
    assert.doesNotThrow(() => check(good), good);
  }
  for (const bad of [
    'evil.example',
    'evil.example:8610',
    '',
    undefined,
    '127.evil.example',
    '[::2]:1',
    'localhost.evil',
  ]) {
    assert.throws(() => check(bad), { code: 'GC_HOST_NOT_ALLOWED' }, String(bad));
  }
});

test('a server on another address answers for any name', () => {
  assert.doesNotThrow(() => createHostCheck('0.0.0.0', undefined)('anything.example'));
});
