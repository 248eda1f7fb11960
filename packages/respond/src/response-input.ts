// Response rules as the API takes them.
import type { RuleLoadProblem } from '@guardcell/core';
import { readFields, readInteger } from './fields.ts';
import { asProblem, type Finding, reporter } from './problem.ts';
import { MAX_COOLDOWN_SECONDS, readName, readShared, SHARED_KEYS } from './rule-fields.ts';

/** What is wrong with an API object; empty when nothing is. Line and column are those inside a guard, else 0. */
export function validateResponseInput(input: unknown): readonly RuleLoadProblem[] {
  const findings: Finding[] = [];
  const report = reporter(findings);
  const fields = readFields(input, [], ['name', 'cooldownSeconds', ...SHARED_KEYS], report);
  const member = { fields: fields ?? {}, path: [], report };
  const name = fields === undefined ? '' : readName(member);
  readShared(member);
  readInteger(member, 'cooldownSeconds', { fallback: 300, min: 0, max: MAX_COOLDOWN_SECONDS });
  return findings.map((finding) =>
    asProblem(finding, name, {
      file: '',
      line: finding.inside?.line ?? 0,
      column: finding.inside?.column ?? 0,
    }),
  );
}
