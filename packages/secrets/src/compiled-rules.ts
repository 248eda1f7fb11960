// Rules made ready for scanning: one automaton over all keywords, a matcher for each rule.
import type { CustomRule } from './custom-rule.ts';
import { buildKeywordAutomaton, type KeywordAutomaton } from './keyword-automaton.ts';
import { compilePattern, type Matcher } from './pattern/compile-pattern.ts';
import { parsePattern } from './pattern/parse-pattern.ts';
import type { SecretRule } from './rule.ts';

export interface CompiledRule {
  readonly rule: SecretRule;
  readonly matcher: Matcher;
  /** The secret is a part of the match; a match without that part does not count. */
  readonly captures: boolean;
  /** Members are 1; undefined without a lead. */
  readonly lead: Uint8Array | undefined;
}

interface KeywordUse {
  readonly length: number;
  readonly rules: readonly CompiledRule[];
  readonly custom: readonly CustomRule[];
}

export interface RuleSet {
  readonly automaton: KeywordAutomaton;
  /** By index of the keyword. */
  readonly uses: readonly KeywordUse[];
  readonly size: number;
}

function leadSet(of: string): Uint8Array {
  const node = parsePattern(of);
  if (node.kind !== 'set') throw new Error(`lead ${of} is not a class`);
  return node.set;
}

function compileRule(rule: SecretRule): CompiledRule {
  return {
    rule,
    matcher: compilePattern(parsePattern(rule.pattern, rule.ignoreCase)),
    captures: /(?<!\\)\((?!\?:)/.test(rule.pattern),
    lead: rule.lead === undefined ? undefined : leadSet(rule.lead.of),
  };
}

/** Compiles rules; a few milliseconds for all built-in ones. */
export function compileRules(rules: readonly SecretRule[], custom: readonly CustomRule[] = []): RuleSet {
  const byKeyword = new Map<string, { rules: CompiledRule[]; custom: CustomRule[] }>();
  const useOf = (keyword: string): { rules: CompiledRule[]; custom: CustomRule[] } => {
    const key = keyword.toLowerCase();
    const use = byKeyword.get(key) ?? { rules: [], custom: [] };
    byKeyword.set(key, use);
    return use;
  };
  for (const rule of rules) {
    const compiled = compileRule(rule);
    for (const keyword of rule.keywords) useOf(keyword).rules.push(compiled);
  }
  for (const rule of custom) for (const keyword of rule.keywords) useOf(keyword).custom.push(rule);
  const keywords = [...byKeyword.keys()];
  return {
    automaton: buildKeywordAutomaton(keywords),
    uses: keywords.map((keyword) => ({ length: keyword.length, ...useOf(keyword) })),
    size: rules.length + custom.length,
  };
}
