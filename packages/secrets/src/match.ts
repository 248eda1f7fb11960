// Tries one rule at one keyword: pattern, borders, entropy, placeholders, structure.
import type { Severity } from '@guardcell/core';
import { nameAround, valueAfter } from './assignment.ts';
import type { CompiledRule } from './compiled-rules.ts';
import { entropyOf } from './entropy.ts';
import { isGenerated, isSettings } from './file-kind.ts';
import { LIMITS } from './limits.ts';
import { isWordByte, type Span } from './pattern/compile-pattern.ts';
import { isPlaceholder } from './placeholder.ts';
import { verdictOf } from './validate/check.ts';

/** A secret found in the bytes of a file. */
export interface Match {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly generic: boolean;
  /** Where people look first; the secret may begin on a later line. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** What a rule needs to know of the file. */
export interface FileView {
  readonly bytes: Uint8Array;
  readonly settings: boolean;
  readonly generated: boolean;
}

/** @returns the view of a file that `matchRule` works on */
export function viewOf(path: string, bytes: Uint8Array): FileView {
  return { bytes, settings: isSettings(path), generated: isGenerated(path) };
}

/** The `n` of an escaped line break is no letter of a word. */
function bordersWord(bytes: Uint8Array, at: number): boolean {
  if (!isWordByte(bytes[at - 1]) || !isWordByte(bytes[at])) return false;
  const before = bytes[at - 1];
  const isEscape = before === 110 || before === 114 || before === 116;
  return !(isEscape && bytes[at - 2] === 92);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

function leadStart(compiled: CompiledRule, bytes: Uint8Array, keywordStart: number): number {
  const { lead, rule } = compiled;
  if (lead === undefined) return keywordStart;
  let start = keywordStart;
  const floor = Math.max(0, keywordStart - (rule.lead?.max ?? 0));
  while (start > floor && lead[bytes[start - 1] ?? 0] === 1) start--;
  return start;
}

/** Where the pattern begins, or −1 when this keyword is none of the rule. */
function patternStart(
  compiled: CompiledRule,
  view: FileView,
  keywordStart: number,
  keywordEnd: number,
): number {
  const { rule } = compiled;
  const { bytes } = view;
  if (rule.shape === 'token') {
    const start = leadStart(compiled, bytes, keywordStart);
    return bordersWord(bytes, start) ? -1 : start;
  }
  const name = nameAround(bytes, keywordStart, keywordEnd);
  const value = valueAfter(bytes, name);
  if (value === undefined) return -1;
  if (rule.quotedInCode && value.quote === 0 && !view.settings) return -1;
  if (rule.hints.length === 0) return value.start;
  const text = textOf(bytes, ...name).toLowerCase();
  return rule.hints.some((hint) => text.includes(hint)) ? value.start : -1;
}

/** A value of no fixed length must end where the text does: at its quote or at a blank. */
function endsCleanly(compiled: CompiledRule, bytes: Uint8Array, start: number, end: number): boolean {
  const { rule } = compiled;
  const next = bytes[end];
  if (!rule.open && isWordByte(next)) return false;
  if (!rule.quotedInCode) return true;
  const opening = bytes[start - 1];
  if (opening === 34 || opening === 39 || opening === 96) return next === opening || next === 92;
  return next === undefined || next <= 32 || next === 44 || next === 59 || next === 60;
}

function severityAfterChecks(
  compiled: CompiledRule,
  bytes: Uint8Array,
  start: number,
  end: number,
): Severity | undefined {
  const { rule } = compiled;
  if (entropyOf(bytes, start, end) < rule.minEntropy) return undefined;
  const text = textOf(bytes, start, end);
  if (rule.placeholders && isPlaceholder(text)) return undefined;
  const verdict = rule.check === undefined ? 'genuine' : verdictOf(rule.check, text);
  if (verdict === 'bogus') return undefined;
  return verdict === 'doubtful' ? 'low' : rule.severity;
}

/** The secret that the rule finds at this keyword, or undefined. Takes time bounded by `LIMITS.window`. */
export function matchRule(
  compiled: CompiledRule,
  view: FileView,
  keywordStart: number,
  keywordEnd: number,
): Match | undefined {
  const { rule } = compiled;
  if (rule.generic && view.generated) return undefined;
  const at = patternStart(compiled, view, keywordStart, keywordEnd);
  if (at < 0) return undefined;
  const { bytes } = view;
  const capture: Span = { start: -1, end: -1 };
  const matchEnd = compiled.matcher(bytes, at, Math.min(bytes.length, at + LIMITS.window), capture);
  if (matchEnd < 0 || (compiled.captures && capture.start < 0)) return undefined;
  const start = compiled.captures ? capture.start : at;
  const end = compiled.captures ? capture.end : matchEnd;
  if (!endsCleanly(compiled, bytes, start, end)) return undefined;
  const severity = severityAfterChecks(compiled, bytes, start, end);
  if (severity === undefined) return undefined;
  return { rule: rule.id, title: rule.title.en, severity, generic: rule.generic, at, start, end };
}
