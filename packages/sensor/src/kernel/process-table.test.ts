// What the table knows of processes that were there before it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareContainer } from '@guardcell/core';
import { cgroupTable } from './cgroups.ts';
import type { ProcFacts } from './proc-files.ts';
import { processTable } from './process-table.ts';

function facts(pid: number, vpid: number, pidNamespace: number, startBootNs: number): ProcFacts {
  return {
    pid,
    ppid: 1,
    vpid,
    pidNamespace,
    pgid: pid,
    vpgid: vpid,
    sid: pid,
    tty: 0,
    comm: 'x',
    startBootNs,
    uid: 0,
    gid: 0,
    loginUid: -1,
    capEffective: 0n,
    capPermitted: 0n,
    capInheritable: 0n,
    argv: ['x'],
    exePath: '/x',
    cwd: '/',
    cgroupPath: '/',
  };
}

test('a pid namespace started with its first process', () => {
  const table = processTable({
    cgroups: cgroupTable(),
    containerById: bareContainer,
    wallClockNs: (bootNs) => BigInt(bootNs) + 1000n,
    lookUp: () => undefined,
  });
  table.adopt(facts(50, 1, 7, 300));
  table.adopt(facts(60, 9, 7, 900));
  table.adopt(facts(61, 9, 8, 900));
  assert.equal(table.find(50)?.pidNamespaceStartNs, 1300n);
  assert.equal(table.find(60)?.pidNamespaceStartNs, 1300n);
  assert.equal(table.find(61)?.pidNamespaceStartNs, 0n);
});
