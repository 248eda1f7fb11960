// One event that knows everything that an event can know; for tests of fields.
import type { RuntimeEvent, Thread } from '@guardcell/core';
import type { EngineEnvironment } from '../engine/environment.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';

const S = 1_000_000_000n;
const NOW = 1_700_000_100n * S + 7n;

const PLAIN = syntheticEvent({
  type: 'openat',
  num: 42,
  timeNs: NOW,
  result: 5,
  fd: { num: 5, name: '/srv/app/../x.conf', nameRaw: '../x.conf' },
  params: { flags: ['O_WRONLY', 'O_CREAT'], mode: '0755', name: '../x.conf' },
  process: {
    name: 'worker',
    exe: './worker',
    exePath: '/srv/app/worker',
    args: ['-n', 'two words'],
    env: ['A=1', 'B=2'],
    cwd: '/srv/app',
    tty: 34_816,
    uid: 1000,
    gid: 100,
    loginUid: 1001,
    pid: 4010,
    vpid: 10,
    sid: 4001,
    pgid: 4005,
    vpgid: 5,
    capabilities: ['CAP_CHOWN', 'CAP_SYS_ADMIN'],
    startedMsAgo: 2000,
    exeUpperLayer: true,
    parents: [
      {
        name: 'make',
        exe: 'make',
        exePath: '/usr/bin/make',
        args: ['all'],
        pid: 4005,
        vpid: 5,
        env: ['P=1'],
        startedMsAgo: 3000,
      },
      {
        name: 'bash',
        exe: '-bash',
        exePath: '/usr/bin/bash',
        pid: 4001,
        vpid: 1,
        sid: 4001,
        startedMsAgo: 9000,
      },
    ],
  },
  container: {
    name: 'web',
    image: 'docker.io/library/nginx:1.27@sha256:aaaa',
    labels: {
      app: 'web',
      'io.kubernetes.sandbox.id': '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
    mounts: [{ source: '/host/etc', destination: '/etc', readOnly: true }],
    pod: 'web-0',
    namespace: 'prod',
    podLabels: { app: 'web' },
  },
});

const { fd } = PLAIN;
const FD = {
  num: 5,
  typeChar: 'f',
  name: '/srv/x.conf',
  nameRaw: '../x.conf',
  inode: 77,
  dev: 0x10_0803,
  openFlags: 0x8000,
  l4proto: '',
  connected: false,
  nameChanged: true,
} as const;

const THREAD: Thread = {
  ...PLAIN.thread,
  tid: 4011,
  vtid: 11,
  capInheritable: 1n,
  exeInode: 99,
  exeInodeCtimeNs: NOW - 5n * S,
  exeInodeMtimeNs: NOW - 6n * S,
  cgroup: 'cpu=/a memory=/b',
  container: {
    ...PLAIN.thread.container,
    image: { ...PLAIN.thread.container.image, id: 'sha256:0123456789abcdef0123' },
    startedAtMs: 1_700_000_000_000,
  },
  pidNamespaceStartNs: NOW - 8n * S,
  resources: { vmSizeKib: 20, vmRssKib: 10, vmSwapKib: 1, majorFaults: 2, minorFaults: 3, fdLimit: 64 },
  descriptors: new Map([
    [0, { ...FD, num: 0, name: '/dev/null' }],
    [2, { ...FD, num: 2, typeChar: 'p', name: 'pipe:[7]' }],
  ]),
  threadCount: () => 3,
  childCount: () => 2,
};

export const RICH: RuntimeEvent = {
  ...PLAIN,
  cpu: 3,
  thread: THREAD,
  fd: fd === undefined ? undefined : FD,
  path: '/srv/x.conf',
  firstTimeNs: NOW - 2n * S,
  previousTimeNs: NOW - 1n,
};

export const ENV: EngineEnvironment = {
  userName: (uid) => ({ 1000: 'app', 1001: 'admin' })[uid],
  groupName: (gid) => (gid === 100 ? 'users' : undefined),
  userHome: () => '/home/app',
  userShell: () => '/bin/sh',
  hostNames: () => [],
  hostname: 'node-1',
  utcOffsetMinutes: 60,
};
