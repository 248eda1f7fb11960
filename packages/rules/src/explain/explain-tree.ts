// How a condition came out for one event: every node with its verdict, every check with the value that it saw.
// The engine's own `explain.ts` gives only the checks that made a rule match; this also says why one did not.
import type { RuntimeEvent } from '@guardcell/core';
import { type CompiledCheck, compileCheck } from '../engine/check.ts';
import { completeEnvironment, type EngineEnvironment } from '../engine/environment.ts';
import { shownValue } from '../engine/shown-value.ts';
import type { FieldEnvironment } from '../fields/field.ts';
import { type Check, type Expression, operandText, rightSideText } from '../language/ast.ts';
import { valueText } from '../output/value-text.ts';

export interface ExplainedNode {
  readonly kind: 'and' | 'or' | 'not' | 'macro' | 'check';
  readonly holds: boolean;
  /** Its verdict is a reason for the verdict of the whole condition. */
  readonly decisive: boolean;
  /** The macro's name; empty for other kinds. */
  readonly macro: string;
  /** Of checks; empty for other kinds. */
  readonly field: string;
  readonly operator: string;
  readonly expected: string;
  /** Undefined where the event has no such field, and for other kinds. */
  readonly actual: string | undefined;
  readonly children: readonly ExplainedNode[];
  /** Children that the bound on nodes left out; those that decide are kept first. */
  readonly cut: number;
}

export interface ExplainOptions {
  /** Default 2000. */
  readonly maxNodes?: number;
  /** Longest text of a value, in UTF-16 units; default 1024. */
  readonly maxText?: number;
}

const DEFAULT_NODES = 2000;
const DEFAULT_TEXT = 1024;

/** Compiled checks live as long as the rules that they belong to. */
const COMPILED = new WeakMap<Check, { readonly check: CompiledCheck | undefined }>();

interface Draft {
  readonly expression: Expression;
  readonly holds: boolean;
  readonly decisive: boolean;
  readonly children: Draft[];
  cut: number;
}

interface Walk {
  readonly event: RuntimeEvent;
  readonly env: FieldEnvironment;
  /** Trees of macros are shared between their uses: each is evaluated once. */
  readonly results: Map<Expression, boolean>;
}

/** Evaluates the condition node by node; nothing of the event is kept but texts. */
export function explainTree(
  rule: { readonly expression: Expression },
  event: RuntimeEvent,
  environment: EngineEnvironment = {},
  options: ExplainOptions = {},
): ExplainedNode {
  return explainWith(rule.expression, event, completeEnvironment(environment), options);
}

/** As `explainTree`, for callers that have the fields' environment already. */
export function explainWith(
  expression: Expression,
  event: RuntimeEvent,
  env: FieldEnvironment,
  options: ExplainOptions = {},
): ExplainedNode {
  const walk: Walk = { event, env, results: new Map() };
  const root = draftOf(expression, true, walk);
  grow(root, options.maxNodes ?? DEFAULT_NODES, walk);
  return finish(root, walk, options.maxText ?? DEFAULT_TEXT);
}

function draftOf(expression: Expression, decisive: boolean, walk: Walk): Draft {
  return { expression, holds: valueOf(expression, walk), decisive, children: [], cut: 0 };
}

/** Level by level, the nodes that decide before all others, until there are `limit` nodes. */
function grow(root: Draft, limit: number, walk: Walk): void {
  const decisive: Draft[] = [root];
  const others: Draft[] = [];
  let count = 1;
  for (const queue of [decisive, others]) {
    // Both queues grow while they are walked; only decisive nodes can add decisive ones.
    for (const draft of queue) {
      const parts = partsOf(draft.expression);
      const kept = partsToKeep(parts, draft, limit - count, walk);
      for (const part of kept) {
        const child = draftOf(part, draft.decisive && decides(draft, part, walk), walk);
        draft.children.push(child);
        (child.decisive ? decisive : others).push(child);
      }
      count += kept.length;
      draft.cut = parts.length - kept.length;
    }
  }
}

function partsToKeep(
  parts: readonly Expression[],
  parent: Draft,
  room: number,
  walk: Walk,
): readonly Expression[] {
  if (parts.length <= room) return parts;
  const [deciding = [], others = []] = [true, false].map((wanted) =>
    parts
      .keys()
      .filter((at) => decides(parent, parts[at] ?? parent.expression, walk) === wanted)
      .toArray(),
  );
  const kept = new Set([...deciding, ...others].slice(0, Math.max(0, room)));
  return parts.filter((_, at) => kept.has(at));
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.children;
    case 'not':
      return [expression.child];
    case 'macro':
      return [expression.body];
    default:
      return [];
  }
}

/** Whether the child is a reason for its parent's verdict. */
function decides(parent: Draft, child: Expression, walk: Walk): boolean {
  const { kind } = parent.expression;
  return kind === 'not' || kind === 'macro' || valueOf(child, walk) === parent.holds;
}

function finish(draft: Draft, walk: Walk, maxText: number): ExplainedNode {
  const { expression, holds, decisive, cut } = draft;
  const children = draft.children.map((child) => finish(child, walk, maxText));
  const plain = { holds, decisive, cut, children, macro: '', field: '', operator: '', expected: '' };
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'not':
      return { ...plain, kind: expression.kind, actual: undefined };
    case 'macro':
    case 'reference':
      return { ...plain, kind: 'macro', macro: expression.name, actual: undefined };
    case 'check': {
      const value = compiled(expression)?.extract(walk.event, walk.env);
      return {
        ...plain,
        kind: 'check',
        field: operandText(expression.left),
        operator: operatorText(expression),
        expected: shorten(expectedText(expression, walk), maxText),
        actual: value === undefined ? undefined : shorten(shownValue(expression, value), maxText),
      };
    }
  }
}

/** `=`, `in oneof`. */
export function operatorText(check: Check): string {
  return check.quantifier === undefined ? check.operator : `${check.operator} ${check.quantifier}`;
}

function expectedText(check: Check, walk: Walk): string {
  if (check.right.kind !== 'operand') return rightSideText(check.right);
  const right: Check = {
    ...check,
    left: check.right.operand,
    operator: 'exists',
    quantifier: undefined,
    right: { kind: 'none' },
  };
  const value = compiled(right)?.extract(walk.event, walk.env);
  return `val(${operandText(check.right.operand)}) = ${value === undefined ? '<NA>' : valueText(value)}`;
}

export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function compiled(check: Check): CompiledCheck | undefined {
  const known = COMPILED.get(check);
  if (known !== undefined) return known.check;
  const made = compileCheck(check);
  const usable = 'problem' in made ? undefined : made;
  COMPILED.set(check, { check: usable });
  return usable;
}

function valueOf(expression: Expression, walk: Walk): boolean {
  const known = walk.results.get(expression);
  if (known !== undefined) return known;
  const value = computeValue(expression, walk);
  walk.results.set(expression, value);
  return value;
}

function computeValue(expression: Expression, walk: Walk): boolean {
  switch (expression.kind) {
    case 'macro':
      return valueOf(expression.body, walk);
    case 'not':
      return !valueOf(expression.child, walk);
    case 'and':
      return expression.children.every((child) => valueOf(child, walk));
    case 'or':
      return expression.children.some((child) => valueOf(child, walk));
    case 'check':
      return compiled(expression)?.holds(walk.event, walk.env) ?? false;
    case 'reference':
      return false;
  }
}
