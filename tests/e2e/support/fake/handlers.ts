// One function for each route of the contract, with the meaning the real server gives it.
import { randomBytes } from 'node:crypto';
import type {
  ActionRequest,
  AlertFilter,
  ContainerView,
  Facets,
  Histogram,
  ResponseRuleInput,
  RuleView,
  Session,
} from '@guardcell/contract';
import {
  type ActionKind,
  type ActionRecord,
  ALERT_DIMENSIONS,
  type Alert,
  alertTimeMs,
  type Container,
  dimensionValues,
  matchesQuery,
  parseAgeMs,
  SEVERITIES,
  UNDO_OF,
} from '@guardcell/core';
import { validateResponseInput } from '@guardcell/respond';
import { ApiError, notFound } from '../../../../apps/server/src/errors.ts';
import type { LibraryRule } from '../../../../apps/server/src/policy/library-rule.ts';
import { eventQuery } from '../../../../apps/server/src/routes/query.ts';
import { adminHandlers } from './admin-handlers.ts';
import type { FakeCall, FakeHandlers } from './call.ts';
import { fakeStatus } from './fleet.ts';
import { paged } from './paged.ts';
import { ruleHandlers } from './rule-handlers.ts';
import { scanHandlers } from './scan/handlers.ts';
import { type FakeSession, type FakeState, rulesReport } from './state.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TOP = 8;
const TOP_VALUES = 20;
const POINTS = 48;

/** What the real agent says of an action that it has carried out. */
const DONE: Readonly<Record<ActionRequest['do'], string>> = {
  kill: 'process 8124 was killed and has ended',
  pause: 'the container is paused',
  resume: 'the container is running again',
  stop: 'the container has stopped',
  quarantine: 'the container is cut off from every network',
  release: 'the container has its network back',
};

type Counts = Record<string, number>;
type ListQuery = AlertFilter & { readonly limit: number; readonly cursor?: string };

function severityCounts(alerts: readonly Alert[]): Counts {
  const counts: Counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]));
  for (const { severity } of alerts) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

function grouped(alerts: readonly Alert[], key: (alert: Alert) => string): [string, Alert[]][] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const known = groups.get(key(alert));
    if (known === undefined) groups.set(key(alert), [alert]);
    else known.push(alert);
  }
  return [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}

function buckets(
  alerts: readonly Alert[],
  fromMs: number,
  stepMs: number,
  count: number,
): { start: string; counts: Counts }[] {
  return Array.from({ length: count }, (_, at) => {
    const startMs = fromMs + at * stepMs;
    const inside = alerts.filter((alert) => {
      const timeMs = alertTimeMs(alert);
      return timeMs >= startMs && timeMs < startMs + stepMs;
    });
    return { start: new Date(startMs).toISOString(), counts: severityCounts(inside) };
  });
}

function between(alerts: readonly Alert[], fromMs: number, toMs: number): Alert[] {
  return alerts.filter((alert) => alertTimeMs(alert) >= fromMs && alertTimeMs(alert) < toMs);
}

/** A page of a list whose cursor is the position after the last item. */
function param(call: FakeCall, name: string): string {
  return call.params[name] ?? '';
}

export function fakeHandlers(state: FakeState): FakeHandlers {
  const nowMs = (): number => state.nowMs;
  const nowIso = (): string => new Date(state.nowMs).toISOString();
  const nextId = (prefix: string): string => `${prefix}-${String(state.nextNumber++)}`;

  function filtered(filter: AlertFilter): Alert[] {
    const query = eventQuery(filter, nowMs());
    return state.alerts.filter((alert) => matchesQuery(alert, query));
  }

  function findContainer(reference: string): Container {
    const found = state.containers.find(
      ({ id, name }) => id === reference || id.slice(0, 12) === reference || name === reference,
    );
    if (found === undefined) throw notFound('container', reference);
    return found;
  }

  function view(container: Container): ContainerView {
    const day = between(state.alerts, nowMs() - DAY_MS, nowMs() + 1);
    return {
      container: structuredClone(container) as ContainerView['container'],
      hostname: 'node-a.example.net',
      quarantined: state.quarantined.has(container.id),
      paused: container.state === 'paused',
      alerts24h: severityCounts(day.filter((alert) => alert.container.id === container.id)),
      lastSeenAt: nowIso(),
    };
  }

  function ruleView(rule: LibraryRule): RuleView {
    const own = state.alerts.filter((alert) => alert.rule === rule.name);
    const alertsByDay = Array.from({ length: 7 }, (_, at) => {
      const fromMs = nowMs() - (7 - at) * DAY_MS;
      return between(own, fromMs, fromMs + DAY_MS + (at === 6 ? 1 : 0)).length;
    });
    return { ...rule, alerts24h: alertsByDay.at(-1) ?? 0, alertsByDay, lastFiredAt: own[0]?.time ?? '' };
  }

  function sessionView(session: FakeSession): Session {
    const { name, role } = session.user;
    return {
      user: { name, role, kind: 'user' },
      csrfToken: session.csrfToken,
      expiresAt: session.expiresAt,
    };
  }

  function takeEffect(kind: ActionKind, container: Container): void {
    const become = (next: Container['state']): void => {
      state.containers = state.containers.map((each) =>
        each.id === container.id ? { ...each, state: next } : each,
      );
    };
    if (kind === 'pause') become('paused');
    else if (kind === 'resume') become('running');
    else if (kind === 'stop') become('exited');
    else if (kind === 'quarantine') state.quarantined.add(container.id);
    else if (kind === 'release') state.quarantined.delete(container.id);
  }

  function perform(call: FakeCall, request: ActionRequest, undoes: string): ActionRecord {
    const container = findContainer(request.container);
    if (container.id === 'host') throw new ApiError('GC_INVALID_REQUEST', 'the host cannot be acted on');
    const record: ActionRecord = {
      id: nextId('act'),
      action: request.do,
      target: {
        kind: request.do === 'kill' ? 'process' : 'container',
        containerId: container.id,
        containerName: container.name,
        pid: request.pid ?? 0,
        processStartedAt: '',
      },
      state: request.dryRun === true ? 'dry-run' : 'succeeded',
      detail: request.dryRun === true ? `Would ${request.do}.` : DONE[request.do],
      errorCode: '',
      rule: '',
      alertId: '',
      actor: call.session?.user.name ?? '',
      reason: request.reason ?? '',
      createdAt: nowIso(),
      finishedAt: nowIso(),
      mechanism: request.do === 'kill' ? 'pidfd' : 'docker-api',
      undoneBy: '',
      undoes,
    };
    if (request.dryRun !== true) takeEffect(request.do, container);
    state.actions = [record, ...state.actions];
    call.hint('action', { id: record.id, state: record.state });
    call.hint('container', { id: container.id });
    return record;
  }

  function actionOf(id: string): ActionRecord {
    const record = state.actions.find((each) => each.id === id);
    if (record === undefined) throw notFound('action', id);
    return record;
  }

  function checkWritable(name: string): void {
    if (state.responses.find((rule) => rule.name === name)?.origin.kind === 'file') {
      throw new ApiError('GC_READ_ONLY', `the response rule "${name}" comes from a file`);
    }
  }

  return {
    login(call) {
      const { username, password } = call.body as { username: string; password: string };
      const user = state.users.find((each) => each.name === username && each.password === password);
      if (user === undefined) throw new ApiError('GC_BAD_CREDENTIALS', 'name or password is wrong');
      const token = randomBytes(24).toString('base64url');
      const session: FakeSession = {
        user,
        csrfToken: randomBytes(24).toString('base64url'),
        expiresAt: new Date(nowMs() + DAY_MS / 2).toISOString(),
      };
      state.sessions.set(token, session);
      call.setCookie(token);
      return sessionView(session);
    },
    session: ({ session }) => (session === undefined ? undefined : sessionView(session)),
    logout(call) {
      state.sessions.delete(call.token);
      call.setCookie('');
    },
    changePassword(call) {
      const { current, next } = call.body as { current: string; next: string };
      const at = state.users.findIndex((each) => each.name === call.session?.user.name);
      const user = state.users[at];
      if (user?.password !== current) throw new ApiError('GC_BAD_CREDENTIALS', 'name or password is wrong');
      state.users[at] = { ...user, password: next };
    },
    status: () => fakeStatus({ ...state, variant: state.sensor, rules: rulesReport(state) }),
    overview({ query }) {
      const spanMs = parseAgeMs((query['window'] as string | undefined) ?? '24h') ?? DAY_MS;
      const toMs = nowMs();
      const fromMs = toMs - spanMs;
      const stepMs = Math.max(MINUTE_MS, Math.ceil(spanMs / POINTS / MINUTE_MS) * MINUTE_MS);
      const inside = between(state.alerts, fromMs, toMs + 1);
      const alive = state.containers.filter(
        ({ id, state: now }) => id !== 'host' && (now === 'running' || now === 'paused'),
      );
      const done = state.actions.filter(({ createdAt }) => Date.parse(createdAt) >= fromMs);
      const inState = (...states: readonly string[]): number =>
        done.filter((each) => states.includes(each.state)).length;
      const { events, drops, eventsPerSecond } = fakeStatus({
        ...state,
        variant: state.sensor,
        rules: rulesReport(state),
      }).sensor;
      return {
        window: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
        counts: severityCounts(inside),
        previousCounts: Object.fromEntries(
          Object.entries(severityCounts(inside)).map(([severity, count]) => [
            severity,
            Math.round(count * (severity === 'critical' ? 0.4 : 1.12)),
          ]),
        ),
        trend: buckets(inside, fromMs, stepMs, Math.ceil(spanMs / stepMs)),
        topWorkloads: grouped(inside, (alert) => alert.container.id)
          .slice(0, TOP)
          .map(([container, alerts]) => {
            const counts = severityCounts(alerts);
            return {
              container,
              name: alerts[0]?.container.name ?? '',
              image: alerts[0]?.container.image ?? '',
              total: alerts.length,
              counts,
              worst: SEVERITIES.find((severity) => (counts[severity] ?? 0) > 0) ?? 'info',
            };
          }),
        topRules: grouped(inside, (alert) => alert.rule)
          .slice(0, TOP)
          .map(([rule, alerts]) => ({
            rule,
            severity: alerts[0]?.severity ?? 'info',
            total: alerts.length,
          })),
        containers: {
          running: alive.length,
          paused: alive.filter((each) => each.state === 'paused').length,
          quarantined: alive.filter(({ id }) => state.quarantined.has(id)).length,
          privileged: alive.filter(({ privileged }) => privileged).length,
        },
        actions: {
          succeeded: inState('succeeded', 'undone'),
          failed: inState('failed', 'unknown'),
          pending: inState('pending'),
        },
        coverage: {
          agents: 1,
          healthyAgents: state.sensor === 'running' ? 1 : 0,
          events,
          eventsPerSecond,
          drops,
          ratio: events + drops === 0 ? 1 : events / (events + drops),
        },
      };
    },
    listEvents: ({ query }) => paged(filtered(query as ListQuery), query),
    getEvent(call) {
      const alert = state.alerts.find(({ id }) => id === param(call, 'id'));
      if (alert === undefined) throw notFound('event', param(call, 'id'));
      return alert;
    },
    eventHistogram({ query }): Histogram {
      const count = query['buckets'] as number;
      const wanted = eventQuery(query as AlertFilter, nowMs());
      const endMs = wanted.toMs ?? nowMs();
      const fromMs = wanted.fromMs ?? endMs - DAY_MS;
      const stepMs = Math.max(1000, Math.ceil((endMs - fromMs) / count / 1000) * 1000);
      return {
        from: new Date(fromMs).toISOString(),
        to: new Date(fromMs + stepMs * count).toISOString(),
        bucketSeconds: stepMs / 1000,
        buckets: buckets(filtered(query as AlertFilter), fromMs, stepMs, count),
      };
    },
    eventFacets({ query }): Facets {
      const wanted = eventQuery(query as AlertFilter, nowMs());
      const facets = ALERT_DIMENSIONS.map((dimension) => {
        const { [dimension]: _own, ...any } = wanted.any;
        const inside = state.alerts.filter((alert) => matchesQuery(alert, { ...wanted, any }));
        const values = new Map<string, { label: string; count: number }>();
        for (const alert of inside) {
          const all = dimension === 'container' ? [alert.container.id] : dimensionValues(alert, dimension);
          for (const value of all) {
            const label = dimension === 'container' ? alert.container.name || value.slice(0, 12) : value;
            values.set(value, { label, count: (values.get(value)?.count ?? 0) + 1 });
          }
        }
        const top = [...values]
          .map(([value, { label, count }]) => ({ value, label, count }))
          .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
          .slice(0, TOP_VALUES);
        return [dimension, top] as const;
      });
      return { facets: Object.fromEntries(facets), total: filtered(query as AlertFilter).length };
    },
    listContainers({ query }) {
      const { q = '', state: states = [] } = query as { q?: string; state?: string[] };
      const needle = q.toLowerCase();
      const found = state.containers
        .filter((each) => states.length === 0 || states.includes(each.state))
        .filter(({ name, id, image, kubernetes }) =>
          [name, id, image.reference, kubernetes?.namespace, kubernetes?.podName].some(
            (text) => text?.toLowerCase().includes(needle) ?? false,
          ),
        )
        .sort((a, b) => Number(a.id === 'host') - Number(b.id === 'host') || (a.name < b.name ? -1 : 1));
      return paged(found.map(view), query);
    },
    getContainer: (call) => view(findContainer(param(call, 'id'))),
    listRules: () => ({ items: state.rules.map(ruleView), problems: state.ruleProblems }),
    updateRule(call) {
      const at = state.rules.findIndex(({ name }) => name === param(call, 'name'));
      const rule = state.rules[at];
      if (rule === undefined) throw notFound('rule', param(call, 'name'));
      const next = { ...rule, enabled: (call.body as { enabled: boolean }).enabled };
      if (call.query['dryRun'] !== true) state.rules[at] = next;
      return ruleView(next);
    },
    ...ruleHandlers(state),
    listResponses: () => ({ items: state.responses, problems: [] }),
    putResponse(call) {
      const input = call.body as ResponseRuleInput;
      const faults = validateResponseInput(input).filter(({ level }) => level === 'error');
      const [first] = faults;
      if (first !== undefined) {
        throw new ApiError('GC_INVALID_RESPONSE_RULE', first.message, {
          hint: first.hint,
          errors: faults.map(({ item, message }) => ({ pointer: item, message })),
        });
      }
      checkWritable(input.name);
      const rule = { ...input, origin: { kind: 'api' as const, path: '' } };
      if (call.query['dryRun'] !== true) {
        const at = state.responses.findIndex(({ name }) => name === input.name);
        if (at === -1) state.responses = [...state.responses, rule];
        else state.responses = state.responses.with(at, rule);
      }
      return rule;
    },
    deleteResponse(call) {
      const name = param(call, 'name');
      if (!state.responses.some((rule) => rule.name === name)) throw notFound('response rule', name);
      checkWritable(name);
      state.responses = state.responses.filter((rule) => rule.name !== name);
    },
    listActions({ query }) {
      const { container, alert, state: states = [] } = query as Record<string, string> & { state?: string[] };
      const found = state.actions.filter(
        (record) =>
          (container === undefined ||
            [record.target.containerId, record.target.containerName].includes(container) ||
            record.target.containerId.slice(0, 12) === container) &&
          (alert === undefined || record.alertId === alert) &&
          (states.length === 0 || states.includes(record.state)),
      );
      return paged(found, query);
    },
    runAction: (call) => perform(call, call.body as ActionRequest, ''),
    getResponse(call) {
      const found = state.responses.find(({ name }) => name === param(call, 'name'));
      if (found === undefined) throw notFound('response rule', param(call, 'name'));
      return found;
    },
    getAction: (call) => actionOf(param(call, 'id')),
    undoAction(call) {
      const record = actionOf(param(call, 'id'));
      const opposite = UNDO_OF[record.action];
      if (opposite === undefined) throw new ApiError('GC_UNDO_IMPOSSIBLE', 'this action cannot be undone');
      if (record.undoneBy !== '') throw new ApiError('GC_UNDO_DONE', 'this action is undone already');
      const request = { do: opposite as ActionRequest['do'], container: record.target.containerId };
      const undoing = perform(call, request, record.id);
      state.actions = state.actions.map((each) =>
        each.id === record.id ? { ...each, state: 'undone', undoneBy: undoing.id } : each,
      );
      return undoing;
    },
    ...adminHandlers(state),
    ...scanHandlers(state),
  };
}
