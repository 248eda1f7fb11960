// Alerts on the wire and in the API ("events" for users). Mirrors core's `Alert`.
import { Type } from 'typebox';
import { Page, PrioritySchema, SeveritySchema, TimeSchema } from './primitives.ts';

export const AlertContainerSchema = Type.Object({
  id: Type.String({ description: 'Full id, or `host`.' }),
  name: Type.String(),
  image: Type.String(),
  imageDigest: Type.String(),
  runtime: Type.String(),
  privileged: Type.Boolean(),
  namespace: Type.String(),
  pod: Type.String(),
});

export const AlertProcessSchema = Type.Object({
  pid: Type.Integer(),
  ppid: Type.Integer(),
  vpid: Type.Integer(),
  name: Type.String(),
  exe: Type.String(),
  cmdline: Type.String(),
  cwd: Type.String(),
  uid: Type.Integer(),
  user: Type.String(),
  tty: Type.Integer(),
  startedAt: TimeSchema,
});

export const MatchedClauseSchema = Type.Object({
  field: Type.String(),
  operator: Type.String(),
  expected: Type.String(),
  actual: Type.String(),
  macros: Type.Array(Type.String()),
});

/** A node of the rule's condition; the tree is a list, parents first. Mirrors core's `EvaluatedNode`. */
export const EvaluatedNodeSchema = Type.Object({
  depth: Type.Integer({ minimum: 0, maximum: 1000 }),
  kind: Type.Union([
    Type.Literal('and'),
    Type.Literal('or'),
    Type.Literal('not'),
    Type.Literal('macro'),
    Type.Literal('check'),
  ]),
  holds: Type.Boolean(),
  macro: Type.Optional(Type.String()),
  field: Type.Optional(Type.String()),
  operator: Type.Optional(Type.String()),
  expected: Type.Optional(Type.String()),
  actual: Type.Optional(Type.String()),
  cut: Type.Optional(Type.Integer({ minimum: 1 })),
});

export const AlertSchema = Type.Object({
  id: Type.String(),
  time: TimeSchema,
  rule: Type.String(),
  severity: SeveritySchema,
  priority: PrioritySchema,
  source: Type.String(),
  message: Type.String(),
  tags: Type.Array(Type.String()),
  mitre: Type.Array(Type.String()),
  hostname: Type.String(),
  container: AlertContainerSchema,
  process: AlertProcessSchema,
  processTree: Type.Array(AlertProcessSchema),
  matched: Type.Array(MatchedClauseSchema),
  evaluated: Type.Optional(Type.Array(EvaluatedNodeSchema, { maxItems: 200 })),
  event: Type.Object({
    num: Type.Integer(),
    type: Type.String(),
    args: Type.Record(Type.String(), Type.String()),
  }),
  outputFields: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Type.Array(Type.String())]),
  ),
  capture: Type.Optional(
    Type.String({ description: "Path, on the sensor's machine, of the recording around this match." }),
  ),
});

export const AlertPageSchema = Page(AlertSchema);

/** Filters shared by list, histogram, facets and the live stream. Repeat a key for "any of". */
export const AlertFilterSchema = Type.Object({
  since: Type.Optional(Type.String({ description: 'RFC 3339 time, or an age such as `10m`, `24h`, `7d`.' })),
  until: Type.Optional(Type.String({ description: 'RFC 3339 time, or an age.' })),
  severity: Type.Optional(Type.Array(SeveritySchema)),
  rule: Type.Optional(Type.Array(Type.String())),
  container: Type.Optional(Type.Array(Type.String({ description: 'Full or short id, or name.' }))),
  image: Type.Optional(Type.Array(Type.String())),
  namespace: Type.Optional(Type.Array(Type.String())),
  tag: Type.Optional(Type.Array(Type.String())),
  mitre: Type.Optional(Type.Array(Type.String())),
  process: Type.Optional(Type.Array(Type.String({ description: 'Process name.' }))),
  host: Type.Optional(Type.Array(Type.String())),
  q: Type.Optional(
    Type.String({
      maxLength: 500,
      description: 'Words that must all occur in message, rule, paths or command lines.',
    }),
  ),
});
export type AlertFilter = Type.Static<typeof AlertFilterSchema>;

export const HistogramSchema = Type.Object({
  from: TimeSchema,
  to: TimeSchema,
  bucketSeconds: Type.Integer(),
  buckets: Type.Array(
    Type.Object({
      start: TimeSchema,
      counts: Type.Record(Type.String(), Type.Integer(), { description: 'By severity.' }),
    }),
  ),
});
export type Histogram = Type.Static<typeof HistogramSchema>;

export const FacetsSchema = Type.Object({
  facets: Type.Record(
    Type.String(),
    Type.Array(Type.Object({ value: Type.String(), label: Type.String(), count: Type.Integer() })),
  ),
  total: Type.Integer(),
});
export type Facets = Type.Static<typeof FacetsSchema>;
