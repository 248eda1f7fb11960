// The node agent: composes sensor, inventory, actuators, spool and uplink. Works on when the server is away.

import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DesiredState } from '@guardcell/contract';
import type { AgentReport, CoverageGap, EnforcementRung } from '@guardcell/core';
import { CodedError, errorFacts, type Logger, systemClock } from '@guardcell/kit';
import { type Actuators, type Inventory, openActuators, openInventory } from '@guardcell/sensor';
import { openSpool, type Spool } from '@guardcell/spool';
import { createCommandRunner } from './commands.ts';
import { openLastAlive } from './last-alive.ts';
import type { AgentOptions } from './options.ts';
import { openPolicyCache } from './policy-cache.ts';
import { type Scanning, startScanning } from './scanning/scanning.ts';
import { idleSensor, NO_RULES, type SensorHost, startSensorHost } from './sensor-host.ts';
import { createServerLink, type ServerLink } from './server-link.ts';
import { startUplink, type Uplink } from './uplink.ts';
import type { KeyedDraft } from './worker-messages.ts';

const REPORT_EVERY_MS = 5000;
/** Changes of inventory are told to the server at once, but not more often than this. */
const REPORT_MIN_GAP_MS = 200;
const RECONNECT_MS = 500;
const RUNGS_EVERY_MS = 120_000;

export interface Agent {
  /** Resolves when rules are loaded and the sensor runs, or it is known why it cannot. */
  readonly ready: Promise<AgentReport>;
  stop(): Promise<void>;
}

function openOwnSpool(options: AgentOptions, logger: Logger): Spool {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  return openSpool({
    dir: join(options.dataDir, 'spool'),
    maxBytes: options.spoolMaxBytes,
    clock: systemClock,
    logger: logger.child({ part: 'spool' }),
  });
}

export function startAgent(options: AgentOptions, logger: Logger): Agent {
  const spool = openOwnSpool(options, logger);
  const link: ServerLink = createServerLink({
    socketPath: options.serverSocket,
    tokenFile: options.tokenFile,
  });
  const policyCache = openPolicyCache(options.dataDir, logger);
  const stopped = new AbortController();
  const lastAlive = openLastAlive(options.dataDir, systemClock.nowMs, logger);
  let isWatching = false;
  const host = hostname();
  let rungs: readonly EnforcementRung[] = [];
  let reportTimer: NodeJS.Timeout | undefined;
  let lastReportMs = 0;
  let becameReady: (report: AgentReport) => void = () => undefined;
  const ready = new Promise<AgentReport>((done) => {
    becameReady = done;
  });

  let sensorHost: SensorHost | undefined;
  let actuators: Actuators | undefined;
  let scanning: Scanning | undefined;

  const inventory: Inventory = openInventory({
    logger: logger.child({ part: 'containers' }),
    onChange(container) {
      sensorHost?.setContainer(container);
      void actuators?.noteChanged(container);
      scanning?.containerChanged(container);
      reportSoon();
    },
  });
  actuators = openActuators({
    inventory,
    logger: logger.child({ part: 'enforce' }),
    protectedPids: [process.pid, process.ppid],
    protectedContainers: [],
  });
  const commands = createCommandRunner(actuators, link, systemClock, logger);
  const uplink: Uplink = startUplink(spool, link, logger.child({ part: 'uplink' }));

  function spoolAlert({ alert, key }: KeyedDraft): void {
    spool.append(({ seq }) => JSON.stringify({ id: `${spool.sensor}-${spool.epoch}-${seq}`, ...alert }), {
      critical: alert.severity === 'critical' || alert.severity === 'high',
      key,
    });
  }

  function takeAlerts(drafts: readonly KeyedDraft[]): void {
    for (const draft of drafts) spoolAlert(draft);
    uplink.wake();
  }

  function takeGap(gap: Omit<CoverageGap, 'sensor'>): void {
    spool.noteGap(gap);
    // Events that the ring had no room for are counted by container where they tell of files in use.
    if (gap.lost < 0) scanning?.unwatched();
    uplink.wake();
  }

  /**
   * As soon as the sensor runs: from the last sign of life of the agent before to now nobody watched, unless the kernel
   * went on recording for the next sensor.
   */
  function declareDownTime(): void {
    if (isWatching || sensorHost?.sensorReport().state !== 'running') return;
    isWatching = true;
    lastAlive.start();
    if (lastAlive.previousMs === undefined || sensorHost.isResumed()) return;
    takeGap({
      from: new Date(lastAlive.previousMs).toISOString(),
      to: new Date(systemClock.nowMs()).toISOString(),
      reason: 'agent-down',
      lost: -1,
    });
  }

  sensorHost = options.sensor
    ? startSensorHost(
        {
          ringSizeBytes: options.ringSizeBytes,
          hostname: host,
          excludePids: [process.pid],
          captureFolder: join(options.dataDir, 'captures'),
          instance: createHash('sha256').update(realpathSync(options.dataDir)).digest('hex').slice(0, 32),
          recentKeys: spool.recentKeys,
        },
        {
          alerts: takeAlerts,
          containerSeen: (id, gone) => {
            if (!gone) inventory.noteSeen(id);
            else scanning?.containerGone(id);
          },
          touched: (files) => scanning?.touched(files),
          touchedLost: (containerId, count) => scanning?.lost(containerId, count),
          gap: takeGap,
          trial: (id, answer) =>
            void link
              .sendTrial(id, { sensorId: spool.sensor, ...answer })
              .catch((thrown: unknown) =>
                logger.debug('the answer of a trial was lost', { ...errorFacts(thrown) }),
              ),
          policyTaken: policyCache.save,
          reported: () => {
            declareDownTime();
            reportSoon();
            announceReady();
          },
        },
        systemClock,
        logger,
      )
    : undefined;

  scanning = startScanning({
    dataDir: options.dataDir,
    sensorId: spool.sensor,
    hostname: host,
    clock: systemClock,
    logger: logger.child({ part: 'scanning' }),
    containers: () => inventory.list(),
    sendScan: link.sendScan,
    sendInUse: link.sendInUse,
    watchFiles: (isWanted) => sensorHost?.watchFiles(isWanted),
    exclude: async (pid, isExcluded) => sensorHost?.exclude(pid, isExcluded),
    isWatching: () => sensorHost?.sensorReport().state === 'running',
  });

  function report(): AgentReport {
    const { pending, sizeBytes, dropped } = spool.stats();
    return {
      sensorId: spool.sensor,
      hostname: host,
      kernel: release(),
      version: options.version,
      epoch: spool.epoch,
      sensor: sensorHost?.sensorReport() ?? idleSensor('off', 'switched off with --no-sensor', ''),
      runtimes: inventory.reports(),
      rungs,
      rules: sensorHost?.rulesReport() ?? NO_RULES,
      spool: { pending, sizeBytes, dropped },
      rssBytes: process.memoryUsage.rss(),
      at: new Date().toISOString(),
    };
  }

  function announceReady(): void {
    const current = report();
    const settled = current.sensor.state !== 'starting' && current.sensor.state !== 'failed';
    if (sensorHost === undefined || (settled && current.rules.revision !== '')) becameReady(current);
  }

  async function sendReport(): Promise<void> {
    lastReportMs = systemClock.nowMs();
    try {
      await link.sendUpdate({ report: report(), containers: inventory.list() });
    } catch (thrown) {
      logger.debug('the report waits for the server', { ...errorFacts(thrown) });
    }
  }

  function reportSoon(): void {
    if (reportTimer !== undefined || stopped.signal.aborted) return;
    const waitMs = Math.max(0, lastReportMs + REPORT_MIN_GAP_MS - systemClock.nowMs());
    reportTimer = setTimeout(() => {
      reportTimer = undefined;
      void sendReport();
    }, waitMs);
  }

  function applyDesired(desired: DesiredState): void {
    if (sensorHost !== undefined && desired.policy.revision !== appliedRevision) {
      appliedRevision = desired.policy.revision;
      sensorHost.setPolicy(desired.policy);
    }
    commands.desired(desired.commands);
    if (desired.scanning !== undefined) scanning?.setState(desired.scanning);
    for (const trial of desired.trials ?? []) {
      if (trial.id === lastTrial || systemClock.nowMs() > trial.expiresAtMs) continue;
      lastTrial = trial.id;
      sensorHost?.tryRules(trial);
    }
  }

  async function followServer(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await sendReport();
        for await (const desired of link.desired(spool.sensor, stopped.signal)) applyDesired(desired);
      } catch (thrown) {
        if (stopped.signal.aborted) return;
        const facts = errorFacts(thrown);
        if (!(thrown instanceof CodedError))
          logger.error('the desired state could not be applied', { ...facts });
        else logger.debug('the server is away', { ...facts });
      }
      await sleep(RECONNECT_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  let appliedRevision = '';
  let lastTrial = '';
  const cached = policyCache.load();
  if (cached !== undefined) {
    appliedRevision = cached.revision;
    sensorHost?.setPolicy(cached);
  }
  // What runs already is known before the server hears of this host.
  void inventory.ready.then(() => {
    sensorHost?.containersKnown();
    scanning?.containersKnown();
    reportSoon();
  });
  const ticker = setInterval(reportSoon, REPORT_EVERY_MS);
  const following = followServer();
  const acting = actuators;
  // What an action can use depends on the runtimes that answer, so they are asked first, and again now and then.
  async function probeRungs(): Promise<void> {
    await inventory.ready;
    rungs = await acting.rungs();
    reportSoon();
  }
  void inventory.ready.then(() => acting.recover());
  void probeRungs();
  const prober = setInterval(() => void probeRungs(), RUNGS_EVERY_MS);
  announceReady();

  return {
    ready,
    async stop() {
      stopped.abort();
      clearInterval(ticker);
      clearInterval(prober);
      clearTimeout(reportTimer);
      await sensorHost?.stop();
      await scanning?.stop();
      lastAlive.stop();
      await Promise.all([uplink.stop(), following]);
      inventory.close();
      link.close();
      spool.close();
    },
  };
}
