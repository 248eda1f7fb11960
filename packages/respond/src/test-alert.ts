// Alerts, rules and plan inputs for tests. Not part of the package's surface.
import type { Alert, AlertContainer, AlertProcess, ResponseRule } from '@guardcell/core';
import { createRecentActions, type RecentActions } from './recent-actions.ts';
import type { PlanInput } from './types.ts';

export const CONTAINER_ID = 'ab'.repeat(32);

const ACTOR: AlertProcess = {
  pid: 4242,
  ppid: 4000,
  vpid: 7,
  name: 'sh',
  exe: '/bin/busybox',
  cmdline: 'sh -c id',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '2026-01-01T00:00:00.5Z',
};

export const WEB: AlertContainer = {
  id: CONTAINER_ID,
  name: 'web-1',
  image: 'nginx:1.27',
  imageDigest: '',
  runtime: 'docker',
  privileged: false,
  namespace: '',
  pod: '',
};

export function alertOf(more: Partial<Alert> = {}): Alert {
  return {
    id: 'node1-1-7',
    time: '2026-01-01T00:00:01.123456789Z',
    rule: 'Account file written',
    severity: 'high',
    priority: 'error',
    source: 'syscall',
    message: 'written',
    tags: ['container', 'filesystem'],
    mitre: ['T1098'],
    hostname: 'node1',
    container: WEB,
    process: ACTOR,
    processTree: [ACTOR],
    matched: [],
    event: { num: 1, type: 'openat', args: { flags: 'O_RDWR' } },
    outputFields: { 'proc.name': 'sh' },
    ...more,
  };
}

export function inContainer(id: string, more: Partial<Alert> = {}): Alert {
  return alertOf({ container: { ...WEB, id, name: `c-${id.slice(0, 4)}` }, ...more });
}

export function ruleOf(more: Partial<ResponseRule> = {}): ResponseRule {
  return {
    name: 'contain',
    description: '',
    enabled: true,
    trigger: { rules: [], tags: [], minSeverity: 'info' },
    guard: '',
    actions: [{ do: 'pause', with: {} }],
    cooldownSeconds: 300,
    maxTargets: 3,
    mode: 'enforce',
    origin: { kind: 'file', path: 'responses.yaml' },
    ...more,
  };
}

export const START_MS = Date.parse('2026-01-01T00:00:02Z');

/** An input whose ids count up, and the memory behind it. */
export function planInput(more: Partial<PlanInput> = {}): PlanInput & { readonly recent: RecentActions } {
  let ids = 0;
  return {
    alert: alertOf(),
    rules: [ruleOf()],
    protected: { containers: [], pids: [] },
    nowMs: START_MS,
    newId: () => `act-${++ids}`,
    ...more,
    recent: createRecentActions(),
  };
}
