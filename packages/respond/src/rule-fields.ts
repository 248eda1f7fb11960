// The members that a response rule has in files and in the API alike.
import { type ResponseAction, type ResponseTrigger, SEVERITIES } from '@guardcell/core';
import { readAction } from './action-params.ts';
import {
  type Member,
  readFields,
  readFlag,
  readInteger,
  readText,
  readTexts,
  readWord,
  required,
} from './fields.ts';
import { compileGuard } from './guard.ts';
import type { ResponseRuleInput } from './types.ts';

export const SHARED_KEYS = [
  'description',
  'enabled',
  'trigger',
  'guard',
  'actions',
  'maxTargets',
  'mode',
] as const;

export const MAX_COOLDOWN_SECONDS = 86_400;
const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MAX_ACTIONS = 10;

function readTrigger(owner: Member): ResponseTrigger {
  const path = [...owner.path, 'trigger'];
  const value = owner.fields['trigger'] ?? {};
  const fields = readFields(value, path, ['rules', 'tags', 'minSeverity'], owner.report) ?? {};
  const member = { fields, path, report: owner.report };
  return {
    rules: readTexts(member, 'rules', 200),
    tags: readTexts(member, 'tags', 200),
    minSeverity: readWord(member, 'minSeverity', SEVERITIES, 'info'),
  };
}

function readGuard(member: Member): string {
  const text = readText(member, 'guard', '', 4000);
  if (text.trim() === '') return '';
  const result = compileGuard(text);
  if (result.ok) return text;
  for (const { message, hint, line, column } of result.problems.slice(0, 10)) {
    member.report('GC_RESPONSE_GUARD', [...member.path, 'guard'], message, {
      hint,
      inside: { line, column },
    });
  }
  return text;
}

function readActions(member: Member): readonly ResponseAction[] {
  const value = required(member, 'actions', 'Say what to do: `actions: [{ do: notify, with: { url: … } }]`.');
  if (value === undefined) return [];
  const path = [...member.path, 'actions'];
  if (!Array.isArray(value)) {
    member.report('GC_RESPONSE_TYPE', path, 'expected a list of actions');
    return [];
  }
  if (value.length === 0 || value.length > MAX_ACTIONS) {
    member.report('GC_RESPONSE_VALUE', path, `needs 1 to ${MAX_ACTIONS} actions`);
  }
  return value
    .slice(0, MAX_ACTIONS)
    .map((item, index) => readAction(item, [...path, index], member.report))
    .filter((action) => action !== undefined);
}

/** The rule's name, reported at `member.path` when missing or malformed. */
export function readName(member: Member): string {
  const value = required(member, 'name');
  if (value === undefined) return '';
  const name = readText(member, 'name', '', 100);
  if (typeof value === 'string' && name !== '' && !NAME.test(name)) {
    member.report('GC_RESPONSE_VALUE', [...member.path, 'name'], 'not a valid name', {
      hint: 'Use lower-case letters, digits and dashes: pause-on-shell.',
    });
  }
  if (value === '') member.report('GC_RESPONSE_VALUE', [...member.path, 'name'], 'must not be empty');
  return name;
}

/** Everything but name and cool-down. */
export function readShared(member: Member): Omit<ResponseRuleInput, 'name' | 'cooldownSeconds'> {
  return {
    description: readText(member, 'description', '', 1000),
    enabled: readFlag(member, 'enabled', true),
    trigger: readTrigger(member),
    guard: readGuard(member),
    actions: readActions(member),
    maxTargets: readInteger(member, 'maxTargets', { fallback: 3, min: 1, max: 1000 }),
    mode: readWord(member, 'mode', ['enforce', 'dry-run'], 'enforce'),
  };
}
