// The health of the whole platform in one answer.
import type { Status } from '@guardcell/contract';
import type { AgentReport, RulesReport, SensorReport } from '@guardcell/core';
import type { EventStoreStats } from '@guardcell/store';
import type { Platform } from './platform.ts';

/** A platform that just started waits this long for its agent before it says that there is none. */
const AGENT_START_MS = 15_000;
const GAPS_MS = 86_400_000;
const MAX_GAPS = 100;

const NO_SENSOR: SensorReport = {
  state: 'starting',
  detail: 'the agent has not reported yet',
  errorCode: '',
  events: 0,
  eventsPerSecond: 0,
  drops: 0,
  eventTypes: [],
  cpuSeconds: 0,
  ringSizeBytes: 0,
  startedAt: '',
};

/** The sensor that needs attention most; with one agent, its sensor. */
function sensorOfFleet(agents: readonly AgentReport[], uptimeMs: number): SensorReport {
  const worst = ['failed', 'unavailable', 'starting', 'off', 'running'];
  const [first] = agents
    .map((agent) => agent.sensor)
    .sort((a, b) => worst.indexOf(a.state) - worst.indexOf(b.state));
  if (first !== undefined) return first;
  if (uptimeMs < AGENT_START_MS) return NO_SENSOR;
  const detail = 'no agent is connected; start one with `guardcell up`';
  return { ...NO_SENSOR, state: 'unavailable', detail, errorCode: 'GC_NO_AGENT' };
}

/** Rules as the agents have loaded them when they have the current policy, else as the server sees them. */
function rulesInForce(agents: readonly AgentReport[], own: RulesReport): RulesReport {
  const current = agents.find((agent) => agent.rules.revision === own.revision && own.revision !== '');
  if (current === undefined) return own;
  const known = new Set(current.rules.problems.map((each) => `${each.file}:${each.line}:${each.code}`));
  // Files that the server could not read never reach the agent.
  const more = own.problems.filter((each) => !known.has(`${each.file}:${each.line}:${each.code}`));
  const errors = more.filter(({ level }) => level === 'error').length;
  return {
    ...current.rules,
    errors: current.rules.errors + errors,
    warnings: current.rules.warnings + more.length - errors,
    problems: [...current.rules.problems, ...more],
  };
}

async function storeStats(platform: Platform): Promise<EventStoreStats> {
  try {
    return await platform.events.stats();
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return { events: 0, sizeBytes: 0, oldestMs: 0, lastPosition: 0, state: 'failed', detail };
  }
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

export async function statusOf(platform: Platform): Promise<Status> {
  const nowMs = platform.clock.nowMs();
  const agents = platform.fleet.agents();
  const stats = await storeStats(platform);
  const gaps = await platform.events.gaps(nowMs - GAPS_MS, nowMs + 1).catch(() => []);
  const rules = rulesInForce(agents, platform.library.report());
  const problems = platform.responses.problems();
  const running = platform.fleet
    .containers()
    .filter(({ container }) => ['running', 'paused'].includes(container.state));
  const status = {
    version: platform.options.version,
    url: platform.url(),
    startedAt: new Date(platform.startedAtMs).toISOString(),
    sensor: sensorOfFleet(agents, nowMs - platform.startedAtMs),
    containers: running.filter(({ container }) => container.id !== 'host').length,
    rules: {
      loaded: rules.loaded,
      enabled: rules.enabled,
      errors: rules.errors,
      warnings: rules.warnings,
      problems: rules.problems,
    },
    responses: {
      loaded: platform.responses.all().length,
      errors: problems.filter(({ level }) => level === 'error').length,
      problems,
    },
    store: {
      events: stats.events,
      sizeBytes: stats.sizeBytes,
      oldestEventAt: stats.oldestMs === 0 ? '' : new Date(stats.oldestMs).toISOString(),
      state: stats.state,
      detail: stats.detail,
    },
    agents,
    gaps: gaps.slice(-MAX_GAPS),
    serverRssBytes: process.memoryUsage.rss(),
  };
  return status as Mutable<typeof status>;
}
