// The agent's sensor worker: kernel events → rule engine → alert drafts. Owns the ring, process state and rules.
import { parentPort, workerData } from 'node:worker_threads';
import {
  bareContainer,
  type Container,
  type DesiredPolicy,
  HOST,
  type RuleLoadProblem,
  type SensorReport,
} from '@guardcell/core';
import { CodedError, errorFacts, processLogger } from '@guardcell/kit';
import { createEngine, type Engine, type LoadResult, loadRules } from '@guardcell/rules';
import { openSensor, type Sensor } from '@guardcell/sensor';
import { draftAlert } from './alert-draft.ts';
import { createNameSource } from './user-names.ts';
import type { AlertDraft, FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts';

const REPORT_EVERY_MS = 2000;
/** Drafts are handed over at the end of a drain, or when this many are waiting. */
const DRAFTS_PER_MESSAGE = 200;
const KNOWN_CONTAINERS_MAX = 20_000;

const port = parentPort;
if (port === null) throw new CodedError('GC_INTERNAL', 'sensor.worker.ts is a worker');
const options = workerData as WorkerOptions;
const logger = processLogger({ part: 'sensor' });
const names = createNameSource();
const containers = new Map<string, Container>();

let engine: Engine | undefined;
let sensor: Sensor | undefined;
let drafts: AlertDraft[] = [];
let failure: SensorReport | undefined;
let flushQueued = false;

function tell(message: FromWorker): void {
  port?.postMessage(message);
}

function containerById(id: string): Container {
  if (id === '') return HOST;
  let container = containers.get(id);
  if (container === undefined) {
    container = bareContainer(id);
    if (containers.size >= KNOWN_CONTAINERS_MAX) containers.delete(containers.keys().next().value ?? '');
    containers.set(id, container);
    tell({ kind: 'container-seen', id, gone: false });
  }
  return container;
}

function flush(): void {
  flushQueued = false;
  if (drafts.length === 0) return;
  tell({ kind: 'alerts', drafts });
  drafts = [];
}

function keep(draft: AlertDraft): void {
  drafts.push(draft);
  if (drafts.length >= DRAFTS_PER_MESSAGE) flush();
  else if (!flushQueued) {
    flushQueued = true;
    setImmediate(flush);
  }
}

function failedReport(thrown: unknown): SensorReport {
  const { code, message, hint } = errorFacts(thrown);
  return {
    state: 'unavailable',
    detail: hint === '' ? message : `${message}. ${hint}`,
    errorCode: code,
    events: 0,
    eventsPerSecond: 0,
    drops: 0,
    eventTypes: [],
    cpuSeconds: 0,
    ringSizeBytes: 0,
    startedAt: '',
  };
}

function startSensor(): void {
  try {
    sensor = openSensor({
      ringSizeBytes: options.ringSizeBytes,
      excludePids: options.excludePids,
      containerById,
      onEvent(event) {
        engine?.evaluate(event, (match) => keep(draftAlert(match, event, options.hostname, names)));
      },
      onContainerCgroup: (id) => void containerById(id),
      onContainerGone(id) {
        names.forget(id);
        tell({ kind: 'container-seen', id, gone: true });
      },
      onGap: (gap) =>
        tell({
          kind: 'gap',
          gap: {
            from: new Date(gap.fromMs).toISOString(),
            to: new Date(gap.toMs).toISOString(),
            reason: gap.reason,
            lost: gap.lost,
          },
        }),
      logger,
    });
    sensor.start();
  } catch (thrown) {
    failure = failedReport(thrown);
    logger.error('the sensor cannot start', { ...errorFacts(thrown) });
  }
  report();
}

function report(): void {
  const current = sensor?.report() ?? failure;
  if (current !== undefined) tell({ kind: 'report', sensor: current });
}

function count(problems: readonly RuleLoadProblem[], level: RuleLoadProblem['level']): number {
  return problems.filter((problem) => problem.level === level).length;
}

function applyPolicy(policy: DesiredPolicy): void {
  const loaded: LoadResult = loadRules(policy.ruleFiles, { disabledRules: new Set(policy.disabledRules) });
  engine = createEngine(loaded, {
    userName: (uid, container) => names.userName(uid, container.id, container.pid),
    groupName: (gid, container) => names.groupName(gid, container.id, container.pid),
  });
  const { problems, rules } = loaded;
  tell({
    kind: 'rules',
    report: {
      revision: policy.revision,
      loaded: rules.length,
      enabled: rules.filter((rule) => rule.enabled).length,
      errors: count(problems, 'error'),
      warnings: count(problems, 'warning'),
      problems: problems.slice(0, 200),
    },
  });
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'policy':
      applyPolicy(message.policy);
      return;
    case 'container':
      containers.set(message.container.id, message.container);
      return;
    case 'forget':
      containers.delete(message.id);
      names.forget(message.id);
      return;
    case 'stop':
      sensor?.drain();
      flush();
      sensor?.close();
      tell({ kind: 'stopped' });
      port.close();
      return;
  }
});

startSensor();
setInterval(report, REPORT_EVERY_MS).unref();
