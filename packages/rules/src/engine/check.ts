// Compiles one check (field, operator, value) to a closure. A field without a value makes every check false.
import { nearestName, type RuntimeEvent } from '@guardcell/core';
import { EVENT_TYPES } from '../events/event-table.ts';
import type { BoundField, Extractor, FieldEnvironment, FieldValue, Scalar } from '../fields/field.ts';
import type { Check, Literal } from '../language/ast.ts';
import { operandText, rightSideText } from '../language/ast.ts';
import type { OperatorDefinition, Test } from '../operators/operator.ts';
import { findOperator } from '../operators/registry.ts';
import { bindOperand } from './operand.ts';

export type Predicate = (event: RuntimeEvent, env: FieldEnvironment) => boolean;

export interface CompiledCheck {
  readonly holds: Predicate;
  /** For fields with one value: the check on that value alone, so that checks on one field can share it. */
  readonly test: Test | undefined;
  readonly extract: Extractor;
  readonly field: string;
  readonly operator: string;
  readonly expected: string;
}

export interface CheckProblem {
  readonly problem: string;
  readonly hint: string;
  /** Names something that does not exist here; `skip-if-unknown-filter` turns it into a warning. */
  readonly unknown: boolean;
}

/** Gives an extractor that remembers its value for the current event, where that pays. */
export type ShareExtractor = (operand: string, extract: Extractor) => Extractor;

const notShared: ShareExtractor = (_, extract) => extract;

/** Never throws; what cannot be compiled is a problem. With `source`, only fields of that source may be used. */
export function compileCheck(
  check: Check,
  share: ShareExtractor = notShared,
  source?: string,
): CompiledCheck | CheckProblem {
  const bound = bindOperand(check.left, 'left', source);
  if ('problem' in bound) return bound;
  const left: BoundField = { ...bound, extract: share(operandText(check.left), bound.extract) };
  const operator = findOperator(check.operator);
  if (operator === undefined) return problem(`unknown operator '${check.operator}'`);
  const misuse = operatorMisuse(check, left, operator);
  if (misuse !== undefined) return problem(misuse);
  const unknownType = unknownEventType(check);
  if (unknownType !== undefined) return unknownType;
  const compiled = compileRight(check, left, operator, source);
  if ('problem' in compiled) return compiled;
  return {
    holds: compiled.holds,
    test: left.multiplicity === 'one' ? compiled.test : undefined,
    extract: left.extract,
    field: operandText(check.left),
    operator: check.quantifier === undefined ? check.operator : `${check.operator} ${check.quantifier}`,
    expected: rightSideText(check.right),
  };
}

function problem(text: string, hint = '', unknown = false): CheckProblem {
  return { problem: text, hint, unknown };
}

function operatorMisuse(check: Check, left: BoundField, operator: OperatorDefinition): string | undefined {
  const field = operandText(check.left);
  if (!operator.types.includes(left.type)) {
    return `operator '${operator.name}' does not apply to field '${field}' of type ${left.type}`;
  }
  const listOnly = left.multiplicity === 'list';
  if (listOnly && operator.name !== 'in' && operator.name !== 'intersects' && operator.name !== 'exists') {
    return `field '${field}' is a list: only in, intersects and exists apply to it`;
  }
  return undefined;
}

function unknownEventType(check: Check): CheckProblem | undefined {
  if (check.left.kind !== 'field' || check.left.name !== 'evt.type') return undefined;
  if (!['=', '==', '!=', 'in', 'intersects'].includes(check.operator)) return undefined;
  const wrong = literalsOf(check).find((literal) => !EVENT_TYPES.has(literal.text));
  if (wrong === undefined) return undefined;
  const near = nearestName(wrong.text, EVENT_TYPES);
  return problem(
    `unknown event type ${wrong.text}`,
    near === undefined ? '' : `did you mean '${near}'?`,
    true,
  );
}

function literalsOf(check: Check): readonly Literal[] {
  if (check.right.kind === 'value') return [check.right.value];
  return check.right.kind === 'list' ? check.right.items : [];
}

interface RightCompiled {
  readonly holds: Predicate;
  readonly test: Test | undefined;
}

function compileRight(
  check: Check,
  left: BoundField,
  operator: OperatorDefinition,
  source: string | undefined,
): RightCompiled | CheckProblem {
  if (check.right.kind === 'operand') return untested(compileOperandRight(check, left, operator, source));
  const literals = literalsOf(check).map((literal) => literal.text);
  if (check.quantifier !== undefined) return untested(compileQuantified(check, left, operator, literals));
  const compiled = operator.compile(left.type, literals);
  if ('problem' in compiled) return problem(compiled.problem);
  return { holds: applyTest(left, operator, compiled.test), test: compiled.test };
}

function untested(holds: Predicate | CheckProblem): RightCompiled | CheckProblem {
  return typeof holds === 'function' ? { holds, test: undefined } : holds;
}

function applyTest(left: BoundField, operator: OperatorDefinition, test: Test): Predicate {
  const { extract } = left;
  if (operator.name === 'exists') return (event, env) => extract(event, env) !== undefined;
  if (left.multiplicity === 'one') {
    return (event, env) => {
      const value = extract(event, env);
      // Fields of multiplicity one never give a list.
      return value !== undefined && test(value as Scalar);
    };
  }
  const every =
    (left.multiplicity === 'list' && operator.name === 'in') ||
    (left.multiplicity === 'either' && operator.name === '!=');
  return (event, env) => {
    const value = extract(event, env);
    if (value === undefined) return false;
    const values = isList(value) ? value : [value];
    return every ? values.every(test) : values.some(test);
  };
}

function compileQuantified(
  check: Check,
  left: BoundField,
  operator: OperatorDefinition,
  literals: readonly string[],
): Predicate | CheckProblem {
  const parts: Predicate[] = [];
  for (const literal of literals) {
    const compiled = operator.compile(left.type, [literal]);
    if ('problem' in compiled) return problem(compiled.problem);
    parts.push(applyTest(left, operator, compiled.test));
  }
  const { extract } = left;
  const count = (event: RuntimeEvent, env: FieldEnvironment): number =>
    parts.reduce((sum, holds) => sum + (holds(event, env) ? 1 : 0), 0);
  switch (check.quantifier) {
    case 'oneof':
      return (event, env) => extract(event, env) !== undefined && count(event, env) === 1;
    case 'allof':
      return (event, env) => extract(event, env) !== undefined && parts.every((holds) => holds(event, env));
    default:
      return (event, env) => parts.some((holds) => holds(event, env));
  }
}

function compileOperandRight(
  check: Check,
  left: BoundField,
  operator: OperatorDefinition,
  source: string | undefined,
): Predicate | CheckProblem {
  if (check.right.kind !== 'operand') return problem('expected a field on the right side');
  const right = bindOperand(check.right.operand, 'right', source);
  if ('problem' in right) return right;
  const compare = operator.compare;
  if (compare === undefined || left.type === 'net') {
    return problem(`operator '${operator.name}' does not take a field on its right side`);
  }
  if (left.type !== right.type) {
    const names = `'${operandText(check.left)}' (${left.type}) and '${operandText(check.right.operand)}' (${right.type})`;
    return problem(`fields compared must have the same type: ${names}`);
  }
  const readRight = right.extract;
  const readLeft = left.extract;
  const every = left.multiplicity === 'list' && operator.name === 'in';
  return (event, env) => {
    const value = readLeft(event, env);
    if (value === undefined) return false;
    const other = readRight(event, env);
    if (other === undefined) return false;
    const others = isList(other) ? other : [other];
    const test: Test = (one) => others.some((candidate) => compare(one, candidate));
    if (!isList(value)) return test(value);
    return every ? value.every(test) : value.some(test);
  };
}

/** Whether a value is a list of values (bytes are one value). */
export function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}
