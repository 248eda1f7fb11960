import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_CAPABILITIES, effectiveCapabilities } from './capabilities.ts';

test('without a wish a container gets the fourteen default capabilities', () => {
  const granted = effectiveCapabilities([], [], false);
  assert.equal(granted.length, 14);
  assert.ok(granted.includes('CAP_NET_RAW') && !granted.includes('CAP_SYS_ADMIN'));
});

test('names are added and dropped in any spelling', () => {
  const granted = effectiveCapabilities(['sys_ptrace', 'CAP_BPF'], ['Chown'], false);
  assert.ok(granted.includes('CAP_SYS_PTRACE') && granted.includes('CAP_BPF'));
  assert.ok(!granted.includes('CAP_CHOWN'));
});

test('ALL stands for every capability, and a single name wins over it', () => {
  assert.deepEqual(effectiveCapabilities(['NET_RAW'], ['ALL'], false), ['CAP_NET_RAW']);
  assert.deepEqual(effectiveCapabilities(['ALL'], [], false), ALL_CAPABILITIES);
  assert.ok(!effectiveCapabilities(['ALL'], ['SYS_ADMIN'], false).includes('CAP_SYS_ADMIN'));
});

test('a privileged container holds everything', () => {
  assert.deepEqual(effectiveCapabilities([], ['ALL'], true), ALL_CAPABILITIES);
});
