// Response rules and action records in the API. Mirrors core's `ResponseRule` and `ActionRecord`.
import { ACTION_KINDS, ACTION_STATES } from '@guardcell/core';
import { Type } from 'typebox';
import { RuleProblemSchema } from './platform.ts';
import { OneOf, Page, SeveritySchema, TimeSchema } from './primitives.ts';

export const ResponseActionSchema = Type.Object({
  do: OneOf(ACTION_KINDS),
  with: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
});

/** What a user writes (console or API). `origin` is the server's to set. */
export const ResponseRuleInputSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' }),
  description: Type.String({ maxLength: 1000 }),
  enabled: Type.Boolean(),
  trigger: Type.Object({
    rules: Type.Array(Type.String(), { maxItems: 200 }),
    tags: Type.Array(Type.String(), { maxItems: 200 }),
    minSeverity: SeveritySchema,
  }),
  guard: Type.String({
    maxLength: 4000,
    description: 'CEL over `alert`, `container`, `process`; empty means true.',
  }),
  actions: Type.Array(ResponseActionSchema, { minItems: 1, maxItems: 10 }),
  cooldownSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  maxTargets: Type.Integer({ minimum: 1, maximum: 1000 }),
  mode: OneOf(['enforce', 'dry-run']),
});
export type ResponseRuleInput = Type.Static<typeof ResponseRuleInputSchema>;

export const ResponseRuleSchema = Type.Object({
  ...ResponseRuleInputSchema.properties,
  origin: Type.Object({ kind: OneOf(['file', 'api']), path: Type.String() }),
});
export const ResponseRuleListSchema = Type.Object({
  items: Type.Array(ResponseRuleSchema),
  problems: Type.Array(RuleProblemSchema),
});

export const ActionRecordSchema = Type.Object({
  id: Type.String(),
  action: OneOf(ACTION_KINDS),
  target: Type.Object({
    kind: OneOf(['container', 'process', 'none']),
    containerId: Type.String(),
    containerName: Type.String(),
    pid: Type.Integer(),
    processStartedAt: Type.String(),
  }),
  state: OneOf(ACTION_STATES),
  detail: Type.String(),
  errorCode: Type.String(),
  rule: Type.String(),
  alertId: Type.String(),
  actor: Type.String(),
  reason: Type.String(),
  createdAt: TimeSchema,
  finishedAt: TimeSchema,
  mechanism: Type.String(),
  undoneBy: Type.String(),
  undoes: Type.String(),
});
export const ActionPageSchema = Page(ActionRecordSchema);

/** A person asks for an action: on a container, or on a process of an alert. */
export const ActionRequestSchema = Type.Object({
  do: OneOf(['kill', 'pause', 'resume', 'stop', 'quarantine', 'release']),
  /** Full or short container id, or name. */
  container: Type.String({ maxLength: 200 }),
  /** Needed for `kill`: a process of that container. */
  pid: Type.Optional(Type.Integer({ minimum: 1 })),
  reason: Type.Optional(Type.String({ maxLength: 500 })),
  dryRun: Type.Optional(Type.Boolean()),
});
export type ActionRequest = Type.Static<typeof ActionRequestSchema>;
