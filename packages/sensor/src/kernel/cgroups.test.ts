import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupTable, containerIdOfPath } from './cgroups.ts';

const ID = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

test('the container id is found in the names that all runtimes give', () => {
  for (const path of [
    `/docker/${ID}`,
    `/system.slice/docker-${ID}.scope`,
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${ID}.scope`,
    `/kubepods.slice/crio-${ID}.scope`,
    `/machine.slice/libpod-${ID}.scope`,
    `/kubepods/burstable/pod0e7d9b5c/${ID}`,
    `/system.slice/containerd.service/kubepods-besteffort-pod1.slice:cri-containerd:${ID}`,
  ]) {
    assert.equal(containerIdOfPath(path), ID, path);
  }
});

test('what a container makes below its own control group belongs to it, the innermost container wins', () => {
  assert.equal(containerIdOfPath(`/docker/${ID}/init.scope`), ID);
  assert.equal(containerIdOfPath(`/docker/${ID}/kubelet/kubepods/pod1/${OTHER}`), OTHER);
});

test('hosts processes, monitors and look-alikes are no containers', () => {
  for (const path of [
    '/',
    '/user.slice/user-0.slice',
    `/machine.slice/libpod-conmon-${ID}.scope`,
    `/x/crio-conmon-${ID}.scope`,
    `/docker/${ID}0`,
    `/docker/${ID.toUpperCase()}`,
  ]) {
    assert.equal(containerIdOfPath(path), '', path);
  }
});

test('a control group is learnt from its names, leaf first', () => {
  const table = cgroupTable();
  assert.deepEqual(table.learn(7, [ID, 'docker', '']), { path: `/docker/${ID}`, containerId: ID });
  assert.equal(table.get(7).containerId, ID);
  assert.equal(table.get(8).containerId, '');
  table.forget(7);
  assert.ok(!table.has(7));
});
