// Several checks on one field, joined by `or`: the field is read once, equal texts become one set.

import type { Scalar } from '../fields/field.ts';
import { findField } from '../fields/registry.ts';
import type { Check } from '../language/ast.ts';
import type { Test } from '../operators/operator.ts';
import type { CompiledCheck, Predicate } from './check.ts';

/** True when one of the checks holds. All must be on the same field, and have a test of one value. */
export function groupChecks(compiled: readonly CompiledCheck[], checks: readonly Check[]): Predicate {
  const [only] = compiled;
  if (only === undefined) return () => false;
  if (compiled.length === 1) return only.holds;
  if (checks.some((check) => check.operator === 'exists'))
    return (event, env) => only.extract(event, env) !== undefined;
  const { extract } = only;
  const test = anyOf(compiled, checks);
  return (event, env) => {
    const value = extract(event, env);
    return value !== undefined && test(value as Scalar);
  };
}

function anyOf(compiled: readonly CompiledCheck[], checks: readonly Check[]): Test {
  const texts = new Set<unknown>();
  const tests: Test[] = [];
  for (const [at, check] of checks.entries()) {
    const test = compiled[at]?.test;
    if (test === undefined) continue;
    const literals = isTextEquality(check) ? literalTexts(check) : undefined;
    if (literals === undefined) tests.push(test);
    else for (const literal of literals) texts.add(literal);
  }
  if (texts.size > 0) tests.unshift((value) => texts.has(value));
  const [first, second, third] = tests;
  if (first !== undefined && tests.length === 1) return first;
  if (first !== undefined && second !== undefined && tests.length === 2)
    return (value) => first(value) || second(value);
  if (first !== undefined && second !== undefined && third !== undefined && tests.length === 3) {
    return (value) => first(value) || second(value) || third(value);
  }
  return (value) => {
    for (const test of tests) if (test(value)) return true;
    return false;
  };
}

function isTextEquality(check: Check): boolean {
  if (check.left.kind !== 'field' || findField(check.left.name)?.field.type !== 'string') return false;
  return (
    check.operator === '=' ||
    check.operator === '==' ||
    check.operator === 'in' ||
    check.operator === 'intersects'
  );
}

function literalTexts(check: Check): readonly string[] | undefined {
  if (check.right.kind === 'value') return [check.right.value.text];
  return check.right.kind === 'list' ? check.right.items.map((item) => item.text) : undefined;
}
