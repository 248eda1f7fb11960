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

test('what a container makes below its own control group belongs to it, whatever it is called', () => {
  assert.equal(containerIdOfPath(`/docker/${ID}/init.scope`), ID);
  assert.equal(containerIdOfPath(`/docker/${ID}/docker/${OTHER}`), ID);
  assert.equal(
    containerIdOfPath(`/docker/${ID}/docker/${OTHER}`, (id) => id === OTHER),
    OTHER,
  );
  assert.equal(
    containerIdOfPath(`/docker/${ID}/docker/${OTHER}`, () => false),
    ID,
  );
});

test('a container cannot speak for another by the names of its control groups', () => {
  let nowMs = 0;
  const known = new Set([OTHER]);
  const table = cgroupTable(
    (id) => known.has(id),
    () => nowMs,
  );
  // Not even in the moment when no runtime has told of it yet.
  const forged = table.learn(7, [OTHER, 'docker', ID, 'docker', '']);
  assert.equal(forged.containerId, ID);
  known.add(ID);
  nowMs = 60_000;
  assert.equal(table.get(7).containerId, ID);
});

test('where the nodes of a cluster are containers of another host, those within them count', () => {
  let nowMs = 0;
  const table = cgroupTable(
    (id) => id === OTHER,
    () => nowMs,
  );
  table.learn(7, [OTHER, 'pod1', 'kubepods', 'kubelet', ID, 'docker', '']);
  assert.equal(table.get(7).containerId, ID, 'it may be new');
  nowMs = 10_000;
  assert.equal(table.get(7).containerId, OTHER);
  assert.equal(table.containerIdOf(`/docker/${ID}/kubelet/kubepods/pod1/${OTHER}`), OTHER);
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
