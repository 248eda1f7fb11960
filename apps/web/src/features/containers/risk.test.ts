import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRiskyCapability, isRiskyMount } from './risk.ts';

test('runtime sockets and host folders are risky, application data is not', () => {
  assert.equal(isRiskyMount('bind', '/var/run/docker.sock'), true);
  assert.equal(isRiskyMount('bind', '/'), true);
  assert.equal(isRiskyMount('bind', '/etc/ssl'), true);
  assert.equal(isRiskyMount('bind', '/srv/data'), false);
  assert.equal(isRiskyMount('volume', '/var/lib/docker/volumes/x'), false);
});

test('capabilities that reach beyond the container are risky', () => {
  assert.equal(isRiskyCapability('CAP_SYS_ADMIN'), true);
  assert.equal(isRiskyCapability('CAP_CHOWN'), false);
});
