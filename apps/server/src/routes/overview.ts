// The first screen in one answer: counters, trend, top lists, coverage.
import type { Overview } from '@guardcell/contract';
import { parseAgeMs, SEVERITIES, type Severity } from '@guardcell/core';
import { ApiError } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { isPaused, isQuarantined } from './containers.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_WINDOW_MS: number = 366 * DAY_MS;
const TOP = 8;
/** About this many points in the trend. */
const POINTS = 48;

type Counts = Readonly<Record<Severity, number>>;

const total = (counts: Counts): number => SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
const worst = (counts: Counts): Severity => SEVERITIES.find((severity) => counts[severity] > 0) ?? 'info';

function windowMs(text: string | undefined): number {
  if (text === undefined) return DAY_MS;
  const ms = parseAgeMs(text);
  if (ms !== undefined && ms >= MINUTE_MS && ms <= MAX_WINDOW_MS) return ms;
  const message = 'must be an age between 1m and 366d, such as 24h';
  throw new ApiError('GC_INVALID_REQUEST', `/window ${message}`, {
    errors: [{ pointer: '/window', message }],
  });
}

async function actionCounts(platform: Platform, fromMs: number): Promise<Overview['actions']> {
  const counts = { succeeded: 0, failed: 0, pending: 0 };
  let cursor: string | undefined;
  for (let pages = 0; pages < 10; pages++) {
    const page = await platform.actions.list({}, 500, cursor);
    for (const { state, createdAt } of page.items) {
      if (Date.parse(createdAt) < fromMs) return counts;
      if (state === 'succeeded' || state === 'undone') counts.succeeded++;
      else if (state === 'failed' || state === 'unknown') counts.failed++;
      else if (state === 'pending') counts.pending++;
    }
    if (page.nextCursor === null) return counts;
    cursor = page.nextCursor;
  }
  return counts;
}

function containerCounts(platform: Platform): Overview['containers'] {
  const alive = platform.fleet
    .containers()
    .filter(({ container }) => container.id !== 'host' && ['running', 'paused'].includes(container.state));
  return {
    running: alive.length,
    paused: alive.filter((each) => isPaused(platform, each)).length,
    quarantined: alive.filter((each) => isQuarantined(platform, each)).length,
    privileged: alive.filter(({ container }) => container.privileged).length,
  };
}

function coverage(platform: Platform): Overview['coverage'] {
  const agents = platform.fleet.agents();
  const sum = (pick: (at: (typeof agents)[number]) => number): number =>
    agents.reduce((all, each) => all + pick(each), 0);
  const events = sum((agent) => agent.sensor.events);
  const drops = sum((agent) => agent.sensor.drops);
  return {
    agents: agents.length,
    healthyAgents: agents.filter((agent) => agent.sensor.state === 'running').length,
    events,
    eventsPerSecond: sum((agent) => agent.sensor.eventsPerSecond),
    drops,
    ratio: events + drops === 0 ? 1 : events / (events + drops),
  };
}

export function overviewRoutes(platform: Platform): Pick<Handlers, 'overview' | 'status'> {
  const { events, clock } = platform;
  return {
    status: () => platform.status(),
    async overview({ query }: Call<{ window?: string }>): Promise<Overview> {
      const span = windowMs(query.window);
      const toMs = clock.nowMs();
      const fromMs = toMs - span;
      const stepMs = Math.max(MINUTE_MS, Math.ceil(span / POINTS / MINUTE_MS) * MINUTE_MS);
      const [counts, previous, trend, containers, rules, actions] = await Promise.all([
        events.severityCounts(fromMs, toMs),
        events.severityCounts(fromMs - span, fromMs),
        events.trend(fromMs, toMs, stepMs),
        events.topContainers(fromMs, toMs, TOP),
        events.topRules(fromMs, toMs, TOP),
        actionCounts(platform, fromMs),
      ]);
      return {
        window: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
        counts: { ...counts },
        previousCounts: { ...previous },
        trend: trend.map((each) => ({
          start: new Date(each.startMs).toISOString(),
          counts: { ...each.counts },
        })),
        topWorkloads: containers.map((each) => ({
          container: each.container,
          name: each.name,
          image: each.image,
          total: total(each.counts),
          counts: { ...each.counts },
          worst: worst(each.counts),
        })),
        topRules: rules.map(({ rule, severity, count }) => ({ rule, severity, total: count })),
        containers: containerCounts(platform),
        actions,
        coverage: coverage(platform),
      };
    },
  };
}
