// The form of a response rule: from rule to text fields and back, with what is wrong in each. Pure.
import type { ResponseRuleInput } from '@guardcell/contract';
import type { ActionKind, ResponseRule, Severity } from '@guardcell/core';

export interface ActionDraft {
  /** Stable key of the row. */
  readonly key: number;
  readonly kind: ActionKind;
  readonly url: string;
  readonly graceSeconds: string;
  /** What the rule says besides, for which the form has no input: kept as it is while the action stays the same. */
  readonly others?: { readonly kind: ActionKind; readonly with: ResponseRule['actions'][number]['with'] };
}

export interface ResponseDraft {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly rules: readonly string[];
  readonly tags: readonly string[];
  readonly minSeverity: Severity;
  readonly guard: string;
  readonly actions: readonly ActionDraft[];
  readonly cooldownSeconds: string;
  readonly maxTargets: string;
  readonly mode: 'enforce' | 'dry-run';
}

export const EMPTY_DRAFT: ResponseDraft = {
  name: '',
  description: '',
  enabled: true,
  rules: [],
  tags: [],
  minSeverity: 'high',
  guard: '',
  actions: [{ key: 0, kind: 'pause', url: '', graceSeconds: '' }],
  cooldownSeconds: '300',
  maxTargets: '3',
  mode: 'dry-run',
};

function textOf(value: string | number | boolean | undefined): string {
  return value === undefined ? '' : String(value);
}

function withoutInputs({
  url: _url,
  graceSeconds: _grace,
  ...others
}: ResponseRule['actions'][number]['with']): ResponseRule['actions'][number]['with'] {
  return others;
}

export function draftOf(rule: ResponseRule): ResponseDraft {
  return {
    name: rule.name,
    description: rule.description,
    enabled: rule.enabled,
    rules: rule.trigger.rules,
    tags: rule.trigger.tags,
    minSeverity: rule.trigger.minSeverity,
    guard: rule.guard,
    actions: rule.actions.map((action, key) => ({
      key,
      kind: action.do,
      url: textOf(action.with['url']),
      graceSeconds: textOf(action.with['graceSeconds']),
      others: { kind: action.do, with: withoutInputs(action.with) },
    })),
    cooldownSeconds: String(rule.cooldownSeconds),
    maxTargets: String(rule.maxTargets),
    mode: rule.mode,
  };
}

export type DraftProblem =
  | 'nameEmpty'
  | 'nameForm'
  | 'actionsEmpty'
  | 'url'
  | 'cooldown'
  | 'maxTargets'
  | 'grace';

function isWhole(text: string, from: number, to: number): boolean {
  return /^\d{1,9}$/.test(text.trim()) && Number(text) >= from && Number(text) <= to;
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** What is wrong, by field: `name`, `actions`, `action-<key>`, `cooldown`, `maxTargets`. Empty when all is well. */
export function draftProblems(draft: ResponseDraft): Readonly<Record<string, DraftProblem>> {
  const problems: Record<string, DraftProblem> = {};
  if (draft.name.trim() === '') problems['name'] = 'nameEmpty';
  else if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(draft.name.trim())) problems['name'] = 'nameForm';
  if (draft.actions.length === 0) problems['actions'] = 'actionsEmpty';
  for (const action of draft.actions) {
    if (action.kind === 'notify' && !isWebAddress(action.url.trim()))
      problems[`action-${action.key}`] = 'url';
    if (
      action.kind === 'stop' &&
      action.graceSeconds.trim() !== '' &&
      !isWhole(action.graceSeconds, 0, 3600)
    ) {
      problems[`action-${action.key}`] = 'grace';
    }
  }
  if (!isWhole(draft.cooldownSeconds, 0, 86_400)) problems['cooldown'] = 'cooldown';
  if (!isWhole(draft.maxTargets, 1, 1000)) problems['maxTargets'] = 'maxTargets';
  return problems;
}

/** What the API takes. Call it only for a draft without problems. */
export function inputOf(draft: ResponseDraft): ResponseRuleInput {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    enabled: draft.enabled,
    trigger: { rules: [...draft.rules], tags: [...draft.tags], minSeverity: draft.minSeverity },
    guard: draft.guard.trim(),
    actions: draft.actions.map((action) => ({
      do: action.kind,
      with: {
        ...(action.others?.kind === action.kind && action.others.with),
        ...(action.kind === 'notify' && { url: action.url.trim() }),
        ...(action.kind === 'stop' &&
          action.graceSeconds.trim() !== '' && { graceSeconds: Number(action.graceSeconds) }),
      },
    })),
    cooldownSeconds: Number(draft.cooldownSeconds),
    maxTargets: Number(draft.maxTargets),
    mode: draft.mode,
  };
}
