// Runs the sensor worker: restarts it when it dies, declares the time it was blind, keeps its last reports.

import { Worker } from 'node:worker_threads';
import type { TrialAnswer, TrialCommand } from '@guardcell/contract';
import type {
  Container,
  CoverageGap,
  DesiredPolicy,
  RuleLoadProblem,
  RulesReport,
  SensorReport,
} from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import { collectGarbage } from './collect-garbage.ts';
import { createRuleLoader, type LoaderAnswer } from './rule-loader.ts';
import type { TouchedInContainer } from './scanning/touched-files.ts';
import type { FromWorker, KeyedDraft, ToWorker, WorkerOptions } from './worker-messages.ts';

const RESTART_DELAY_MS = 1000;
/** More than the main thread's: with 3 MB the collector takes a quarter of the CPU per event (bench/platform.ts). */
const YOUNG_GENERATION_MB = 12;

export interface SensorHostHandlers {
  /** When it returns they survive the end of the process. */
  alerts(drafts: readonly KeyedDraft[]): void;
  containerSeen(id: string, gone: boolean): void;
  /** When it returns they survive the end of the process. */
  touched(files: readonly TouchedInContainer[]): void;
  touchedLost(containerId: string | undefined, count: number): void;
  gap(gap: Omit<CoverageGap, 'sensor'>): void;
  /** The sensor or rules report changed. */
  reported(): void;
  /** The policy is in force, so the next start may begin with it. */
  policyTaken(policy: DesiredPolicy): void;
  readonly trial: (id: string, answer: Omit<TrialAnswer, 'sensorId'>) => void;
}

export interface SensorHost {
  /** Takes effect when its files have been read; those that cannot be are reported, and what is in force stays. */
  setPolicy(policy: DesiredPolicy): void;
  /** All containers that run already have been told. */
  containersKnown(): void;
  setContainer(container: Container): void;
  /** The answer comes back through the handlers; there is none while the worker is away. */
  tryRules(command: TrialCommand): void;
  /** Whether the sensor tells of files in use. */
  watchFiles(isWanted: boolean): void;
  /** Leaves out what a process does, or no longer; resolves when the worker has done so, never while it is away. */
  exclude(pid: number, isExcluded: boolean): Promise<void>;
  sensorReport(): SensorReport;
  /** Whether the sensor continues one that was killed, with nothing lost in between. */
  isResumed(): boolean;
  rulesReport(): RulesReport;
  stop(): Promise<void>;
}

export const NO_RULES: RulesReport = {
  revision: '',
  loaded: 0,
  enabled: 0,
  errors: 0,
  warnings: 0,
  problems: [],
};

type Loaded = Extract<LoaderAnswer, { ok: true }>;

const STAYS_IN_FORCE = 'The rules that were in force before stay in force.';
const ONLY_BUILT_IN = 'Only the built-in rules are in force.';

/** What is in force, as the answer to a policy that was refused. */
function refused(current: RulesReport, revision: string, why: string, stays: string): RulesReport {
  const problem: RuleLoadProblem = {
    level: 'error',
    code: 'GC_RULES_TOO_HEAVY',
    message: `the rule files cannot be loaded: ${why}`,
    file: '',
    line: 0,
    column: 0,
    item: '',
    hint: `${stays} Make the rule files smaller, or remove the one that was added last.`,
  };
  return { ...current, revision, errors: current.errors + 1, problems: [problem, ...current.problems] };
}

export function idleSensor(state: SensorReport['state'], detail: string, errorCode: string): SensorReport {
  return {
    state,
    detail,
    errorCode,
    events: 0,
    eventsPerSecond: 0,
    drops: 0,
    eventTypes: [],
    cpuSeconds: 0,
    ringSizeBytes: 0,
    startedAt: '',
  };
}

export function startSensorHost(
  options: WorkerOptions,
  handlers: SensorHostHandlers,
  clock: Clock,
  logger: Logger,
): SensorHost {
  let sensor = idleSensor('starting', 'the sensor is starting', '');
  let rules = NO_RULES;
  let isResumed = false;
  let areContainersKnown = false;
  /** Revision of what is wanted; a load that ends after a newer wish is forgotten. */
  let wanted = '';
  let inForce: { readonly policy: DesiredPolicy; readonly load: Loaded } | undefined;
  let worker: Worker | undefined;
  let stopping = false;
  let diedAtMs = 0;
  const containers = new Map<string, Container>();
  let filesWanted = false;
  /** Processes that the worker is asked to leave out, with who waits for that. */
  const excluding = new Map<number, () => void>();
  const loader = createRuleLoader();

  function send(message: ToWorker): void {
    worker?.postMessage(message);
  }

  function receive(message: FromWorker): void {
    switch (message.kind) {
      case 'alerts':
        handlers.alerts(message.drafts);
        send({ kind: 'spooled', message: message.message });
        return;
      case 'touched':
        handlers.touched(message.files);
        send({ kind: 'spooled', message: message.message });
        return;
      case 'touched-lost':
        handlers.touchedLost(message.containerId, message.count);
        return;
      case 'excluded':
        excluding.get(message.pid)?.();
        excluding.delete(message.pid);
        return;
      case 'container-seen':
        handlers.containerSeen(message.id, message.gone);
        return;
      case 'gap':
        handlers.gap(message.gap);
        return;
      case 'report': {
        const isNews = message.sensor.state !== sensor.state;
        sensor = message.sensor;
        ({ isResumed } = message);
        if (isNews) handlers.reported();
        return;
      }
      case 'rules':
        rules = message.report;
        handlers.reported();
        return;
      case 'trial':
        handlers.trial(message.id, message.answer);
        return;
      case 'stopped':
        return;
    }
  }

  function start(): void {
    worker = new Worker(new URL('./sensor.worker.ts', import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    worker.on('message', receive);
    worker.on('error', (error: unknown) =>
      logger.error('the sensor worker failed', { ...errorFacts(error) }),
    );
    worker.on('exit', (code) => {
      worker = undefined;
      if (stopping) return;
      diedAtMs = clock.nowMs();
      sensor = idleSensor(
        'failed',
        `the sensor worker ended (code ${code}) and is started again`,
        'GC_SENSOR_DIED',
      );
      handlers.reported();
      setTimeout(restart, RESTART_DELAY_MS);
    });
    for (const container of containers.values()) send({ kind: 'container', container });
    if (areContainersKnown) send({ kind: 'containers-known' });
    send({ kind: 'watch-files', isWanted: filesWanted });
    if (inForce !== undefined) sendRules(inForce.load);
  }

  function sendRules({ bytes, report }: Loaded): void {
    send({ kind: 'rules', bytes, report });
  }

  async function load(policy: DesiredPolicy): Promise<void> {
    const answer = await loader.load({ kind: 'policy', policy });
    if (stopping || policy.revision !== wanted) return;
    if (answer.ok) {
      inForce = { policy, load: answer };
      handlers.policyTaken(policy);
      sendRules(answer);
      return;
    }
    logger.error('the rules cannot be loaded', { why: answer.why });
    if (inForce === undefined) await loadBuiltIn(policy, answer.why);
    else {
      rules = refused(inForce.load.report, policy.revision, answer.why, STAYS_IN_FORCE);
      handlers.reported();
    }
  }

  /** Something must be in force: the files that come with the product. */
  async function loadBuiltIn(policy: DesiredPolicy, why: string): Promise<void> {
    const ruleFiles = policy.ruleFiles.filter(({ name }) => name.startsWith('builtin/'));
    const builtIn = { ...policy, ruleFiles };
    const answer = await loader.load({ kind: 'policy', policy: builtIn });
    if (stopping || policy.revision !== wanted || inForce !== undefined) return;
    if (answer.ok) {
      const report = refused(answer.report, policy.revision, why, ONLY_BUILT_IN);
      inForce = { policy: builtIn, load: { ...answer, report } };
      sendRules(inForce.load);
      return;
    }
    logger.error('the built-in rules cannot be loaded', { why: answer.why });
    rules = refused(NO_RULES, policy.revision, why, 'No rules are in force.');
    handlers.reported();
  }

  async function tryRules(command: TrialCommand): Promise<void> {
    if (inForce === undefined) return;
    const answer = await loader.load({ kind: 'trial', policy: inForce.policy, command });
    if (answer.ok) send({ kind: 'trial', id: command.id, bytes: answer.bytes });
    else logger.warn('rules cannot be tried', { why: answer.why });
  }

  function restart(): void {
    if (stopping) return;
    handlers.gap({
      from: new Date(diedAtMs).toISOString(),
      to: new Date(clock.nowMs()).toISOString(),
      reason: 'sensor-restart',
      lost: -1,
    });
    start();
  }

  start();
  return {
    setPolicy(next) {
      wanted = next.revision;
      void load(next).finally(collectGarbage);
    },
    containersKnown() {
      areContainersKnown = true;
      send({ kind: 'containers-known' });
    },
    setContainer(container) {
      if (container.state === 'removed') containers.delete(container.id);
      else containers.set(container.id, container);
      send({ kind: 'container', container });
    },
    tryRules: (command) => void tryRules(command),
    watchFiles(isWanted) {
      if (filesWanted === isWanted) return;
      filesWanted = isWanted;
      send({ kind: 'watch-files', isWanted });
    },
    exclude: (pid, isExcluded) =>
      new Promise((done) => {
        excluding.set(pid, done);
        send({ kind: 'exclude', pid, isExcluded });
      }),
    sensorReport: () => sensor,
    isResumed: () => isResumed,
    rulesReport: () => rules,
    async stop() {
      stopping = true;
      loader.close();
      const current = worker;
      if (current === undefined) return;
      const ended = new Promise<void>((done) => current.once('exit', () => done()));
      current.postMessage({ kind: 'stop' } satisfies ToWorker);
      const timer = setTimeout(() => void current.terminate(), 2000);
      await ended;
      clearTimeout(timer);
    },
  };
}
