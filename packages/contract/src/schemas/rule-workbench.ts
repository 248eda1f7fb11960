// The rule workbench: rule files, completion, trying rules out, and tuning them with exceptions.
import { Type } from 'typebox';
import { AlertSchema } from './alert.ts';
import { RuleProblemSchema } from './platform.ts';
import { OneOf, SeveritySchema, TimeSchema } from './primitives.ts';
import { RULE_ORIGINS, RuleExceptionSchema } from './rule.ts';

/** Longest rule file that the API takes. */
export const RULE_FILE_MAX_CHARACTERS: number = 1024 * 1024;

const OriginSchema = OneOf(
  RULE_ORIGINS,
  '`builtin`: comes with the product. `file`: a path given at start. `custom`: kept by the platform, can be edited.',
);

export const RuleFileSchema = Type.Object({
  name: Type.String({ description: '`custom/web.yaml`, `builtin/…`, or a path.' }),
  origin: OriginSchema,
  editable: Type.Boolean(),
  published: Type.Boolean({ description: 'In force. False: there is only a draft.' }),
  draft: Type.Boolean({ description: 'There is a draft beside it, which is not in force.' }),
  rules: Type.Integer(),
  errors: Type.Integer(),
  warnings: Type.Integer(),
  characters: Type.Integer(),
});
export type RuleFileView = Type.Static<typeof RuleFileSchema>;

export const RuleFileListSchema = Type.Object({
  items: Type.Array(RuleFileSchema),
  folder: Type.String({ description: 'Where custom files are on the server: they may be edited there too.' }),
});

export const RuleFileDocumentSchema = Type.Object({
  file: RuleFileSchema,
  isDraft: Type.Boolean(),
  content: Type.String(),
  version: Type.String({ description: 'As the `ETag`; pass it as `If-Match` when writing.' }),
  problems: Type.Array(RuleProblemSchema),
});
export type RuleFileDocument = Type.Static<typeof RuleFileDocumentSchema>;

const Content = Type.String({ maxLength: RULE_FILE_MAX_CHARACTERS });
const Draft = Type.Optional(
  Type.Boolean({ description: 'Keep it beside what is in force; it may have errors.', default: false }),
);
export const RuleFileCreateSchema = Type.Object({
  name: Type.String({ maxLength: 100, description: '`web.yaml`: small letters, digits, `.`, `_`, `-`.' }),
  content: Content,
  draft: Draft,
});
export const RuleFileUpdateSchema = Type.Object({ content: Content, draft: Draft });

/** What an editor needs to complete conditions. */
export const RuleVocabularySchema = Type.Object({
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      doc: Type.String(),
      argument: OneOf(['none', 'optional', 'required']),
      sources: Type.Array(Type.String()),
      multiple: Type.Boolean(),
      live: Type.Boolean({ description: 'False: the live sensor never has a value.' }),
      deprecated: Type.Boolean(),
    }),
  ),
  operators: Type.Array(
    Type.Object({
      name: Type.String(),
      doc: Type.String(),
      right: Type.String(),
      types: Type.Array(Type.String()),
    }),
  ),
  transformers: Type.Array(Type.Object({ name: Type.String(), doc: Type.String() })),
  eventTypes: Type.Array(Type.String()),
  macros: Type.Array(Type.Object({ name: Type.String(), text: Type.String() })),
  lists: Type.Array(Type.Object({ name: Type.String(), text: Type.String() })),
});
export type RuleVocabulary = Type.Static<typeof RuleVocabularySchema>;

/** Events that a rule is tried on. */
export const TRIAL_TARGETS = ['alerts', 'live'] as const;
export const RuleTrialRequestSchema = Type.Object({
  name: Type.String({ maxLength: 500, description: 'Name of the file that the text stands for.' }),
  content: Content,
  against: OneOf(
    TRIAL_TARGETS,
    '`alerts`: events rebuilt from stored alerts. `live`: the sample of recent events that agents keep.',
  ),
});
export type RuleTrialRequest = Type.Static<typeof RuleTrialRequestSchema>;

export const TrialMatchSchema = Type.Object({
  rule: Type.String(),
  severity: SeveritySchema,
  message: Type.String(),
  time: TimeSchema,
  hostname: Type.String(),
  container: Type.String({ description: 'Name; `host` outside containers.' }),
  process: Type.String(),
  eventType: Type.String(),
  alertId: Type.String({ description: 'The alert that the event comes from; empty for live events.' }),
  matched: AlertSchema.properties.matched,
});
export type TrialMatch = Type.Static<typeof TrialMatchSchema>;

export const RuleTrialSchema = Type.Object({
  problems: Type.Array(RuleProblemSchema),
  /** Events evaluated, and those that could not be rebuilt. */
  looked: Type.Integer(),
  skipped: Type.Integer(),
  from: TimeSchema,
  to: TimeSchema,
  agents: Type.Integer({ description: 'Agents that answered; 0 when not asked.' }),
  silentAgents: Type.Integer({ description: 'Agents that did not answer in time.' }),
  rules: Type.Array(
    Type.Object({
      rule: Type.String(),
      matches: Type.Integer(),
      /** Event types that no rule in force asks for: the sample has none of them. */
      unseenTypes: Type.Array(Type.String()),
    }),
  ),
  matches: Type.Array(TrialMatchSchema, { description: 'The newest, at most 50.' }),
});
export type RuleTrial = Type.Static<typeof RuleTrialSchema>;

export const RISK_NOTES = [
  'prefix',
  'program',
  'any-program',
  'everywhere',
  'interpreter',
  'writable',
  'claimed',
] as const;

const ExceptionInputSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  fields: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 12 }),
  comps: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 12 }),
  values: Type.Array(
    Type.Array(Type.Union([Type.String({ maxLength: 8192 }), Type.Array(Type.String({ maxLength: 8192 }))])),
    { minItems: 1, maxItems: 200 },
  ),
});
export type ExceptionInput = Type.Static<typeof ExceptionInputSchema>;

export const TuneRequestSchema = Type.Object({
  alerts: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 200 }),
  exception: Type.Optional(ExceptionInputSchema),
});

const PreviewSchema = Type.Object({
  looked: Type.Integer({ description: 'Stored alerts of the rule that were looked at.' }),
  total: Type.Integer({ description: 'Stored alerts of the rule.' }),
  silenced: Type.Integer(),
  unknown: Type.Integer({ description: 'Alerts that do not record a field that the exception asks for.' }),
  silencedExamples: Type.Array(AlertSchema),
  remainingExamples: Type.Array(AlertSchema),
  problem: Type.String(),
});

export const TuneProposalSchema = Type.Object({
  exception: RuleExceptionSchema,
  risk: OneOf(['low', 'medium', 'high', 'unknown']),
  notes: Type.Array(OneOf(RISK_NOTES)),
  preview: PreviewSchema,
});
export type TuneProposal = Type.Static<typeof TuneProposalSchema>;

export const TuneResultSchema = Type.Object({
  rule: Type.String(),
  /** Ids that are not stored, or belong to another rule. */
  ignored: Type.Array(Type.String()),
  proposals: Type.Array(TuneProposalSchema),
});
export type TuneResult = Type.Static<typeof TuneResultSchema>;

export const ExceptionAppliedSchema = Type.Object({
  rule: Type.String(),
  file: Type.String(),
  exception: RuleExceptionSchema,
  version: Type.String(),
});
export const ExceptionRequestSchema = ExceptionInputSchema;
