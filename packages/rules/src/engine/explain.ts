// Why a condition held: its leaves with the values they saw. Runs only when a rule has matched.
import type { MatchedClause, RuntimeEvent } from '@guardcell/core';
import type { FieldEnvironment } from '../fields/field.ts';
import type { Check, Expression } from '../language/ast.ts';
import { type CompiledCheck, compileCheck } from './check.ts';
import { shownValue } from './shown-value.ts';

const MAX_CLAUSES = 40;
const MAX_EXPECTED = 200;
const MAX_ACTUAL = 1024;
/** Leaves looked at for one explanation. */
const MAX_STEPS = 20_000;

interface FoundClause {
  readonly order: number;
  readonly clause: MatchedClause;
}

interface Explanation {
  readonly event: RuntimeEvent;
  readonly env: FieldEnvironment;
  readonly results: Map<Expression, boolean>;
  readonly checks: Map<Check, CompiledCheck | undefined>;
  readonly positive: FoundClause[];
  readonly negative: FoundClause[];
  readonly seen: Set<string>;
  steps: number;
}

/**
 * Leaves that made the condition true, in order of evaluation; leaves under a negation carry `not `.
 * When there are too many, those that held come before those that only did not hold.
 */
export function explain(
  expression: Expression,
  event: RuntimeEvent,
  env: FieldEnvironment,
): readonly MatchedClause[] {
  const state: Explanation = {
    event,
    env,
    results: new Map(),
    checks: new Map(),
    positive: [],
    negative: [],
    seen: new Set(),
    steps: 0,
  };
  collect(expression, true, [], state);
  const kept = state.positive.slice(0, MAX_CLAUSES);
  kept.push(...state.negative.slice(0, MAX_CLAUSES - kept.length));
  return kept.sort((left, right) => left.order - right.order).map((found) => found.clause);
}

/** Adds the leaves that gave `expression` the value `wanted`. */
function collect(
  expression: Expression,
  wanted: boolean,
  macros: readonly string[],
  state: Explanation,
): void {
  if (state.steps > MAX_STEPS) return;
  state.steps += 1;
  switch (expression.kind) {
    case 'macro':
      collect(expression.body, wanted, [...macros, expression.name], state);
      return;
    case 'not':
      collect(expression.child, !wanted, macros, state);
      return;
    case 'and':
    case 'or': {
      for (const child of expression.children) {
        if (valueOf(child, state) === wanted) collect(child, wanted, macros, state);
      }
      return;
    }
    case 'check':
      addClause(expression, wanted, macros, state);
      return;
    case 'reference':
      return;
  }
}

function addClause(check: Check, held: boolean, macros: readonly string[], state: Explanation): void {
  const compiled = compiledCheck(check, state);
  if (compiled === undefined || isConstant(check)) return;
  const value = compiled.extract(state.event, state.env);
  // That a missing value is not equal to something explains nothing.
  if (!held && value === undefined && check.operator !== 'exists') return;
  const clause = {
    field: compiled.field,
    operator: held ? compiled.operator : `not ${compiled.operator}`,
    expected: shorten(compiled.expected, MAX_EXPECTED),
    actual: value === undefined ? '' : shorten(shownValue(check, value), MAX_ACTUAL),
    macros,
  };
  const key = `${clause.field} ${clause.operator} ${compiled.expected}`;
  if (state.seen.has(key)) return;
  state.seen.add(key);
  (held ? state.positive : state.negative).push({ order: state.steps, clause });
}

function isConstant(check: Check): boolean {
  return check.left.kind === 'field' && check.left.name === 'evt.num';
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function compiledCheck(check: Check, state: Explanation): CompiledCheck | undefined {
  if (state.checks.has(check)) return state.checks.get(check);
  const compiled = compileCheck(check);
  const usable = 'problem' in compiled ? undefined : compiled;
  state.checks.set(check, usable);
  return usable;
}

function valueOf(expression: Expression, state: Explanation): boolean {
  const known = state.results.get(expression);
  if (known !== undefined) return known;
  const value = computeValue(expression, state);
  state.results.set(expression, value);
  return value;
}

function computeValue(expression: Expression, state: Explanation): boolean {
  switch (expression.kind) {
    case 'macro':
      return valueOf(expression.body, state);
    case 'not':
      return !valueOf(expression.child, state);
    case 'and':
      return expression.children.every((child) => valueOf(child, state));
    case 'or':
      return expression.children.some((child) => valueOf(child, state));
    case 'check':
      return compiledCheck(expression, state)?.holds(state.event, state.env) ?? false;
    case 'reference':
      return false;
  }
}
