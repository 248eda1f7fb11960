// Runs the sensor worker: restarts it when it dies, declares the time it was blind, keeps its last reports.

import { Worker } from 'node:worker_threads';
import type { TrialAnswer, TrialCommand } from '@guardcell/contract';
import type { Container, CoverageGap, DesiredPolicy, RulesReport, SensorReport } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { AlertDraft, FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts';

const RESTART_DELAY_MS = 1000;
/** More than the main thread's: with 3 MB the collector takes a quarter of the CPU per event (bench/platform.ts). */
const YOUNG_GENERATION_MB = 12;

export interface SensorHostHandlers {
  alerts(drafts: readonly AlertDraft[]): void;
  containerSeen(id: string, gone: boolean): void;
  gap(gap: Omit<CoverageGap, 'sensor'>): void;
  /** The sensor or rules report changed. */
  reported(): void;
  readonly trial: (id: string, answer: Omit<TrialAnswer, 'sensorId'>) => void;
}

export interface SensorHost {
  setPolicy(policy: DesiredPolicy): void;
  setContainer(container: Container): void;
  /** The answer comes back through the handlers; there is none while the worker is away. */
  tryRules(command: TrialCommand): void;
  sensorReport(): SensorReport;
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
  let policy: DesiredPolicy | undefined;
  let worker: Worker | undefined;
  let stopping = false;
  let diedAtMs = 0;
  const containers = new Map<string, Container>();

  function send(message: ToWorker): void {
    worker?.postMessage(message);
  }

  function receive(message: FromWorker): void {
    switch (message.kind) {
      case 'alerts':
        handlers.alerts(message.drafts);
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
    if (policy !== undefined) send({ kind: 'policy', policy });
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
      policy = next;
      send({ kind: 'policy', policy: next });
    },
    setContainer(container) {
      if (container.state === 'removed') containers.delete(container.id);
      else containers.set(container.id, container);
      send({ kind: 'container', container });
    },
    tryRules: (command) => send({ kind: 'trial', command }),
    sensorReport: () => sensor,
    rulesReport: () => rules,
    async stop() {
      stopping = true;
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
