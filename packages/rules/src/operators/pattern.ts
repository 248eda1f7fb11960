// glob, iglob, regex.
import { RE2JS } from 're2js';
import { globMatcher } from './glob.ts';
import type { CompiledTest, OperatorDefinition } from './operator.ts';

/** Longer patterns are refused: compiled size grows with them. */
const MAX_PATTERN_LENGTH = 16_384;

function globOperator(name: 'glob' | 'iglob', foldCase: boolean, doc: string): OperatorDefinition {
  return {
    name,
    doc,
    right: 'value',
    types: ['string'],
    compile: (_, literals) => {
      const matches = globMatcher(literals[0] ?? '', foldCase);
      return { test: (value) => typeof value === 'string' && matches(value) };
    },
    compare: (left, right) =>
      typeof left === 'string' && typeof right === 'string' && globMatcher(right, foldCase)(left),
  };
}

/** Linear-time engine. As in the POSIX syntax of RE2, `^` and `$` also stand at line breaks and `.` matches none. */
function compileRegex(pattern: string): CompiledTest {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return { problem: `invalid regex pattern: longer than ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.MULTILINE);
    return { test: (value) => typeof value === 'string' && compiled.matches(value.toWellFormed()) };
  } catch (thrown) {
    return { problem: `invalid regex pattern: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

export const PATTERN_OPERATORS: readonly OperatorDefinition[] = [
  globOperator('glob', false, 'Matches the shell pattern as a whole; * crosses slashes.'),
  globOperator('iglob', true, 'As glob, in any case.'),
  {
    name: 'regex',
    doc: 'Matches the regular expression (RE2 syntax) as a whole.',
    right: 'value',
    types: ['string'],
    compile: (_, literals) => compileRegex(literals[0] ?? ''),
  },
];
