// Accepting a risk: asked for by one, decided by another, ended by time. Approved statements become VEX.
import { OPENVEX_JUSTIFICATIONS } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, Page, TimeSchema } from './primitives.ts';

export const ACCEPTANCE_STATES = ['requested', 'approved', 'rejected', 'expired', 'revoked'] as const;
export type AcceptanceState = (typeof ACCEPTANCE_STATES)[number];

export const AcceptanceScopeSchema = Type.Object({
  vulnerability: Type.String({ minLength: 1, maxLength: 100 }),
  /** Name of a package; empty: whatever package has it. */
  package: Type.String({ maxLength: 500 }),
  /** Id of an artifact; empty: all, or those that `image` names. */
  artifact: Type.String({ maxLength: 200 }),
  /** Glob of image references without tag, `registry.example.com/shop/*`; empty: all. */
  image: Type.String({ maxLength: 300 }),
});
export type AcceptanceScope = Type.Static<typeof AcceptanceScopeSchema>;

export const AcceptanceInputSchema = Type.Object({
  scope: AcceptanceScopeSchema,
  kind: OneOf(['accept-risk', 'not-affected'], 'Live with it for a time, or say that it does not apply.'),
  /** Only of `not-affected`. */
  justification: Type.Optional(OneOf(OPENVEX_JUSTIFICATIONS)),
  reason: Type.String({ minLength: 10, maxLength: 2000 }),
  until: Type.String({ description: 'RFC 3339 time at which it ends; at most 366 days from now.' }),
});
export type AcceptanceInput = Type.Static<typeof AcceptanceInputSchema>;

export const AcceptanceSchema = Type.Object({
  id: Type.String(),
  ...AcceptanceInputSchema.properties,
  state: OneOf(ACCEPTANCE_STATES),
  requestedBy: Type.String(),
  requestedAt: TimeSchema,
  decidedBy: Type.String(),
  decidedAt: TimeSchema,
  decisionNote: Type.String(),
  /** Findings that it silences, or would silence once approved. */
  findings: Type.Integer(),
  artifacts: Type.Integer(),
});
export type Acceptance = Type.Static<typeof AcceptanceSchema>;
export const AcceptancePageSchema = Page(AcceptanceSchema);

export const AcceptanceDecisionSchema = Type.Object({ note: Type.String({ maxLength: 2000 }) });

/** What a scope would silence, before asking. */
export const AcceptancePreviewSchema = Type.Object({
  findings: Type.Integer(),
  artifacts: Type.Integer(),
  running: Type.Integer(),
});
export type AcceptancePreview = Type.Static<typeof AcceptancePreviewSchema>;
