// Alerts for tests.
import { type Alert, alertId } from '@guardcell/core';

const PROCESS: Alert['process'] = {
  pid: 4242,
  ppid: 4000,
  vpid: 7,
  name: 'sh',
  exe: '/bin/sh',
  cmdline: "sh -c 'echo x >> /etc/passwd'",
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '2026-01-02T03:04:05.000000000Z',
};

export const SENSOR = 'sensor-a';
export const CONTAINER_ID: string = 'c0ffee'.padEnd(64, '0');

/** The alert at place (SENSOR, epoch, seq). */
export function sampleAlert(epoch: number, seq: number, over: Partial<Alert> = {}): Alert {
  return {
    id: alertId({ sensor: SENSOR, epoch, seq }),
    time: new Date().toISOString(),
    rule: 'Account file written',
    severity: 'high',
    priority: 'error',
    source: 'syscall',
    message: `account file /etc/passwd opened for writing (${seq})`,
    tags: ['container'],
    mitre: ['T1098'],
    hostname: 'host-a',
    container: {
      id: CONTAINER_ID,
      name: 'web',
      image: 'example/web:1',
      imageDigest: '',
      runtime: 'docker',
      privileged: false,
      namespace: '',
      pod: '',
    },
    process: PROCESS,
    processTree: [PROCESS],
    matched: [
      { field: 'fd.name', operator: '=', expected: '/etc/passwd', actual: '/etc/passwd', macros: [] },
    ],
    event: { num: seq, type: 'openat', args: { flags: 'O_WRONLY' } },
    outputFields: { 'fd.name': '/etc/passwd' },
    ...over,
  };
}

export function sampleBatch(
  epoch: number,
  firstSeq: number,
  count: number,
  over: Partial<Alert> = {},
): { firstSeq: number; alerts: Alert[]; gaps: never[] } {
  const alerts = Array.from({ length: count }, (_, at) => sampleAlert(epoch, firstSeq + at, over));
  return { firstSeq, alerts, gaps: [] };
}
