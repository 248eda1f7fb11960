// The agent's sensor worker: kernel events → rule engine → alert drafts. Owns the ring, process state and rules.
import { parentPort, workerData } from 'node:worker_threads';
import { matchRecorder, STATE_EVENT_TYPES } from '@guardcell/capture';
import type { TrialCommand } from '@guardcell/contract';
import {
  type DesiredPolicy,
  HOST,
  type RuleLoadProblem,
  type RuntimeEvent,
  type SensorReport,
  type Thread,
} from '@guardcell/core';
import { CodedError, errorFacts, processLogger } from '@guardcell/kit';
import {
  createEngine,
  type Engine,
  type EngineEnvironment,
  type LoadResult,
  loadRules,
  type RuleMatch,
  ruleInterest,
} from '@guardcell/rules';
import { EVENT_TYPES, openSensor, type Sensor } from '@guardcell/sensor';
import { draftAlert } from './alert-draft.ts';
import { clusterNames, createHostNames } from './host-names.ts';
import { knownContainers } from './known-containers.ts';
import { metadataEventTypes } from './metadata-event-types.ts';
import { recentEvents } from './recent-events.ts';
import { runTrial } from './trial.ts';
import { createNameSource } from './user-names.ts';
import { waitingEvents } from './waiting-events.ts';
import type { AlertDraft, FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts';

const REPORT_EVERY_MS = 2000;
/** What a recording needs besides the events that rules ask for. */
const STATE_TYPES = STATE_EVENT_TYPES.filter((type) => EVENT_TYPES.includes(type));
/** Drafts are handed over at the end of a drain, or when this many are waiting. */
const DRAFTS_PER_MESSAGE = 200;

const port = parentPort;
if (port === null) throw new CodedError('GC_INTERNAL', 'sensor.worker.ts is a worker');
const options = workerData as WorkerOptions;
const logger = processLogger({ part: 'sensor' });
const names = createNameSource();
const hostNames = createHostNames({
  hostsFile: process.env['GUARDCELL_HOSTS_FILE'] ?? '/etc/hosts',
  fixed: clusterNames(process.env['KUBERNETES_SERVICE_HOST'] ?? ''),
});
const containers = knownContainers((id) => tell({ kind: 'container-seen', id, gone: false }));

let engine: Engine | undefined;
let inForce: DesiredPolicy | undefined;
/** Event types that rules judge by the metadata of the container. */
let waitingTypes: ReadonlySet<string> = new Set();
let sensor: Sensor | undefined;
let drafts: AlertDraft[] = [];
let failure: SensorReport | undefined;
let flushQueued = false;
let judged: Thread | undefined;

function tell(message: FromWorker): void {
  port?.postMessage(message);
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

const recorder = matchRecorder({
  folder: options.captureFolder,
  processTree: (pid) => sensor?.processTree(pid) ?? [],
  logger,
});

const recent = recentEvents({ containerById: (id) => containers.byId(id), nowMs: Date.now });

function judge(event: RuntimeEvent): void {
  judged = event.thread;
  recent.offer(event);
  engine?.evaluate(event, (match) => {
    const capture = recording(match, event);
    const draft = draftAlert(match, event, options.hostname, names);
    keep(capture === undefined ? draft : { ...draft, capture });
  });
}

function recording({ rule }: RuleMatch, event: RuntimeEvent): string | undefined {
  return rule.capture ? recorder.matched(rule.name, rule.captureDurationMs, event) : undefined;
}

function matchesNow(event: RuntimeEvent): boolean {
  judged = event.thread;
  let matches = false;
  engine?.evaluate(event, () => {
    matches = true;
  });
  return matches;
}

const waiting = waitingEvents({
  containerById: (id) => containers.byId(id),
  mustWait: (event) => waitingTypes.has(event.type) || matchesNow(event),
  judge,
  onReleased: ({ id, complete }, events, waitedMs) =>
    logger.debug('events waited for the metadata of their container', { id, complete, events, waitedMs }),
});

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
      containerById: (id) => containers.byId(id),
      onEvent(event) {
        recorder.note(event);
        const { container } = event.thread;
        if (container.id !== HOST.id) names.remember(container, event.thread);
        if (container.complete || !waiting.take(event)) judge(event);
      },
      onContainerCgroup: (id) => void containers.byId(id),
      onContainerGone(id) {
        names.forget(id);
        waiting.forget(id);
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

const environment: EngineEnvironment = {
  userName: (uid, container) => names.userName(uid, container, judged) || undefined,
  groupName: (gid, container) => names.groupName(gid, container, judged) || undefined,
  hostNames: (ip) => hostNames.namesOf(ip),
};

function tryRules(command: TrialCommand): void {
  if (inForce === undefined) return;
  const answer = runTrial(command, inForce, recent.all(), environment, options.hostname);
  tell({ kind: 'trial', id: command.id, answer });
}

function applyPolicy(policy: DesiredPolicy): void {
  const loaded: LoadResult = loadRules(policy.ruleFiles, { disabledRules: new Set(policy.disabledRules) });
  engine = createEngine(loaded, environment);
  inForce = policy;
  const { problems, rules } = loaded;
  waitingTypes = metadataEventTypes(rules);
  const interest = ruleInterest(rules);
  hostNames.watch(interest.hostNames);
  const isRecording = rules.some((rule) => rule.enabled && rule.capture && rule.source === 'syscall');
  recorder.enable(isRecording);
  // What no rule asks for is not even attached.
  sensor?.setInterest({
    eventTypes: isRecording ? new Set([...engine.eventTypes, ...STATE_TYPES]) : engine.eventTypes,
    openPaths: interest.opens.paths,
    openPrograms: interest.opens.programs,
    openUpward: interest.opens.upward,
    // the sensor's own list of paths was made for the built-in rules
    allOpens: interest.allOpens.some(({ file }) => !file.startsWith('builtin/')),
    dataTypes: interest.dataTypes,
    environment: interest.readsEnvironment,
  });
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
      containers.update(message.container);
      waiting.changed(message.container);
      return;
    case 'trial':
      tryRules(message.command);
      return;
    case 'stop':
      sensor?.drain();
      waiting.releaseAll();
      flush();
      sensor?.close();
      void recorder.close().finally(() => {
        tell({ kind: 'stopped' });
        port.close();
      });
      return;
  }
});

startSensor();
setInterval(report, REPORT_EVERY_MS).unref();
