// What an exception would have silenced among stored alerts. Three answers for each: yes, no, and not known, because
// an alert does not record every field of its event.
import type { Alert } from '@guardcell/core';
import { bindOperand } from '../engine/operand.ts';
import type { Check, Expression } from '../language/ast.ts';
import { operandText } from '../language/ast.ts';
import { parseCondition } from '../language/parser.ts';
import type { Test } from '../operators/operator.ts';
import { findOperator } from '../operators/registry.ts';
import { parseValue } from '../operators/value-parser.ts';
import { type AlertValues, alertValues } from './alert-values.ts';
import { exceptionCondition, type RuleException } from './exception.ts';

export type Silenced = 'yes' | 'no' | 'unknown';

export interface ExceptionPreview {
  /** Alerts looked at. */
  readonly looked: number;
  readonly silenced: number;
  /** Alerts that do not record a field that the exception asks for. */
  readonly unknown: number;
  /** Positions in the list of alerts of those that would be silenced, and that would still have fired; at most `examples`. */
  readonly silencedExamples: readonly number[];
  readonly remainingExamples: readonly number[];
  /** Why the exception cannot be judged; empty when it can. */
  readonly problem: string;
}

export interface PreviewOptions {
  /** Default 5. */
  readonly examples?: number;
}

/** Evaluates the exception over alerts of its rule. Never throws. */
export function previewException(
  exception: RuleException,
  alerts: readonly Alert[],
  options: PreviewOptions = {},
): ExceptionPreview {
  const judge = judgeOf(exception, alerts[0]?.source);
  const none = {
    looked: alerts.length,
    silenced: 0,
    unknown: 0,
    silencedExamples: [],
    remainingExamples: [],
  };
  if (typeof judge === 'string') return { ...none, problem: judge };
  const most = options.examples ?? 5;
  const silencedExamples: number[] = [];
  const remainingExamples: number[] = [];
  let silenced = 0;
  let unknown = 0;
  for (const [at, alert] of alerts.entries()) {
    const verdict = judge(alertValues(alert));
    if (verdict === 'yes') {
      silenced += 1;
      if (silencedExamples.length < most) silencedExamples.push(at);
      continue;
    }
    if (verdict === 'unknown') unknown += 1;
    if (remainingExamples.length < most) remainingExamples.push(at);
  }
  return { looked: alerts.length, silenced, unknown, silencedExamples, remainingExamples, problem: '' };
}

type Judge = (values: AlertValues) => Silenced;

/** A function from an alert's values to the verdict, or why there is none. */
export function judgeOf(exception: RuleException, source?: string): Judge | string {
  const text = exceptionCondition(exception);
  if (text === '') return () => 'no';
  const parsed = parseCondition(text);
  if (!parsed.ok) return parsed.message;
  return compile(parsed.expression, source);
}

function compile(expression: Expression, source: string | undefined): Judge | string {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const parts: Judge[] = [];
      for (const child of expression.children) {
        const part = compile(child, source);
        if (typeof part === 'string') return part;
        parts.push(part);
      }
      const [decides, otherwise] =
        expression.kind === 'and' ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
      return (values) => {
        let verdict: Silenced = otherwise;
        for (const part of parts) {
          const one = part(values);
          if (one === decides) return decides;
          if (one === 'unknown') verdict = 'unknown';
        }
        return verdict;
      };
    }
    case 'check':
      return compileLeaf(expression, source);
    default:
      return `'${expression.kind}' cannot stand in an exception`;
  }
}

function compileLeaf(check: Check, source: string | undefined): Judge | string {
  const field = operandText(check.left);
  const bound = bindOperand(check.left, 'left', source);
  if ('problem' in bound) return bound.problem;
  const operator = findOperator(check.operator);
  if (operator === undefined) return `unknown operator '${check.operator}'`;
  if (!operator.types.includes(bound.type))
    return `operator '${operator.name}' does not apply to field '${field}' of type ${bound.type}`;
  if (check.right.kind === 'operand') return 'an exception compares with values, not with fields';
  const literals =
    check.right.kind === 'list'
      ? check.right.items.map((item) => item.text)
      : check.right.kind === 'value'
        ? [check.right.value.text]
        : [];
  const test = testOf(operator, bound.type, literals, check.quantifier);
  if (typeof test === 'string') return test;
  const exists = operator.name === 'exists';
  return (values) => {
    const text = values.get(canonicalName(field));
    if (text === undefined) return 'unknown';
    if (text === null) return 'no';
    if (exists) return 'yes';
    const parsed = parseValue(bound.type === 'net' ? 'string' : bound.type, text);
    // A value that cannot be read back (a port by its service, a time) leaves the question open.
    if ('problem' in parsed) return 'unknown';
    return test(parsed.value) ? 'yes' : 'no';
  };
}

function testOf(
  operator: NonNullable<ReturnType<typeof findOperator>>,
  type: Parameters<typeof operator.compile>[0],
  literals: readonly string[],
  quantifier: Check['quantifier'],
): Test | string {
  if (quantifier === undefined) {
    const compiled = operator.compile(type, literals);
    return 'problem' in compiled ? compiled.problem : compiled.test;
  }
  const tests: Test[] = [];
  for (const literal of literals) {
    const compiled = operator.compile(type, [literal]);
    if ('problem' in compiled) return compiled.problem;
    tests.push(compiled.test);
  }
  if (quantifier === 'allof') return (value) => tests.every((test) => test(value));
  if (quantifier === 'oneof') return (value) => tests.filter((test) => test(value)).length === 1;
  return (value) => tests.some((test) => test(value));
}

/** `evt.arg[flags]` and `evt.arg.flags` are one field. */
function canonicalName(field: string): string {
  return field.replace(/^evt\.arg\[(.*)\]$/, 'evt.arg.$1');
}
