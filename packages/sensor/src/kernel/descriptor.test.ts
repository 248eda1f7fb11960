import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { roleMemory, socketAddress } from './descriptor.ts';
import { openFlags, ptraceRequest, userDevice } from './flags.ts';
import { attributionHierarchy, isKernelNewEnough } from './host-kernel.ts';
import { cgroupPathOf } from './proc-files.ts';

test('socket addresses of hostile length are refused, never read past their end', () => {
  assert.equal(socketAddress(Uint8Array.of(2, 0, 0, 80)), undefined);
  assert.deepEqual(socketAddress(Uint8Array.of(2, 0, 0, 80, 1, 2, 3, 4)), {
    family: 2,
    ip: '1.2.3.4',
    port: 80,
    path: '',
  });
  assert.equal(
    socketAddress(Uint8Array.from(Buffer.from('\u0001\0/run/a.sock\0garbage')))?.path,
    '/run/a.sock',
  );
  assert.equal(socketAddress(Uint8Array.from(Buffer.from('\u0001\0\0name')))?.path, '@name');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 130 }), (bytes) => void socketAddress(bytes)));
});

test('roles of sockets are remembered up to a limit, the oldest leaves first', () => {
  const roles = roleMemory(2);
  roles.set(1, 'client');
  roles.set(2, 'server');
  roles.set(3, 'client');
  assert.equal(roles.get(1), undefined);
  assert.equal(roles.get(2), 'server');
});

test('flag values are those of the event table', () => {
  assert.equal(openFlags(0), 1);
  assert.equal(openFlags(0o1102), 3 + 4 + 256);
  assert.equal(ptraceRequest(16), 11);
  assert.equal(ptraceRequest(0x4206), 20);
  assert.equal(ptraceRequest(12), 26);
  assert.equal(ptraceRequest(777), 0);
  assert.equal(userDevice((8 << 20) | 1), 0x801);
});

test('facts of the host are parsed from what the kernel writes', () => {
  assert.equal(attributionHierarchy('#subsys_name\thierarchy\npids\t8\t2\t1\n'), 8);
  assert.equal(attributionHierarchy(''), 0);
  assert.ok(isKernelNewEnough('5.8.0-generic'));
  assert.ok(isKernelNewEnough('6.1.0-13-amd64'));
  assert.ok(!isKernelNewEnough('5.4.0'));
  assert.equal(cgroupPathOf('8:pids:/docker/a:b\n0::/x\n', 8), '/docker/a:b');
  assert.equal(cgroupPathOf('8:pids:/docker/a\n0::/x\n', 0), '/x');
});
