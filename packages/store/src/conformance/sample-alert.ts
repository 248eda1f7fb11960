// Alerts to test stores with.
import { type Alert, type AlertDimension, alertId, EVERYTHING, type EventQuery } from '@guardcell/core';
import type { AppendItem } from '../ports.ts';

/** Noon of a day, so that tests can go hours in both directions. */
export const NOON_MS = Date.UTC(2026, 2, 10, 12);

export interface SampleOptions {
  readonly sensor?: string;
  readonly epoch?: number;
  readonly timeMs?: number;
  readonly rule?: string;
  readonly severity?: Alert['severity'];
  readonly message?: string;
  readonly container?: Partial<Alert['container']>;
  readonly process?: Partial<Alert['process']>;
  readonly tags?: readonly string[];
  readonly mitre?: readonly string[];
  readonly hostname?: string;
  readonly args?: Readonly<Record<string, string>>;
}

export function sampleItem(seq: number, options: SampleOptions = {}): AppendItem {
  const { sensor = 'sensor1', epoch = 1, timeMs = NOON_MS + seq } = options;
  const process = {
    pid: 4242,
    ppid: 1,
    vpid: 7,
    name: 'sh',
    exe: '/bin/busybox',
    cmdline: 'sh -c true',
    cwd: '/',
    uid: 0,
    user: 'root',
    tty: 0,
    startedAt: '',
    ...options.process,
  };
  const alert: Alert = {
    id: alertId({ sensor, epoch, seq }),
    time: new Date(timeMs).toISOString(),
    rule: options.rule ?? 'Account file written',
    severity: options.severity ?? 'high',
    priority: 'error',
    source: 'syscall',
    message: options.message ?? 'a file was written',
    tags: options.tags ?? ['container'],
    mitre: options.mitre ?? ['T1098'],
    hostname: options.hostname ?? 'node-a',
    container: {
      id: 'aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeeeffff',
      name: 'web',
      image: 'registry.example/web:1',
      imageDigest: '',
      runtime: 'docker',
      privileged: false,
      namespace: '',
      pod: '',
      ...options.container,
    },
    process,
    processTree: [process],
    matched: [],
    event: { num: seq, type: 'openat', args: options.args ?? { name: '/etc/passwd' } },
    outputFields: {},
  };
  return { sensor, epoch, seq, alert };
}

/** Items with seqs from `first` to `last`. */
export function sampleItems(first: number, last: number, options: SampleOptions = {}): AppendItem[] {
  return Array.from({ length: last - first + 1 }, (_, index) => sampleItem(first + index, options));
}

export function where(dimension: AlertDimension, ...values: readonly string[]): EventQuery {
  return { ...EVERYTHING, any: { [dimension]: values } };
}

export function words(...wanted: readonly string[]): EventQuery {
  return { ...EVERYTHING, words: wanted };
}

export function during(fromMs?: number, toMs?: number): EventQuery {
  return { ...EVERYTHING, ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) };
}
