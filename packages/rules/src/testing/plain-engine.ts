// The engine in its plainest form: every rule, leaf by leaf, as the language's definition says. Slow.
// Tests and measurements compare the real engine with it; so it shares no indexing, ordering or text matching with it.
import type { RuntimeEvent } from '@guardcell/core';
import { compileCheck, isList, type Predicate } from '../engine/check.ts';
import { completeEnvironment, type EngineEnvironment } from '../engine/environment.ts';
import { includesType } from '../engine/event-types.ts';
import { bindOperand } from '../engine/operand.ts';
import type { Multiplicity, Scalar } from '../fields/field.ts';
import type { Check, Expression } from '../language/ast.ts';
import type { LoadResult } from '../loader/load-rules.ts';

export interface PlainEngine {
  /** Names of the enabled rules that match, in file order. */
  evaluate(event: RuntimeEvent): readonly string[];
}

/** Evaluates the enabled rules one by one. */
export function createPlainEngine(load: LoadResult, environment: EngineEnvironment = {}): PlainEngine {
  const env = completeEnvironment(environment);
  const rules = load.rules.filter((rule) => rule.enabled);
  const leaves = new Map<Check, Predicate>();
  const leafOf = (check: Check): Predicate => {
    const known = leaves.get(check);
    if (known !== undefined) return known;
    const made = plainLeaf(check);
    leaves.set(check, made);
    return made;
  };
  const holds = (expression: Expression, event: RuntimeEvent): boolean => {
    switch (expression.kind) {
      case 'and':
        return expression.children.every((child) => holds(child, event));
      case 'or':
        return expression.children.some((child) => holds(child, event));
      case 'not':
        return !holds(expression.child, event);
      case 'macro':
        return holds(expression.body, event);
      case 'check':
        return leafOf(expression)(event, env);
      case 'reference':
        return false;
    }
  };
  return {
    evaluate: (event) =>
      rules
        .filter(
          (rule) =>
            rule.source === (event.source ?? 'syscall') &&
            includesType(rule.types, event.type) &&
            holds(rule.expression, event),
        )
        .map((rule) => rule.name),
  };
}

type TextRelation = (value: string, literal: string) => boolean;

const TEXT_RELATIONS: Readonly<Record<string, TextRelation>> = {
  '=': (value, literal) => value === literal,
  '==': (value, literal) => value === literal,
  '!=': (value, literal) => value !== literal,
  in: (value, literal) => value === literal,
  intersects: (value, literal) => value === literal,
  contains: (value, literal) => value.split(literal).length > 1 || literal === '',
  icontains: (value, literal) => lower(value).includes(lower(literal)),
  startswith: (value, literal) => value.slice(0, literal.length) === literal,
  endswith: (value, literal) => literal === '' || value.slice(-literal.length) === literal,
  glob: (value, literal) => globHolds(literal, value),
  iglob: (value, literal) => globHolds(literal.toLowerCase(), value.toLowerCase()),
  pmatch: pathHolds,
};

function lower(text: string): string {
  return [...text].map((one) => (one >= 'A' && one <= 'Z' ? one.toLowerCase() : one)).join('');
}

/** Stars and question marks only; other patterns go through the operator itself. */
function globHolds(pattern: string, value: string): boolean {
  const source = [...pattern].map((one) =>
    one === '*' ? '[^]*' : one === '?' ? '[^]' : one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`).test(value);
}

function pathHolds(value: string, literal: string): boolean {
  const wanted = literal.split('/').filter((part) => part !== '');
  const actual = value.split('/').filter((part) => part !== '');
  return wanted.length <= actual.length && wanted.every((part, at) => globHolds(part, actual[at] ?? ''));
}

function plainLeaf(check: Check): Predicate {
  const bound = bindOperand(check.left, 'left');
  const relation = TEXT_RELATIONS[check.operator];
  const literals =
    check.right.kind === 'value'
      ? [check.right.value.text]
      : check.right.kind === 'list'
        ? check.right.items.map((item) => item.text)
        : undefined;
  const plain =
    !('problem' in bound) &&
    bound.type === 'string' &&
    relation !== undefined &&
    literals !== undefined &&
    check.quantifier === undefined &&
    !literals.some((literal) => /[[\]\\]/.test(literal));
  if (!plain) {
    const compiled = compileCheck(check);
    return 'problem' in compiled ? () => false : compiled.holds;
  }
  const one = (value: Scalar): boolean =>
    typeof value === 'string'
      ? literals.some((literal) => relation(value, literal))
      : check.operator === '!=';
  const every = needsEvery(bound.multiplicity, check.operator);
  return (event, env) => {
    const value = bound.extract(event, env);
    if (value === undefined) return false;
    const values = isList(value) ? value : [value];
    return every ? values.every(one) : values.some(one);
  };
}

function needsEvery(multiplicity: Multiplicity, operator: string): boolean {
  return (multiplicity === 'list' && operator === 'in') || (multiplicity === 'either' && operator === '!=');
}
