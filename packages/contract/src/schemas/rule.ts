// The rule library as users see it.
import { Type } from 'typebox';
import { RuleProblemSchema } from './platform.ts';
import { OneOf, PrioritySchema, SeveritySchema, TimeSchema } from './primitives.ts';

/** Text in the languages of the console; `en` is always there. */
export const LocalTextSchema = Type.Object({ en: Type.String(), zh: Type.String() });

/** Where a rule file comes from. */
export const RULE_ORIGINS = ['builtin', 'file', 'custom'] as const;

export const RuleExceptionSchema = Type.Object({
  name: Type.String(),
  fields: Type.Array(Type.String()),
  comps: Type.Array(Type.String()),
  values: Type.Array(Type.Array(Type.Union([Type.String(), Type.Array(Type.String())]))),
  condition: Type.String({ description: 'What it adds to the condition, without `and not`.' }),
});
export type RuleExceptionView = Type.Static<typeof RuleExceptionSchema>;

export const RuleViewSchema = Type.Object({
  name: Type.String(),
  /** File the rule was last defined in: a path, or `builtin/…`. */
  file: Type.String(),
  line: Type.Integer(),
  source: Type.String(),
  priority: PrioritySchema,
  severity: SeveritySchema,
  enabled: Type.Boolean(),
  tags: Type.Array(Type.String()),
  mitre: Type.Array(Type.String()),
  title: LocalTextSchema,
  description: LocalTextSchema,
  advice: LocalTextSchema,
  condition: Type.String(),
  output: Type.String(),
  eventTypes: Type.Array(Type.String()),
  origin: OneOf(RULE_ORIGINS, 'Where the file comes from.'),
  exceptions: Type.Array(RuleExceptionSchema),
  alerts24h: Type.Integer(),
  /** Alerts of the last seven stretches of 24 hours, oldest first. */
  alertsByDay: Type.Array(Type.Integer()),
  /** Empty when no alert of the last seven days is stored. */
  lastFiredAt: TimeSchema,
});
export type RuleView = Type.Static<typeof RuleViewSchema>;

export const RuleListSchema = Type.Object({
  items: Type.Array(RuleViewSchema),
  problems: Type.Array(RuleProblemSchema),
});
export const RuleUpdateSchema = Type.Object({ enabled: Type.Boolean() });

export const ValidateRequestSchema = Type.Object({
  name: Type.String({ maxLength: 500 }),
  content: Type.String({ maxLength: 4 * 1024 * 1024 }),
  library: Type.Optional(
    Type.Boolean({
      description: 'Check it among the files in force, in the place of the one of this name. Default: alone.',
    }),
  ),
});
export const ValidateResultSchema = Type.Object({
  successful: Type.Boolean(),
  rules: Type.Integer(),
  problems: Type.Array(RuleProblemSchema),
});
