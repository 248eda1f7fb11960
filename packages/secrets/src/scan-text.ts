// Finds secrets in the text of one file: one run of the keyword automaton, rules tried where their keywords stand.
import type { SecretFinding } from '@guardcell/core';
import { compileRules, type RuleSet } from './compiled-rules.ts';
import { matchCustomRule } from './custom-match.ts';
import { DEFAULT_SETTINGS, type SecretSettings } from './custom-rule.ts';
import { excerptOf } from './excerpt.ts';
import { LIMITS } from './limits.ts';
import { type Match, matchRule, viewOf } from './match.ts';
import { BUILT_IN_RULES } from './rules/registry.ts';
import { suppressionOf } from './suppress.ts';

export interface ScanOptions {
  /** From `createSecretScanner`; the built-in rules without it. */
  readonly scanner?: SecretScanner;
  /** Recorded in each finding. */
  readonly layer?: string;
  readonly commit?: string;
  /** `2027-01-31`: allow rules that ended before it do not count. Left out: none has ended. */
  readonly today?: string;
  /** Bytes that are looked at. */
  readonly maxBytes?: number;
  readonly maxFindings?: number;
  /** Told each finding with the secret itself, to recognise it again; the bytes are those of the file. */
  onFinding?(finding: SecretFinding, secret: Uint8Array): void;
}

/** Compiled rules with the user's settings; make it once, use it for every file. */
export interface SecretScanner {
  readonly rules: RuleSet;
  readonly settings: SecretSettings;
}

export interface SecretScan {
  readonly findings: readonly SecretFinding[];
  /** Set when the file was not looked at, or not to its end. */
  readonly skipped?: 'binary' | 'too-large';
  /** Findings beyond the limit. */
  readonly dropped: number;
}

/** Compiles the built-in rules and those of the user. */
export function createSecretScanner(settings: SecretSettings = DEFAULT_SETTINGS): SecretScanner {
  const builtIn = BUILT_IN_RULES.filter((rule) => !settings.disabled.has(rule.id));
  return { rules: compileRules(builtIn, settings.rules), settings };
}

let shared: SecretScanner | undefined;

function defaultScanner(): SecretScanner {
  shared ??= createSecretScanner();
  return shared;
}

/** Text as UTF-8 bytes; undefined for binary content. UTF-16 with a byte order mark is text. */
function textBytes(content: string | Uint8Array): Uint8Array | undefined {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  const [first, second] = content;
  if (first === 0xff && second === 0xfe)
    return new TextEncoder().encode(new TextDecoder('utf-16le').decode(content));
  if (first === 0xfe && second === 0xff)
    return new TextEncoder().encode(new TextDecoder('utf-16be').decode(content));
  return content.subarray(0, LIMITS.binaryProbe).includes(0) ? undefined : content;
}

function collect(path: string, bytes: Uint8Array, rules: RuleSet): Match[] {
  const view = viewOf(path, bytes);
  const matches: Match[] = [];
  /** Where the last match of a rule ended: what lies inside is not tried again. */
  const behind = new Map<unknown, number>();
  rules.automaton.scan(bytes, (keyword, end) => {
    const use = rules.uses[keyword];
    if (use === undefined) return;
    const start = end - use.length;
    for (const compiled of use.rules) {
      if (start < (behind.get(compiled) ?? 0)) continue;
      const match = matchRule(compiled, view, start, end);
      if (match === undefined) continue;
      behind.set(compiled, match.end);
      matches.push(match);
    }
    for (const rule of use.custom) {
      if (start < (behind.get(rule) ?? 0)) continue;
      const newline = bytes.indexOf(10, end);
      behind.set(rule, Math.min(newline < 0 ? bytes.length : newline, start + 500));
      matches.push(...matchCustomRule(rule, bytes, start));
    }
  });
  return matches;
}

/** One finding for each secret: rules that know it go before those that only guess. */
function distinct(matches: readonly Match[]): Match[] {
  const sorted = [...matches].sort(
    (a, b) => a.start - b.start || Number(a.generic) - Number(b.generic) || b.end - a.end,
  );
  const kept: Match[] = [];
  for (const match of sorted) {
    const last = kept.at(-1);
    if (last === undefined || match.start >= last.end) kept.push(match);
    else if (last.generic && !match.generic) kept[kept.length - 1] = match;
  }
  return kept;
}

function rawLine(bytes: Uint8Array, at: number): string {
  const from = at > 0 ? bytes.lastIndexOf(10, at - 1) + 1 : 0;
  const to = bytes.indexOf(10, at);
  const end = Math.min(to < 0 ? bytes.length : to, from + LIMITS.window);
  return new TextDecoder().decode(bytes.subarray(from, end));
}

function report(
  path: string,
  bytes: Uint8Array,
  matches: readonly Match[],
  all: readonly Match[],
  options: ScanOptions,
  allow: SecretSettings['allow'],
): SecretFinding[] {
  const spans = [...all].sort((a, b) => a.start - b.start);
  const findings: SecretFinding[] = [];
  let line = 1;
  let counted = 0;
  for (const match of [...matches].sort((a, b) => a.at - b.at)) {
    for (; counted < match.at; counted++) if (bytes[counted] === 10) line++;
    const suppressed = suppressionOf(
      {
        rule: match.rule,
        path,
        secret: new TextDecoder().decode(bytes.subarray(match.start, match.end)),
        line: rawLine(bytes, match.at),
      },
      allow,
      options.today ?? '',
    );
    const finding: SecretFinding = {
      rule: match.rule,
      title: match.title,
      severity: match.severity,
      path,
      line,
      excerpt: excerptOf(bytes, match.at, match, spans),
      ...(options.layer === undefined ? {} : { layer: options.layer }),
      ...(options.commit === undefined ? {} : { commit: options.commit }),
      ...(suppressed === undefined ? {} : { suppressed }),
    };
    findings.push(finding);
    options.onFinding?.(finding, bytes.subarray(match.start, match.end));
  }
  return findings;
}

/**
 * Looks for secrets in a file and says what was not looked at. Never throws; time is linear in the size.
 * @param path as shown to people; it also says what kind of file it is
 */
export function scanContent(
  path: string,
  content: string | Uint8Array,
  options: ScanOptions = {},
): SecretScan {
  const scanner = options.scanner ?? defaultScanner();
  const whole = textBytes(content);
  if (whole === undefined) return { findings: [], skipped: 'binary', dropped: 0 };
  const maxBytes = options.maxBytes ?? LIMITS.maxBytes;
  const bytes = whole.subarray(0, maxBytes);
  const all = collect(path, bytes, scanner.rules);
  const matches = distinct(all);
  const kept = matches.slice(0, options.maxFindings ?? LIMITS.maxFindings);
  return {
    findings: report(path, bytes, kept, all, options, scanner.settings.allow),
    ...(whole.length > maxBytes ? { skipped: 'too-large' } : {}),
    dropped: matches.length - kept.length,
  };
}

/** The findings alone of `scanContent`. */
export function scanText(
  path: string,
  content: string | Uint8Array,
  options: ScanOptions = {},
): readonly SecretFinding[] {
  return scanContent(path, content, options).findings;
}
