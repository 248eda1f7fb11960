import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  containerCgroupPath,
  hasEnded,
  parseCgroups,
  parseFirstAddress,
  parseStat,
  processStartMs,
  readStat,
} from './host-process.ts';

const ID = 'c'.repeat(64);

test('a process name with spaces and parentheses does not shift the fields', () => {
  const rest = `S 7 ${Array.from({ length: 17 }, (_, at) => at).join(' ')} 4711 0`;
  assert.deepEqual(parseStat(`42 (a) b) ${rest}`), { pid: 42, state: 'S', parentPid: 7, startTicks: 4711 });
});

test('any text reads as a process or as none', () => {
  fc.assert(fc.property(fc.string(), (text) => parseStat(text) === undefined || text.includes(') ')));
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseCgroups(text))));
});

test('our own process is found, with a start in the past', () => {
  const own = readStat(process.pid);
  assert.equal(own?.pid, process.pid);
  const startedAtMs = processStartMs(process.pid);
  assert.ok(startedAtMs > 0 && startedAtMs <= Date.now() + 50);
  assert.ok(!hasEnded(process.pid, own?.startTicks ?? 0));
  assert.ok(hasEnded(process.pid, 1), 'the same pid with another start is another process');
});

test('cgroups are read for both versions, also with colons in the path', () => {
  assert.deepEqual(parseCgroups('5:cpu,cpuacct:/docker/x\n1:name=systemd:/a:b\n0::/y\n'), [
    { controllers: ['cpu', 'cpuacct'], path: '/docker/x' },
    { controllers: ['name=systemd'], path: '/a:b' },
    { controllers: [], path: '/y' },
  ]);
});

test("a container's cgroup is found in every runtime's layout, and nested ones lead up to it", () => {
  for (const path of [
    `/docker/${ID}`,
    `/system.slice/docker-${ID}.scope`,
    `/kubepods/podx/cri-containerd-${ID}.scope`,
  ]) {
    assert.equal(containerCgroupPath(path, ID), path);
    assert.equal(containerCgroupPath(`${path}/inner/deeper`, ID), path);
  }
  assert.equal(containerCgroupPath('/', ID), undefined);
  assert.equal(containerCgroupPath(`/docker/x${ID}`, ID), undefined);
  assert.equal(containerCgroupPath('/docker/', ''), undefined);
});

test('the first address that is not loopback is taken', () => {
  const trie =
    '  |-- 127.0.0.1\n    /32 host LOCAL\n  |-- 172.17.0.0\n    /16 link UNICAST\n  |-- 172.17.0.2\n    /32 host LOCAL\n';
  assert.equal(parseFirstAddress(trie), '172.17.0.2');
  assert.equal(parseFirstAddress(''), '');
});
