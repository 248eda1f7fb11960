import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRiskyCapability, isRiskyMount } from './risk.ts';

test('the root of the host and its sockets are risky, volumes and files of the runtime are not', () => {
  for (const source of ['/', '/etc', '/etc/kubernetes', '/var/run/docker.sock', '/proc']) {
    assert.equal(isRiskyMount(source), true, source);
  }
  const id = 'a'.repeat(64);
  for (const source of [
    '/srv/data',
    '',
    `/var/lib/docker/containers/${id}/hosts`,
    '/var/lib/docker/volumes/db/_data',
    '/etcetera',
  ]) {
    assert.equal(isRiskyMount(source), false, source);
  }
});

test('administration of the system is risky, changing owners is not', () => {
  assert.equal(isRiskyCapability('CAP_SYS_ADMIN'), true);
  assert.equal(isRiskyCapability('CAP_CHOWN'), false);
});
