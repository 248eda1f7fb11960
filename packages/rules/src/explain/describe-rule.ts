// What a rule means without an event: its condition with macros and lists put in, event types, cost, prefilter.
import { costOf, createCompiler } from '../engine/compile.ts';
import { costOfCheck } from '../engine/cost.ts';
import type { GuardTest } from '../engine/guard-tests.ts';
import { conjunctsOf, createNecessities, guardsOf } from '../engine/necessary.ts';
import { createSpecializer, type Part, specialize } from '../engine/specialize.ts';
import { type Check, type Expression, operandText, rightSideText } from '../language/ast.ts';
import type { CompiledRule, LoadResult } from '../loader/load-rules.ts';
import { valueText } from '../output/value-text.ts';
import { operatorText, shorten } from './explain-tree.ts';

export interface ConditionNode {
  readonly kind: 'and' | 'or' | 'not' | 'macro' | 'check';
  /** The macro's name; empty for other kinds. */
  readonly macro: string;
  /** Of checks; empty for other kinds. */
  readonly field: string;
  readonly operator: string;
  readonly expected: string;
  /** In units of comparing two short texts; the sum of all below. */
  readonly cost: number;
  readonly children: readonly ConditionNode[];
}

/** What the engine knows before it evaluates the rule, for event types that share it. */
export interface PrefilterFacts {
  readonly eventTypes: readonly string[];
  /** Cost of what is left of the condition for these types. */
  readonly cost: number;
  /** Checks without which the condition cannot hold. */
  readonly required: readonly string[];
  /** For each field, values of which one must be there: the rule is looked up by them. */
  readonly lookUps: readonly { readonly field: string; readonly values: readonly string[] }[];
}

export interface RuleDescription {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly enabled: boolean;
  readonly condition: string;
  readonly eventTypes: readonly string[];
  readonly tree: ConditionNode;
  /** How many nodes were left out of the tree because it is too large; 0 for nearly all rules. */
  readonly cutNodes: number;
  readonly macros: readonly { readonly name: string; readonly condition: string }[];
  readonly lists: readonly { readonly name: string; readonly items: readonly string[] }[];
  readonly cost: number;
  readonly prefilter: readonly PrefilterFacts[];
}

const MAX_NODES = 5000;
const MAX_TEXT = 2000;
/** Event types looked at one by one; rules for more are not indexed by type anyway. */
const MAX_TYPES = 40;

export function describeRule(load: LoadResult, rule: CompiledRule): RuleDescription {
  const count = { left: MAX_NODES, cut: 0 };
  const tree = nodeOf(rule.expression, count);
  const macros = macrosOf(rule.expression);
  const texts = [rule.condition, ...macros.map((name) => load.macros.get(name) ?? '')];
  const words = new Set(texts.flatMap((text) => text.match(/[^\s(),=]+/g) ?? []));
  return {
    name: rule.name,
    file: rule.file,
    line: rule.line,
    source: rule.source,
    enabled: rule.enabled,
    condition: rule.condition,
    eventTypes: [...rule.eventTypes].sort(),
    tree,
    cutNodes: count.cut,
    macros: macros.map((name) => ({ name, condition: load.macros.get(name)?.trim() ?? '' })),
    lists: [...load.lists].filter(([name]) => words.has(name)).map(([name, items]) => ({ name, items })),
    cost: tree.cost,
    prefilter: prefilterOf(rule),
  };
}

/** Names of the macros that a condition uses, directly or through others, in order of first use. */
export function macrosOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<Expression>();
  const visit = (at: Expression): void => {
    if (seen.has(at)) return;
    seen.add(at);
    if (at.kind === 'macro') {
      names.add(at.name);
      visit(at.body);
    } else if (at.kind === 'not') visit(at.child);
    else if (at.kind === 'and' || at.kind === 'or') for (const child of at.children) visit(child);
  };
  visit(expression);
  return [...names];
}

function nodeOf(expression: Expression, count: { left: number; cut: number }): ConditionNode {
  count.left -= 1;
  const plain = { macro: '', field: '', operator: '', expected: '' };
  const below = (parts: readonly Expression[]): Pick<ConditionNode, 'children' | 'cost'> => {
    const children: ConditionNode[] = [];
    for (const part of parts) {
      if (count.left > 0) children.push(nodeOf(part, count));
      else count.cut += 1;
    }
    return { children, cost: children.reduce((sum, child) => sum + child.cost, 0) };
  };
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { ...plain, kind: expression.kind, ...below(expression.children) };
    case 'not':
      return { ...plain, kind: 'not', ...below([expression.child]) };
    case 'macro':
      return { ...plain, kind: 'macro', macro: expression.name, ...below([expression.body]) };
    case 'reference':
      return { ...plain, kind: 'macro', macro: expression.name, children: [], cost: 0 };
    case 'check':
      return {
        kind: 'check',
        macro: '',
        field: operandText(expression.left),
        operator: operatorText(expression),
        expected: expectedText(expression),
        cost: costOfCheck(expression),
        children: [],
      };
  }
}

function expectedText(check: Check): string {
  const text = rightSideText(check.right);
  return check.right.kind === 'operand' ? `val(${text})` : shorten(text, MAX_TEXT);
}

function prefilterOf(rule: CompiledRule): readonly PrefilterFacts[] {
  const byFacts = new Map<string, { types: string[]; facts: Omit<PrefilterFacts, 'eventTypes'> }>();
  for (const type of [...rule.eventTypes].sort().slice(0, MAX_TYPES)) {
    const part = specialize(rule.expression, createSpecializer(type));
    const facts = {
      cost: costOf(part, createCompiler({ now: 0 })),
      required: requiredOf(part),
      lookUps: lookUpsOf(part),
    };
    const key = JSON.stringify(facts);
    const known = byFacts.get(key);
    if (known === undefined) byFacts.set(key, { types: [type], facts });
    else known.types.push(type);
  }
  return [...byFacts.values()].map(({ types, facts }) => ({ eventTypes: types, ...facts }));
}

function requiredOf(part: Part): readonly string[] {
  return [...conjunctsOf(part, createNecessities())].flatMap((conjunct) => {
    if (conjunct.kind === 'check') return [checkText(conjunct.check)];
    if (conjunct.kind === 'not' && conjunct.child.kind === 'check')
      return [`not ${checkText(conjunct.child.check)}`];
    return [];
  });
}

function checkText(check: Check): string {
  return [operandText(check.left), operatorText(check), shorten(expectedText(check), 120)]
    .filter((text) => text !== '')
    .join(' ');
}

function lookUpsOf(part: Part): PrefilterFacts['lookUps'] {
  return [...guardsOf(part, createNecessities())].map(([field, guard]) => ({
    field,
    values: guard.tests.map(guardText),
  }));
}

function guardText(test: GuardTest): string {
  if (test.kind === 'equal') return shorten(valueText(test.value), 120);
  const text = shorten(test.text, 120);
  switch (test.kind) {
    case 'prefix':
    case 'pathPrefix':
      return `${text}*`;
    case 'suffix':
      return `*${text}`;
    case 'contains':
    case 'icontains':
      return `*${text}*`;
    case 'path':
      return `${text}/…`;
    case 'file':
      return `…/${text}`;
  }
}
