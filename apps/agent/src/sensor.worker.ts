// The agent's sensor worker: kernel events → rule engine → alert drafts. Owns the ring, process state and rules.

import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { matchRecorder, STATE_EVENT_TYPES } from '@guardcell/capture';
import { HOST, type RuntimeEvent, type SensorReport, type Thread } from '@guardcell/core';
import { CodedError, errorFacts, processLogger } from '@guardcell/kit';
import {
  createEngine,
  type Engine,
  type EngineEnvironment,
  loadOfPortable,
  type RuleMatch,
} from '@guardcell/rules';
import { EVENT_TYPES, openSensor, type Sensor, type SensorInterest } from '@guardcell/sensor';
import { keyOfText } from '@guardcell/spool';
import { draftAlert } from './alert-draft.ts';
import { batchClock } from './batch-clock.ts';
import { collectGarbage } from './collect-garbage.ts';
import { createCommitGate } from './commit-gate.ts';
import { clusterNames, createHostNames } from './host-names.ts';
import { knownContainers } from './known-containers.ts';
import type { PreparedRules } from './prepared-rules.ts';
import { recentEvents } from './recent-events.ts';
import { touchedFiles } from './scanning/touched-files.ts';
import { runTrial } from './trial.ts';
import { createNameSource } from './user-names.ts';
import { waitingEvents } from './waiting-events.ts';
import type { FromWorker, KeyedDraft, ToWorker, WorkerOptions } from './worker-messages.ts';

const REPORT_EVERY_MS = 2000;
/** What a recording needs besides the events that rules ask for. */
const STATE_TYPES = STATE_EVENT_TYPES.filter((type) => EVENT_TYPES.includes(type));
/** Drafts are handed over at the end of a batch of events, or when this many are waiting. */
const DRAFTS_PER_MESSAGE = 200;
/** A sensor that continues another one reads on when the containers are known, or after this time. */
const CONTAINERS_WAIT_MS = 3000;
/** When what the one before had read, but not made safe, has long been read again. */
const REPEATS_MS = 60_000;
/** At the end, alerts have this long to reach the spool. */
const SPOOL_WAIT_MS = 1000;

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
/** Event types that rules judge by the metadata of the container. */
let waitingTypes: ReadonlySet<string> = new Set();
let sensor: Sensor | undefined;
let drafts: KeyedDraft[] = [];
let failure: SensorReport | undefined;
let areContainersKnown = false;
let filesInUse = false;
/** What the rules in force ask for. */
let asked: SensorInterest | undefined;
/** Alerts that the agent before has made, by their keys, as long as its events may come again. */
let repeats: ReadonlySet<bigint> | undefined;
let judged: Thread | undefined;

function tell(message: FromWorker): void {
  port?.postMessage(message);
}

const gate = createCommitGate({
  commit: (batch) => sensor?.commit(batch),
  oldestWaiting: () => waiting.oldestMark(),
});

const touched = touchedFiles(Date.now);

function flush(): void {
  if (!touched.isEmpty) tell({ kind: 'touched', message: gate.sent(), files: touched.take() });
  if (drafts.length === 0) return;
  tell({ kind: 'alerts', message: gate.sent(), drafts });
  drafts = [];
}

const recorder = matchRecorder({
  folder: options.captureFolder,
  processTree: (pid) => sensor?.processTree(pid) ?? [],
  logger,
});

const clock = batchClock(Date.now);
const recent = recentEvents({ containerById: (id) => containers.byId(id), nowMs: clock.nowMs });

function judge(event: RuntimeEvent): void {
  judged = event.thread;
  recent.offer(event);
  engine?.evaluate(event, (match) => {
    const key = keyOfText(`${event.identity}|${match.rule.name}`);
    if (repeats?.has(key) === true) {
      logger.debug('an alert that the agent before has made', { rule: match.rule.name });
      return;
    }
    const capture = recording(match, event);
    const draft = draftAlert(match, event, options.hostname, names);
    drafts.push({ key, alert: capture === undefined ? draft : { ...draft, capture } });
    if (drafts.length >= DRAFTS_PER_MESSAGE) flush();
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
  mark: () => gate.current,
  onReleased: ({ id, complete }, events, waitedMs) => {
    clock.next();
    flush();
    gate.released();
    logger.debug('events waited for the metadata of their container', { id, complete, events, waitedMs });
  },
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

function startSensor(interest: SensorInterest): void {
  try {
    sensor = openSensor({
      ringSizeBytes: options.ringSizeBytes,
      excludePids: options.excludePids,
      instance: options.instance,
      deferCommit: true,
      interest,
      containerById: (id) => containers.byId(id),
      onEvent(event) {
        recorder.note(event);
        const { container } = event.thread;
        if (container.id !== HOST.id) names.remember(container, event.thread);
        if (container.complete || !waiting.take(event)) judge(event);
      },
      onBatchEnd(batch) {
        clock.next();
        flush();
        gate.batchEnded(batch);
      },
      onTouched: touched.note,
      onTouchedLost: (containerId, count) => tell({ kind: 'touched-lost', containerId, count }),
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
    if (sensor.ring().isResumed) {
      repeats = new Set(options.recentKeys);
      setTimeout(() => {
        repeats = undefined;
      }, REPEATS_MS).unref();
    }
    if (areContainersKnown || !sensor.ring().isResumed) sensor.start();
    // What was recorded meanwhile is of containers that run: judged too early, it would miss their metadata.
    else setTimeout(startReading, CONTAINERS_WAIT_MS).unref();
  } catch (thrown) {
    failure = failedReport(thrown);
    logger.error('the sensor cannot start', { ...errorFacts(thrown) });
  }
  report();
}

function startReading(): void {
  areContainersKnown = true;
  sensor?.start();
}

function report(): void {
  const current = sensor?.report() ?? failure;
  if (current === undefined) return;
  tell({ kind: 'report', sensor: current, isResumed: sensor?.ring().isResumed ?? false });
}

const environment: EngineEnvironment = {
  userName: (uid, container) => names.userName(uid, container, judged) || undefined,
  groupName: (gid, container) => names.groupName(gid, container, judged) || undefined,
  hostNames: (ip) => hostNames.namesOf(ip),
};

function prepared(bytes: SharedArrayBuffer): PreparedRules {
  return deserialize(new Uint8Array(bytes)) as PreparedRules;
}

function tryRules(id: string, bytes: SharedArrayBuffer): void {
  const { load } = prepared(bytes);
  const answer = runTrial(loadOfPortable(load), recent.all(), environment, options.hostname);
  tell({ kind: 'trial', id, answer });
}

function applyRules(rules: PreparedRules): void {
  engine = createEngine(loadOfPortable(rules.load), environment);
  waitingTypes = rules.waitingTypes;
  hostNames.watch(rules.hostNames);
  recorder.enable(rules.isRecording);
  // What no rule asks for is not even attached.
  asked = {
    ...rules.interest,
    eventTypes: rules.isRecording ? new Set([...engine.eventTypes, ...STATE_TYPES]) : engine.eventTypes,
  };
  const interest: SensorInterest = { ...asked, filesInUse };
  if (sensor === undefined) startSensor(interest);
  else sensor.setInterest(interest);
}

function watchFiles(isWanted: boolean): void {
  if (filesInUse === isWanted) return;
  filesInUse = isWanted;
  if (asked !== undefined) sensor?.setInterest({ ...asked, filesInUse });
}

function takeRules({ bytes, report: loaded }: Extract<ToWorker, { kind: 'rules' }>): void {
  const startMs = performance.now();
  applyRules(prepared(bytes));
  tell({ kind: 'rules', report: loaded });
  const appliedMs = performance.now();
  // The rules before are garbage now, and would stay for long where little happens.
  collectGarbage();
  logger.debug('rules are in force', {
    bytes: bytes.byteLength,
    appliedMs: Math.round(appliedMs - startMs),
    collectedMs: Math.round(performance.now() - appliedMs),
  });
}

async function stop(): Promise<void> {
  sensor?.drain();
  waiting.releaseAll();
  flush();
  for (let waitedMs = 0; !gate.isQuiet() && waitedMs < SPOOL_WAIT_MS; waitedMs += 10) await sleep(10);
  sensor?.close();
  await recorder
    .close()
    .catch((thrown: unknown) => logger.warn('a recording was not finished', { ...errorFacts(thrown) }));
  tell({ kind: 'stopped' });
  port?.close();
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'rules':
      takeRules(message);
      return;
    case 'spooled':
      gate.spooled(message.message);
      return;
    case 'containers-known':
      startReading();
      return;
    case 'container':
      containers.update(message.container);
      waiting.changed(message.container);
      return;
    case 'watch-files':
      watchFiles(message.isWanted);
      return;
    case 'exclude':
      sensor?.exclude(message.pid, message.isExcluded);
      tell({ kind: 'excluded', pid: message.pid });
      return;
    case 'trial':
      tryRules(message.id, message.bytes);
      return;
    case 'stop':
      void stop();
      return;
  }
});

setInterval(report, REPORT_EVERY_MS).unref();
