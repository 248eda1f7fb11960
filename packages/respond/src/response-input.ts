// Response rules as the API takes them.
import type { RuleLoadProblem } from '@guardcell/core';
import { readFields, readInteger } from './fields.ts';
import { asProblem, type Finding, reporter } from './problem.ts';
import { MAX_COOLDOWN_SECONDS, readName, readShared, SHARED_KEYS } from './rule-fields.ts';
import type { ResponseRuleInput } from './types.ts';

export type ParsedInput =
  | { readonly ok: true; readonly rule: ResponseRuleInput }
  | { readonly ok: false; readonly problems: readonly RuleLoadProblem[] };

/** Reads an API object into a complete rule (defaults filled in), or says everything that is wrong with it. */
export function parseResponseInput(input: unknown): ParsedInput {
  const findings: Finding[] = [];
  const report = reporter(findings);
  const fields = readFields(input, [], ['name', 'cooldownSeconds', ...SHARED_KEYS], report);
  const member = { fields: fields ?? {}, path: [], report };
  const rule: ResponseRuleInput = {
    name: fields === undefined ? '' : readName(member),
    ...readShared(member),
    cooldownSeconds: readInteger(member, 'cooldownSeconds', {
      fallback: 300,
      min: 0,
      max: MAX_COOLDOWN_SECONDS,
    }),
  };
  if (findings.length === 0) return { ok: true, rule };
  const problems = findings.map((finding) =>
    asProblem(finding, rule.name, {
      file: '',
      line: finding.inside?.line ?? 0,
      column: finding.inside?.column ?? 0,
    }),
  );
  return { ok: false, problems };
}

/** What is wrong with an API object; empty when nothing is. Line and column are those inside a guard, else 0. */
export function validateResponseInput(input: unknown): readonly RuleLoadProblem[] {
  const parsed = parseResponseInput(input);
  return parsed.ok ? [] : parsed.problems;
}
