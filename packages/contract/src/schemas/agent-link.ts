// What agent and server say to each other (over a Unix socket on one machine).
import { Type } from 'typebox';
import { AlertSchema } from './alert.ts';
import { AgentReportSchema, ContainerSchema, CoverageGapSchema } from './platform.ts';
import { TimeSchema } from './primitives.ts';
import { ActionRecordSchema, ResponseActionSchema } from './response.ts';
import { TrialMatchSchema } from './rule-workbench.ts';
import { ScanningStateSchema } from './scan-link.ts';

/** Limits of one batch. */
export const BATCH_MAX_BYTES: number = 4 * 1024 * 1024;
export const BATCH_MAX_ALERTS = 2000;
export const ALERT_MAX_BYTES: number = 64 * 1024;

/** `POST /agent/v1/streams/{sensor}/{epoch}/batches`: alerts `firstSeq`, `firstSeq`+1, … */
export const BatchSchema = Type.Object({
  firstSeq: Type.Integer({ minimum: 1 }),
  alerts: Type.Array(AlertSchema, { maxItems: BATCH_MAX_ALERTS }),
  gaps: Type.Array(CoverageGapSchema, { maxItems: 1000 }),
});
export type Batch = Type.Static<typeof BatchSchema>;
/** `ack`: every alert up to and including this seq is durable. */
export const BatchAckSchema = Type.Object({ ack: Type.Integer(), retryAfterMs: Type.Integer() });
export type BatchAck = Type.Static<typeof BatchAckSchema>;

/** `POST /agent/v1/report`, every few seconds and at once on change of the inventory. */
export const AgentUpdateSchema = Type.Object({
  report: AgentReportSchema,
  containers: Type.Array(ContainerSchema),
});
export type AgentUpdate = Type.Static<typeof AgentUpdateSchema>;

export const ActionCommandSchema = Type.Object({
  id: Type.String(),
  action: ResponseActionSchema,
  target: ActionRecordSchema.properties.target,
  /** Commands older than this are not carried out. */
  expiresAtMs: Type.Number(),
});
export type ActionCommand = Type.Static<typeof ActionCommandSchema>;

export const TrialCommandSchema = Type.Object({
  id: Type.String(),
  /** The rule file that is tried, among those of the policy. */
  name: Type.String(),
  content: Type.String(),
  expiresAtMs: Type.Number(),
});
export type TrialCommand = Type.Static<typeof TrialCommandSchema>;

/** `POST /agent/v1/trials/{id}/answer`. */
export const TrialAnswerSchema = Type.Object({
  sensorId: Type.String({ maxLength: 200 }),
  /** Events that were evaluated: a sample of the most recent. */
  looked: Type.Integer(),
  from: TimeSchema,
  to: TimeSchema,
  counts: Type.Record(Type.String(), Type.Integer()),
  matches: Type.Array(TrialMatchSchema, { maxItems: 50 }),
});
export type TrialAnswer = Type.Static<typeof TrialAnswerSchema>;

/** `GET /agent/v1/desired`: one JSON line at once and one on every change; an empty line every 10 s. */
export const DesiredStateSchema = Type.Object({
  policy: Type.Object({
    revision: Type.String(),
    ruleFiles: Type.Array(Type.Object({ name: Type.String(), content: Type.String() })),
    disabledRules: Type.Array(Type.String()),
  }),
  /** Every action that has no result yet; the agent carries out each id once. */
  commands: Type.Array(ActionCommandSchema),
  /** Rules to try on remembered events; the agent answers each id once. */
  trials: Type.Optional(Type.Array(TrialCommandSchema)),
  scanning: Type.Optional(ScanningStateSchema),
});
export type DesiredState = Type.Static<typeof DesiredStateSchema>;

/** `POST /agent/v1/actions/{id}/result`. */
export const ActionResultSchema = Type.Object({
  state: Type.Unsafe<'succeeded' | 'failed' | 'skipped'>({
    type: 'string',
    enum: ['succeeded', 'failed', 'skipped'],
  }),
  detail: Type.String(),
  errorCode: Type.String(),
  mechanism: Type.String(),
});
export type ActionResult = Type.Static<typeof ActionResultSchema>;
