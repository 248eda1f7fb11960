// The rule library as users see it.
import { Type } from 'typebox';
import { RuleProblemSchema } from './platform.ts';
import { PrioritySchema, SeveritySchema } from './primitives.ts';

/** Text in the languages of the console; `en` is always there. */
export const LocalTextSchema = Type.Object({ en: Type.String(), zh: Type.String() });

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
  alerts24h: Type.Integer(),
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
});
export const ValidateResultSchema = Type.Object({
  successful: Type.Boolean(),
  rules: Type.Integer(),
  problems: Type.Array(RuleProblemSchema),
});
