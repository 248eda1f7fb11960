// Containers, agents, status, overview. Mirrors core's `Container` and `AgentReport`.
import { CONTAINER_STATES, SENSOR_STATES } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, Page, SeveritySchema, TimeSchema } from './primitives.ts';

const Labels = Type.Record(Type.String(), Type.String());

export const ContainerSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  runtime: Type.String(),
  runtimeNamespace: Type.String(),
  state: OneOf(CONTAINER_STATES),
  image: Type.Object({
    reference: Type.String(),
    repository: Type.String(),
    tag: Type.String(),
    digest: Type.String(),
    id: Type.String(),
  }),
  labels: Labels,
  mounts: Type.Array(
    Type.Object({
      type: Type.String(),
      source: Type.String(),
      destination: Type.String(),
      readOnly: Type.Boolean(),
    }),
  ),
  privileged: Type.Boolean(),
  capabilities: Type.Array(Type.String()),
  networkMode: Type.String(),
  ip: Type.String(),
  ports: Type.Optional(
    Type.Array(
      Type.Object({
        address: Type.String(),
        hostPort: Type.Integer(),
        containerPort: Type.Integer(),
        protocol: Type.String(),
      }),
      { description: 'Published on the host; left out where nobody can tell.' },
    ),
  ),
  pid: Type.Integer(),
  createdAtMs: Type.Number(),
  startedAtMs: Type.Number(),
  kubernetes: Type.Optional(
    Type.Object({
      namespace: Type.String(),
      podName: Type.String(),
      podUid: Type.String(),
      containerName: Type.String(),
      podLabels: Labels,
    }),
  ),
  complete: Type.Boolean(),
});

/** A container with what the platform adds: which host, which measures are in force, recent alerts. */
export const ContainerViewSchema = Type.Object({
  container: ContainerSchema,
  hostname: Type.String(),
  quarantined: Type.Boolean(),
  paused: Type.Boolean(),
  alerts24h: Type.Record(Type.String(), Type.Integer(), { description: 'By severity.' }),
  lastSeenAt: TimeSchema,
});
export type ContainerView = Type.Static<typeof ContainerViewSchema>;
export const ContainerPageSchema = Page(ContainerViewSchema);

export const SensorReportSchema = Type.Object({
  state: OneOf(SENSOR_STATES),
  detail: Type.String(),
  errorCode: Type.String(),
  events: Type.Integer(),
  eventsPerSecond: Type.Number(),
  drops: Type.Integer(),
  eventTypes: Type.Array(Type.String()),
  cpuSeconds: Type.Number(),
  ringSizeBytes: Type.Integer(),
  startedAt: TimeSchema,
});

export const RuleProblemSchema = Type.Object({
  level: OneOf(['error', 'warning']),
  code: Type.String(),
  message: Type.String(),
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  item: Type.String(),
  hint: Type.String(),
});

export const AgentReportSchema = Type.Object({
  sensorId: Type.String(),
  hostname: Type.String(),
  kernel: Type.String(),
  version: Type.String(),
  epoch: Type.Integer(),
  sensor: SensorReportSchema,
  runtimes: Type.Array(
    Type.Object({
      runtime: Type.String(),
      socket: Type.String(),
      connected: Type.Boolean(),
      detail: Type.String(),
      version: Type.String(),
    }),
  ),
  rungs: Type.Array(
    Type.Object({
      action: Type.String(),
      mechanism: Type.String(),
      available: Type.Boolean(),
      detail: Type.String(),
    }),
  ),
  rules: Type.Object({
    revision: Type.String(),
    loaded: Type.Integer(),
    enabled: Type.Integer(),
    errors: Type.Integer(),
    warnings: Type.Integer(),
    problems: Type.Array(RuleProblemSchema),
  }),
  spool: Type.Object({ pending: Type.Integer(), sizeBytes: Type.Integer(), dropped: Type.Integer() }),
  rssBytes: Type.Integer(),
  at: TimeSchema,
});

export const CoverageGapSchema = Type.Object({
  sensor: Type.String(),
  from: TimeSchema,
  to: TimeSchema,
  reason: Type.String(),
  lost: Type.Integer(),
});

/** `guardcell status -o json` prints exactly this. */
export const StatusSchema = Type.Object({
  version: Type.String(),
  url: Type.String(),
  startedAt: TimeSchema,
  sensor: SensorReportSchema,
  containers: Type.Integer({ description: 'Running containers.' }),
  rules: Type.Object({
    loaded: Type.Integer(),
    enabled: Type.Integer(),
    errors: Type.Integer(),
    warnings: Type.Integer(),
    problems: Type.Array(RuleProblemSchema),
  }),
  responses: Type.Object({
    loaded: Type.Integer(),
    errors: Type.Integer(),
    problems: Type.Array(RuleProblemSchema),
  }),
  store: Type.Object({
    events: Type.Integer(),
    sizeBytes: Type.Integer(),
    oldestEventAt: TimeSchema,
    state: OneOf(['ok', 'full', 'failed']),
    detail: Type.String(),
  }),
  agents: Type.Array(AgentReportSchema),
  gaps: Type.Array(CoverageGapSchema),
  serverRssBytes: Type.Integer(),
});
export type Status = Type.Static<typeof StatusSchema>;

export const OverviewSchema = Type.Object({
  window: Type.Object({ from: TimeSchema, to: TimeSchema }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Alerts in the window by severity.' }),
  previousCounts: Type.Record(Type.String(), Type.Integer(), {
    description: 'The window before, for the trend.',
  }),
  trend: Type.Array(Type.Object({ start: TimeSchema, counts: Type.Record(Type.String(), Type.Integer()) })),
  topWorkloads: Type.Array(
    Type.Object({
      container: Type.String(),
      name: Type.String(),
      image: Type.String(),
      total: Type.Integer(),
      counts: Type.Record(Type.String(), Type.Integer()),
      worst: SeveritySchema,
    }),
  ),
  topRules: Type.Array(Type.Object({ rule: Type.String(), severity: SeveritySchema, total: Type.Integer() })),
  containers: Type.Object({
    running: Type.Integer(),
    paused: Type.Integer(),
    quarantined: Type.Integer(),
    privileged: Type.Integer(),
  }),
  actions: Type.Object({ succeeded: Type.Integer(), failed: Type.Integer(), pending: Type.Integer() }),
  coverage: Type.Object({
    agents: Type.Integer(),
    healthyAgents: Type.Integer(),
    events: Type.Integer(),
    eventsPerSecond: Type.Number(),
    drops: Type.Integer(),
    /** delivered / (delivered + lost), 0…1. */
    ratio: Type.Number(),
  }),
});
export type Overview = Type.Static<typeof OverviewSchema>;
