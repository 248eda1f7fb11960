// Collects what is wrong in rule files, with Falco's codes.
import type { RuleLoadProblem } from '@guardcell/core';
import { type FileText, type ProblemContext, problemContext } from './problem-context.ts';
import type { Place } from './source-text.ts';

export const ERROR_CODES = [
  'LOAD_ERR_FILE_READ',
  'LOAD_ERR_YAML_PARSE',
  'LOAD_ERR_YAML_VALIDATE',
  'LOAD_ERR_COMPILE_CONDITION',
  'LOAD_ERR_COMPILE_OUTPUT',
  'LOAD_ERR_VALIDATE',
  'LOAD_ERR_EXTENSION',
] as const;

export const WARNING_CODES = [
  'LOAD_UNKNOWN_SOURCE',
  'LOAD_UNSAFE_NA_CHECK',
  'LOAD_NO_EVTTYPE',
  'LOAD_UNKNOWN_FILTER',
  'LOAD_UNUSED_MACRO',
  'LOAD_UNUSED_LIST',
  'LOAD_UNKNOWN_ITEM',
  'LOAD_DEPRECATED_ITEM',
  'LOAD_WARNING_EXTENSION',
  'LOAD_APPEND_NO_VALUES',
  'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
  'LOAD_INVALID_MACRO_NAME',
  'LOAD_INVALID_LIST_NAME',
  'LOAD_COMPILE_CONDITION',
  'LOAD_UNKNOWN_KEY',
  'LOAD_DUPLICATE_KEY',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
export type WarningCode = (typeof WARNING_CODES)[number];

/** What to do when there is nothing better to say. */
const USUAL_HINTS: Readonly<Record<ErrorCode, string>> = {
  LOAD_ERR_FILE_READ: 'Check that the file exists and may be read.',
  LOAD_ERR_YAML_PARSE: 'Mend the YAML here; nothing of this file is used until then.',
  LOAD_ERR_YAML_VALIDATE: 'Compare the item with a working one; the other items stay in force.',
  LOAD_ERR_COMPILE_CONDITION:
    'Mend the condition at this place; `guardcell rules validate FILE` checks it without loading it.',
  LOAD_ERR_COMPILE_OUTPUT:
    'Mend the output at this place; `guardcell rules validate FILE` checks it without loading it.',
  LOAD_ERR_VALIDATE: 'Compare the item with a working one; the other items stay in force.',
  LOAD_ERR_EXTENSION: 'Compare the item with a working one; the other items stay in force.',
};

/** More than this many are counted, not kept: a hostile file must not fill memory with messages. */
const MAX_PROBLEMS = 1000;

export interface Problems {
  readonly list: RuleLoadProblem[];
  /** Where each problem stands, as the verdict tells it. */
  readonly contexts: Map<RuleLoadProblem, ProblemContext>;
  /** The files by name; only needed while loading. */
  readonly texts: Map<string, FileText>;
  suppressed: number;
}

export function newProblems(): Problems {
  return { list: [], contexts: new Map(), texts: new Map(), suppressed: 0 };
}

export function addError(
  problems: Problems,
  code: ErrorCode,
  message: string,
  place: Place,
  item: string,
  hint = '',
): void {
  add(problems, { level: 'error', code, message, hint: hint === '' ? USUAL_HINTS[code] : hint }, place, item);
}

export function addWarning(
  problems: Problems,
  code: WarningCode,
  message: string,
  place: Place,
  item: string,
  hint = '',
): void {
  add(problems, { level: 'warning', code, message, hint }, place, item);
}

type Finding = Pick<RuleLoadProblem, 'level' | 'code' | 'message' | 'hint'>;

function add(problems: Problems, finding: Finding, place: Place, item: string): void {
  if (problems.list.length >= MAX_PROBLEMS) {
    problems.suppressed += 1;
    return;
  }
  const { file, line, column, offset = 0 } = place;
  const { level, code, message, hint } = finding;
  const problem: RuleLoadProblem = { level, code, message, file, line, column, item, hint };
  problems.list.push(problem);
  const where = { ...place, at: { line, column, offset } };
  problems.contexts.set(problem, problemContext(where, problems.texts.get(file)));
}
