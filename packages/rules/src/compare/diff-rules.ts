// The difference between two rule sets in terms of what they detect and say, not of how their files are written.
import { macrosOf } from '../explain/describe-rule.ts';
import type { CompiledRule, LoadResult } from '../loader/load-rules.ts';
import { createKeys, type KeyOf } from './expression-key.ts';

const RULE_PARTS = [
  'condition',
  'exceptions',
  'output',
  'priority',
  'enabled',
  'source',
  'tags',
  'description',
  'texts',
  'capture',
] as const;
export type RulePart = (typeof RULE_PARTS)[number];

export interface PartChange {
  readonly part: RulePart;
  readonly before: string;
  readonly after: string;
}

export interface RuleChange {
  readonly rule: string;
  readonly parts: readonly PartChange[];
  /** Changed lists and macros that its condition uses, directly or through macros. */
  readonly lists: readonly string[];
  readonly macros: readonly string[];
  /** It matches other events than before, as far as can be told without running it. */
  readonly detectsDifferently: boolean;
}

export interface ListChange {
  readonly name: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Rules of the new set that use it. */
  readonly affects: readonly string[];
}

export interface MacroChange {
  readonly name: string;
  /** Empty where it was not there. */
  readonly before: string;
  readonly after: string;
  readonly affects: readonly string[];
}

export interface RuleSetDiff {
  readonly same: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly RuleChange[];
  readonly lists: readonly ListChange[];
  readonly macros: readonly MacroChange[];
  /** Rules whose condition is written in another way but means the same; no difference. */
  readonly rewritten: readonly string[];
}

interface Side {
  readonly load: LoadResult;
  readonly rules: ReadonlyMap<string, CompiledRule>;
  /** Words in the texts that a rule is made of: names of lists stand among them. */
  readonly words: ReadonlyMap<string, ReadonlySet<string>>;
  readonly macros: ReadonlyMap<string, readonly string[]>;
}

/** Compares loaded rule sets; rules that did not load are not there. */
export function diffRules(before: LoadResult, after: LoadResult): RuleSetDiff {
  const old = sideOf(before);
  const now = sideOf(after);
  const lists = listChanges(old, now);
  const macros = macroChanges(old, now);
  const keyOf = createKeys();
  const changed: RuleChange[] = [];
  const rewritten: string[] = [];
  for (const [name, rule] of now.rules) {
    const previous = old.rules.get(name);
    if (previous === undefined) continue;
    const change = ruleChange(previous, rule, keyOf);
    const used = {
      lists: lists.filter(({ affects }) => affects.includes(name)).map((list) => list.name),
      macros: macros.filter(({ affects }) => affects.includes(name)).map((macro) => macro.name),
    };
    if (change.parts.length > 0 || change.detectsDifferently)
      changed.push({ rule: name, ...change, ...used });
    else if (flat(previous.condition) !== flat(rule.condition) || used.macros.length > 0)
      rewritten.push(name);
  }
  const added = [...now.rules.keys()].filter((name) => !old.rules.has(name));
  const removed = [...old.rules.keys()].filter((name) => !now.rules.has(name));
  const same = added.length + removed.length + changed.length === 0;
  return { same, added, removed, changed, lists, macros, rewritten };
}

function sideOf(load: LoadResult): Side {
  const macros = new Map(load.rules.map((rule) => [rule.name, macrosOf(rule.expression)]));
  const wordsOf = (text: string): readonly string[] => text.match(/[^\s(),=]+/g) ?? [];
  return {
    load,
    rules: new Map(load.rules.map((rule) => [rule.name, rule])),
    macros,
    words: new Map(
      load.rules.map((rule) => {
        const texts = (macros.get(rule.name) ?? []).map((name) => load.macros.get(name) ?? '');
        const values = rule.exceptions.flatMap(({ values: tuples }) => tuples.flat(2));
        return [rule.name, new Set([rule.condition, ...texts, ...values].flatMap(wordsOf))];
      }),
    ),
  };
}

function listChanges(old: Side, now: Side): readonly ListChange[] {
  const names = new Set([...old.load.lists.keys(), ...now.load.lists.keys()]);
  return [...names].flatMap((name): ListChange[] => {
    const before = new Set(old.load.lists.get(name));
    const after = new Set(now.load.lists.get(name));
    const added = [...after.difference(before)];
    const removed = [...before.difference(after)];
    if (added.length === 0 && removed.length === 0) return [];
    const affects = [...now.words]
      .filter(([rule, words]) => words.has(name) || old.words.get(rule)?.has(name) === true)
      .map(([rule]) => rule);
    return [{ name, added, removed, affects }];
  });
}

function macroChanges(old: Side, now: Side): readonly MacroChange[] {
  const names = new Set([...old.load.macros.keys(), ...now.load.macros.keys()]);
  return [...names].flatMap((name): MacroChange[] => {
    const before = flat(old.load.macros.get(name) ?? '');
    const after = flat(now.load.macros.get(name) ?? '');
    if (before === after) return [];
    const affects = [...now.macros]
      .filter(([rule, used]) => used.includes(name) || old.macros.get(rule)?.includes(name) === true)
      .map(([rule]) => rule);
    return [{ name, before, after, affects }];
  });
}

function flat(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function ruleChange(
  old: CompiledRule,
  now: CompiledRule,
  keyOf: KeyOf,
): Pick<RuleChange, 'parts' | 'detectsDifferently'> {
  const effect = keyOf(old.expression) !== keyOf(now.expression);
  const parts: PartChange[] = [];
  const compare = (part: RulePart, text: (rule: CompiledRule) => string): void => {
    const before = text(old);
    const after = text(now);
    if (before !== after) parts.push({ part, before, after });
  };
  // A condition that is only written in another way is no difference.
  if (effect) compare('condition', (rule) => flat(rule.condition));
  compare('exceptions', exceptionsOf);
  compare('output', (rule) => rule.output);
  compare('priority', (rule) => rule.priority);
  compare('enabled', (rule) => String(rule.enabled));
  compare('source', (rule) => rule.source);
  compare('tags', (rule) => rule.tags.toSorted().join(', '));
  compare('description', (rule) => flat(rule.description));
  compare('texts', (rule) => JSON.stringify(rule.meta));
  compare('capture', (rule) => (rule.capture ? `${rule.captureDurationMs} ms` : 'off'));
  return {
    parts,
    detectsDifferently: effect || old.enabled !== now.enabled || old.source !== now.source,
  };
}

/** Exceptions one a line, without what does not matter: order of tuples, exceptions without values. */
function exceptionsOf(rule: CompiledRule): string {
  return rule.exceptions
    .filter(({ values }) => values.length > 0)
    .map(({ name, fields, comps, values }) => {
      const tuples = [...new Set(values.map((tuple) => JSON.stringify(tuple)))].sort();
      return `${name}: [${(fields ?? []).join(', ')}] [${(comps ?? []).join(', ')}] ${tuples.join(' ')}`;
    })
    .sort()
    .join('\n');
}
