// Health of the fake platform, its response rules, its action history, its settings, users and keys.
import type { ApiKey, Settings, Status } from '@guardcell/contract';
import type { ActionKind, ActionRecord, Alert, Container, ResponseRule, RulesReport } from '@guardcell/core';
import { FAKE_SENSOR } from './alerts.ts';
import { FAKE_HOST } from './containers.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
const EVENT_TYPES =
  'execve execveat clone procexit open openat openat2 creat unlinkat renameat2 linkat symlinkat mkdirat fchmodat ' +
  'fchownat connect accept4 bind listen socket sendto dup2 dup3 ptrace mount setuid setns unshare capset ' +
  'finit_module bpf memfd_create io_uring_setup process_vm_writev';
const FAKE_VERSION = '0.1.0';

export type SensorVariant = 'running' | 'unavailable';

const iso = (ms: number): string => new Date(ms).toISOString();

function sensorReport(variant: SensorVariant, nowMs: number): Status['sensor'] {
  const unavailable = {
    state: 'unavailable' as const,
    detail:
      'the kernel has no type information (BTF). Use a kernel built with CONFIG_DEBUG_INFO_BTF=y; the distributions’ kernels since 2021 are.',
    errorCode: 'GC_SENSOR_NO_BTF',
    events: 0,
    eventsPerSecond: 0,
    drops: 0,
    eventTypes: [],
    cpuSeconds: 0,
    ringSizeBytes: 0,
    startedAt: '',
  };
  if (variant === 'unavailable') return unavailable;
  return {
    state: 'running',
    detail: '',
    errorCode: '',
    events: 48_211_907,
    eventsPerSecond: 612.4,
    drops: 1204,
    eventTypes: EVENT_TYPES.split(' '),
    cpuSeconds: 431.7,
    ringSizeBytes: 32 * MIB,
    startedAt: iso(nowMs - 79 * HOUR_MS),
  };
}

function agentReport(variant: SensorVariant, rules: RulesReport, nowMs: number): Status['agents'][number] {
  const rung = (
    action: string,
    mechanism: string,
    detail = '',
  ): Status['agents'][number]['rungs'][number] => ({
    action,
    mechanism,
    available: mechanism !== '',
    detail,
  });
  return {
    sensorId: FAKE_SENSOR,
    hostname: FAKE_HOST,
    kernel: '6.12.48+deb13-amd64',
    version: FAKE_VERSION,
    epoch: 1,
    sensor: sensorReport(variant, nowMs),
    runtimes: [
      { runtime: 'docker', socket: '/run/docker.sock', connected: true, detail: '', version: '28.5.1' },
      {
        runtime: 'containerd',
        socket: '/run/containerd/containerd.sock',
        connected: true,
        detail: '',
        version: '2.1.4',
      },
      {
        runtime: 'cri',
        socket: '/run/crio/crio.sock',
        connected: false,
        detail: 'there is no socket at /run/crio/crio.sock',
        version: '',
      },
    ],
    rungs: [
      rung('kill', 'pidfd'),
      rung('pause', 'cgroup-freezer'),
      rung('stop', 'docker-api'),
      variant === 'running'
        ? rung('quarantine', 'nftables')
        : rung('quarantine', '', 'The program nft is needed.'),
      rung('notify', 'https'),
    ],
    rules: { ...rules, problems: rules.problems.map((each) => ({ ...each })) },
    spool: { pending: 0, sizeBytes: 0, dropped: 0 },
    rssBytes: 118 * MIB,
    at: iso(nowMs - 2400),
  };
}

export interface StatusFacts {
  readonly url: string;
  readonly nowMs: number;
  readonly variant: SensorVariant;
  readonly rules: RulesReport;
  readonly containers: readonly Container[];
  readonly alerts: readonly Alert[];
  readonly responses: readonly ResponseRule[];
}

export function fakeStatus({
  url,
  nowMs,
  variant,
  rules,
  containers,
  alerts,
  responses,
}: StatusFacts): Status {
  return {
    version: FAKE_VERSION,
    url,
    startedAt: iso(nowMs - 79 * HOUR_MS),
    sensor: sensorReport(variant, nowMs),
    containers: containers.filter(({ id, state }) => id !== 'host' && state === 'running').length,
    rules: {
      loaded: rules.loaded,
      enabled: rules.enabled,
      errors: rules.errors,
      warnings: rules.warnings,
      problems: rules.problems.map((each) => ({ ...each })),
    },
    responses: { loaded: responses.length, errors: 0, problems: [] },
    store: {
      events: alerts.length,
      sizeBytes: alerts.length * 2900 + MIB,
      oldestEventAt: alerts.at(-1)?.time ?? '',
      state: 'ok',
      detail: '',
    },
    agents: [agentReport(variant, rules, nowMs)],
    gaps: [
      {
        sensor: FAKE_SENSOR,
        from: iso(nowMs - 19 * HOUR_MS - 41_000),
        to: iso(nowMs - 19 * HOUR_MS),
        reason: 'ring-full',
        lost: 1204,
      },
      {
        sensor: FAKE_SENSOR,
        from: iso(nowMs - 79 * HOUR_MS - 12_000),
        to: iso(nowMs - 79 * HOUR_MS),
        reason: 'sensor-restart',
        lost: -1,
      },
    ],
    serverRssBytes: 171 * MIB,
  };
}

/** One rule of the user's own file that does not load, and one warning. */
export function fakeRuleProblems(): RulesReport['problems'] {
  return [
    {
      level: 'warning',
      code: 'GC_RULE_UNUSED_MACRO',
      message: 'the macro "is_backup_job" is used by no rule',
      file: '/etc/guardcell/rules/local.yaml',
      line: 14,
      column: 3,
      item: 'is_backup_job',
      hint: 'Remove it, or use it in a condition.',
    },
  ];
}

export function fakeResponses(): ResponseRule[] {
  const base = { enabled: true, guard: '', cooldownSeconds: 300, maxTargets: 10 };
  return [
    {
      ...base,
      name: 'pause-on-account-file-write',
      description: 'Pause a container that writes to an account file, and notify.',
      trigger: { rules: ['Account file written in container'], tags: [], minSeverity: 'high' },
      guard: '!container.name.startsWith("build-")',
      actions: [
        { do: 'pause', with: {} },
        {
          do: 'notify',
          with: {
            url: 'https://hooks.example.com/guardcell',
            secretFile: '/etc/guardcell/webhook.key',
          },
        },
      ],
      mode: 'enforce',
      origin: { kind: 'file', path: '/etc/guardcell/responses/pause-on-account-file-write.yaml' },
    },
    {
      ...base,
      name: 'kill-reverse-shell',
      description: 'Kill a process that becomes a reverse or bind shell.',
      trigger: {
        rules: ['Standard stream redirected to network socket', 'Reverse shell command line'],
        tags: [],
        minSeverity: 'critical',
      },
      guard: 'container.id != "host"',
      actions: [{ do: 'kill', with: {} }],
      cooldownSeconds: 0,
      maxTargets: 50,
      mode: 'enforce',
      origin: { kind: 'file', path: '/etc/guardcell/responses/kill-reverse-shell.yaml' },
    },
    {
      ...base,
      name: 'isolate-miners',
      description: 'Cut the network of containers that mine.',
      trigger: { rules: [], tags: ['T1496'], minSeverity: 'high' },
      actions: [{ do: 'quarantine', with: {} }],
      mode: 'enforce',
      origin: { kind: 'api', path: '' },
    },
    {
      ...base,
      name: 'notify-critical',
      description: 'Tell the person on call about critical alerts.',
      trigger: { rules: [], tags: [], minSeverity: 'critical' },
      actions: [{ do: 'notify', with: { url: 'https://hooks.example.com/on-call' } }],
      cooldownSeconds: 900,
      maxTargets: 100,
      mode: 'dry-run',
      origin: { kind: 'api', path: '' },
    },
  ];
}

interface Done {
  readonly minutesAgo: number;
  readonly action: ActionKind;
  readonly where: string;
  readonly state: ActionRecord['state'];
  readonly detail: string;
  readonly errorCode?: string;
  readonly rule?: string;
  /** Rule of the alert that led to it; the newest such alert of that container. */
  readonly onAlert?: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly mechanism?: string;
}

const HISTORY: readonly Done[] = [
  {
    minutesAgo: 0.4,
    action: 'stop',
    where: 'notebook',
    state: 'pending',
    detail: '',
    actor: 'rita',
    reason: 'idle for a week',
  },
  {
    minutesAgo: 2.9,
    action: 'kill',
    where: 'shop-api',
    state: 'succeeded',
    detail: 'process 8124 was killed and has ended',
    rule: 'kill-reverse-shell',
    onAlert: 'Standard stream redirected to network socket',
    mechanism: 'pidfd',
  },
  {
    minutesAgo: 2.9,
    action: 'notify',
    where: 'shop-api',
    state: 'dry-run',
    detail: 'Would notify: the rule is in dry-run mode.',
    rule: 'notify-critical',
    onAlert: 'Standard stream redirected to network socket',
  },
  {
    minutesAgo: 70,
    action: 'release',
    where: 'blog-php',
    state: 'failed',
    detail:
      'nftables failed to delete the rules: Device or resource busy. Check that the kernel has nf_tables and that Guardcell has CAP_NET_ADMIN and CAP_SYS_ADMIN.',
    errorCode: 'GC_NFT_FAILED',
    actor: 'rita',
    mechanism: 'nftables',
  },
  {
    minutesAgo: 136.9,
    action: 'quarantine',
    where: 'blog-php',
    state: 'skipped',
    detail: 'Cool-down: this was done less than 300 s ago.',
    rule: 'isolate-miners',
    onAlert: 'Connection to mining pool port',
  },
  {
    minutesAgo: 137.9,
    action: 'quarantine',
    where: 'blog-php',
    state: 'succeeded',
    detail: 'the container is cut off from every network',
    rule: 'isolate-miners',
    onAlert: 'Cryptocurrency miner started',
    mechanism: 'nftables',
  },
  {
    minutesAgo: 400,
    action: 'kill',
    where: 'build-4411',
    state: 'unknown',
    detail: 'Guardcell stopped before the result was known.',
    actor: 'admin',
    errorCode: 'GC_ACTION_INTERRUPTED',
  },
  {
    minutesAgo: 611.9,
    action: 'pause',
    where: 'payments-api',
    state: 'succeeded',
    detail: 'the container is paused',
    rule: 'pause-on-account-file-write',
    onAlert: 'Account file written in container',
    mechanism: 'cgroup-freezer',
  },
  {
    minutesAgo: 611.9,
    action: 'notify',
    where: 'payments-api',
    state: 'succeeded',
    detail: 'Delivered to hooks.example.com (status 204).',
    rule: 'pause-on-account-file-write',
    onAlert: 'Account file written in container',
    mechanism: 'https',
  },
];

/** Every state an action can be in; newest first. */
export function fakeActions(
  containers: readonly Container[],
  alerts: readonly Alert[],
  nowMs: number,
): ActionRecord[] {
  const records = HISTORY.map((done, at): ActionRecord => {
    const container = containers.find(({ name }) => name === done.where);
    const alert = alerts.find((each) => each.rule === done.onAlert && each.container.name === done.where);
    const createdAtMs = nowMs - done.minutesAgo * MINUTE_MS;
    const isProcess = done.action === 'kill';
    return {
      id: `act-${String(HISTORY.length - at + 2).padStart(4, '0')}`,
      action: done.action,
      target: {
        kind: done.action === 'notify' ? 'none' : isProcess ? 'process' : 'container',
        containerId: container?.id ?? '',
        containerName: done.where,
        pid: isProcess ? (alert?.process.pid ?? 8124) : 0,
        processStartedAt: isProcess ? (alert?.process.startedAt ?? '') : '',
      },
      state: done.state,
      detail: done.detail,
      errorCode: done.errorCode ?? '',
      rule: done.rule ?? '',
      alertId: alert?.id ?? '',
      actor: done.actor ?? 'guardcell',
      reason: done.reason ?? '',
      createdAt: iso(createdAtMs),
      finishedAt: done.state === 'pending' ? '' : iso(createdAtMs + 84 + at * 31),
      mechanism: done.mechanism ?? '',
      undoneBy: '',
      undoes: '',
    };
  });
  const worker = containers.find(({ name }) => name === 'shop-worker');
  const undone = {
    errorCode: '',
    target: {
      kind: 'container' as const,
      containerId: worker?.id ?? '',
      containerName: 'shop-worker',
      pid: 0,
      processStartedAt: '',
    },
    rule: '',
    alertId: '',
    mechanism: 'cgroup-freezer',
  };
  return [
    ...records,
    {
      ...undone,
      id: 'act-0002',
      action: 'resume',
      state: 'succeeded',
      detail: 'the container is running again',
      actor: 'rita',
      reason: '',
      createdAt: iso(nowMs - 15 * HOUR_MS),
      finishedAt: iso(nowMs - 15 * HOUR_MS + 61),
      undoneBy: '',
      undoes: 'act-0001',
    },
    {
      ...undone,
      id: 'act-0001',
      action: 'pause',
      state: 'undone',
      detail: 'the container is paused',
      actor: 'admin',
      reason: 'looking into odd DNS traffic',
      createdAt: iso(nowMs - 16 * HOUR_MS),
      finishedAt: iso(nowMs - 16 * HOUR_MS + 74),
      undoneBy: 'act-0002',
      undoes: '',
    },
  ];
}

export const FAKE_SETTINGS: Settings = {
  retentionDays: 30,
  notifyAllow: ['10.20.0.0/16', 'hooks.internal.example.net'],
  protectedContainers: ['kube-*', 'coredns', 'shop-db'],
  scanning: {
    containers: true,
    hosts: true,
    everyMinutes: 1440,
    alertFrom: 'critical',
    databaseMirrors: ['https://mirror.example.net/guardcell/db'],
    databaseEveryHours: 12,
  },
};

export function fakeApiKeys(nowMs: number): ApiKey[] {
  const day = 24 * HOUR_MS;
  return [
    {
      id: 'key-grafana',
      name: 'grafana',
      role: 'viewer',
      createdAt: iso(nowMs - 40 * day),
      expiresAt: iso(nowMs + 325 * day),
      lastUsedAt: iso(nowMs - 38_000),
    },
    {
      id: 'key-ci',
      name: 'ci pipeline',
      role: 'responder',
      createdAt: iso(nowMs - 12 * day),
      expiresAt: iso(nowMs + 18 * day),
      lastUsedAt: '',
    },
  ];
}
