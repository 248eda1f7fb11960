// Exceptions of rules: checked, merged when appended, and turned into text that follows the condition.
import { EVENT_TYPES } from '../events/event-table.ts';
import { findField, isFieldOf } from '../fields/registry.ts';
import { OPERATOR_NAMES, QUANTIFIERS } from '../language/ast.ts';
import type { ExceptionItem, ExceptionValue } from './items.ts';
import { addError, addWarning, type Problems } from './problems.ts';
import { quoteWord } from './quote.ts';

const LIST_COMPARISONS: ReadonlySet<string> = new Set(['in', 'pmatch', 'intersects']);

export interface ExceptionOwner {
  readonly rule: string;
  /** Whose fields the exceptions may use; undefined when the source is not there and nothing can be said. */
  readonly source: string | undefined;
}

/** Adds exceptions to those of the rule; undefined (and reported) when one is wrong. */
export function mergeExceptions(
  before: readonly ExceptionItem[],
  added: readonly ExceptionItem[],
  mode: 'define' | 'append',
  { rule, source }: ExceptionOwner,
  problems: Problems,
): readonly ExceptionItem[] | undefined {
  const merged = [...before];
  for (const item of added) {
    const at = merged.findIndex((known) => known.name === item.name);
    const known = merged[at];
    if (known === undefined) {
      const complete = completeException(item, mode, { rule, source }, problems);
      if (complete === undefined) return undefined;
      merged.push(complete);
      continue;
    }
    if (mode === 'define') {
      const message = `Multiple definitions of exception '${item.name}' in the same rule`;
      addWarning(problems, 'LOAD_EXCEPTION_NAME_NOT_UNIQUE', message, item.place, rule);
      merged[at] = item.fields === undefined ? { ...known, values: [...known.values, ...item.values] } : item;
      continue;
    }
    if (item.fields !== undefined || item.comps !== undefined) {
      const message = 'Can not append exception fields to existing exception, only values';
      addError(problems, 'LOAD_ERR_VALIDATE', message, item.place, rule);
      return undefined;
    }
    if (item.values.length === 0) {
      const message = 'Overriding/appending exception with no values';
      addWarning(problems, 'LOAD_APPEND_NO_VALUES', message, item.place, rule);
    }
    const problem = valuesProblem(known, item.values);
    if (problem !== undefined) {
      addError(problems, 'LOAD_ERR_VALIDATE', problem, item.place, rule);
      return undefined;
    }
    merged[at] = { ...known, values: [...known.values, ...item.values] };
  }
  return merged;
}

function completeException(
  item: ExceptionItem,
  mode: 'define' | 'append',
  { rule, source }: ExceptionOwner,
  problems: Problems,
): ExceptionItem | undefined {
  const problem =
    mode === 'append' && item.values.length === 0
      ? 'Rule exception must have fields property with a list of fields and a values property'
      : exceptionProblem(item, source);
  if (problem === undefined) return item;
  addError(problems, 'LOAD_ERR_VALIDATE', problem, item.place, rule);
  return undefined;
}

function exceptionProblem(item: ExceptionItem, source: string | undefined): string | undefined {
  if (item.fields === undefined || item.fields.length === 0) {
    return 'Rule exception item must have fields property with a list of fields';
  }
  const comps = comparisonsOf(item);
  if (comps.length !== item.fields.length) return 'Fields and comps lists must have equal length';
  for (const comp of comps) {
    if (!isComparison(comp)) return `'${comp}' is not a supported comparison operator`;
    if (item.scalarField && !LIST_COMPARISONS.has(comp) && !comp.includes(' ')) {
      return `When 'fields' is a single value, comps must be one of (in, pmatch, intersects) or end with oneof, anyof, allof`;
    }
  }
  for (const field of item.fields) {
    const found = findField(field.replace(/\[.*\]$/, ''));
    if (source !== undefined && (found === undefined || !isFieldOf(found.field, source)))
      return `'${field}' is not a supported filter field`;
  }
  return valuesProblem(item, item.values);
}

function valuesProblem(item: ExceptionItem, values: ExceptionItem['values']): string | undefined {
  if (item.scalarField) return undefined;
  const length = item.fields?.length ?? 0;
  return values.every((tuple) => tuple.length === length)
    ? undefined
    : 'Fields and values lists must have equal length';
}

function isComparison(comp: string): boolean {
  const [operator = '', quantifier, ...rest] = comp.split(/\s+/);
  if (!(OPERATOR_NAMES as readonly string[]).includes(operator) || rest.length > 0) return false;
  return quantifier === undefined || (QUANTIFIERS as readonly string[]).includes(quantifier);
}

function comparisonsOf(item: ExceptionItem): readonly string[] {
  return item.comps ?? (item.fields ?? []).map(() => (item.scalarField ? 'in' : '='));
}

/** ` and not (…)` for each exception that has values. */
export function exceptionsText(exceptions: readonly ExceptionItem[]): string {
  return exceptions
    .filter((exception) => exception.values.length > 0)
    .map((exception) => ` and not ${exceptionText(exception)}`)
    .join('');
}

function exceptionText(exception: ExceptionItem): string {
  const fields = exception.fields ?? [];
  const comps = comparisonsOf(exception);
  if (exception.scalarField) {
    const values = exception.values.flat(2).map(quoteWord).join(', ');
    return `${fields[0] ?? ''} ${comps[0] ?? 'in'} (${values})`;
  }
  const tuples = exception.values.map((tuple) => {
    const checks = fields.map((field, at) => checkText(field, comps[at] ?? '=', tuple[at] ?? ''));
    return `(${checks.join(' and ')})`;
  });
  return `(${tuples.join(' or ')})`;
}

function checkText(field: string, comp: string, value: ExceptionValue): string {
  if (comp === 'exists') return `${field} exists`;
  if (typeof value !== 'string') return `${field} ${comp} (${value.map(quoteWord).join(', ')})`;
  const listed = LIST_COMPARISONS.has(comp) || comp.includes(' ');
  if (!listed) return `${field} ${comp} ${quoteWord(value)}`;
  if (value.startsWith('(')) return `${field} ${comp} ${value}`;
  // A text with commas stands for several values, as the reference engine only puts parentheses around it.
  return `${field} ${comp} (${value.includes(',') && !/^["']/.test(value) ? value : quoteWord(value)})`;
}

/** Names that a list should not have: replacing them in conditions would corrupt `evt.type=…`. */
export function collidesWithEventType(listName: string): boolean {
  return EVENT_TYPES.has(listName);
}
