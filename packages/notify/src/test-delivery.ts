// An alert and a notifier for tests. Not part of the package's surface.
import type { Alert, AlertProcess } from '@guardcell/core';
import { manualClock, silentLogger } from '@guardcell/kit';
import type { NotifierOptions, NotifyDelivery } from './types.ts';

const ACTOR: AlertProcess = {
  pid: 4242,
  ppid: 1,
  vpid: 7,
  name: 'sh',
  exe: '/bin/busybox',
  cmdline: 'sh -c id',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '2026-01-01T00:00:00Z',
};

export const ALERT: Alert = {
  id: 'node1-1-7',
  time: '2026-01-01T00:00:01.123456789Z',
  rule: 'Account file written',
  severity: 'high',
  priority: 'error',
  source: 'syscall',
  message: 'written',
  tags: ['container'],
  mitre: ['T1098'],
  hostname: 'node 1',
  container: {
    id: 'ab'.repeat(32),
    name: 'web-1',
    image: 'nginx:1.27',
    imageDigest: '',
    runtime: 'docker',
    privileged: false,
    namespace: '',
    pod: '',
  },
  process: ACTOR,
  processTree: [ACTOR],
  matched: [],
  event: { num: 1, type: 'openat', args: {} },
  outputFields: {},
};

export function deliveryTo(url: string, more: Partial<NotifyDelivery> = {}): NotifyDelivery {
  return { id: 'act-1', url, alert: ALERT, rule: 'tell', actions: [], ...more };
}

/** Options with a clock that only `sleep` moves, and the waits it was asked for. */
export function testOptions(more: Partial<NotifierOptions> = {}): {
  readonly options: NotifierOptions;
  readonly waits: readonly number[];
} {
  const clock = manualClock(1_767_225_600_000);
  const waits: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
    return Promise.resolve();
  };
  const options = { allow: () => [], clock, logger: silentLogger, random: () => 0, sleep, ...more };
  return { options, waits };
}
