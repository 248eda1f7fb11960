// Regular expressions in RE2 syntax, matched in time linear in the text, with pattern size bounded.
import { RE2JS } from 're2js';
import { CelFailure, fail } from './failure.ts';
import { charge, type Meter, textCost } from './limits.ts';

const MAX_PATTERN_LENGTH = 2000;
const MAX_CACHED = 256;
/** Compiling costs about as much as matching this many characters. */
const COMPILE_STEPS = 2;

interface Compiled {
  readonly regex: RE2JS;
  readonly size: number;
}

const cache = new Map<string, Compiled | CelFailure>();

function compileRegex(pattern: string): Compiled | CelFailure {
  if (pattern.length > MAX_PATTERN_LENGTH) return fail('regular expression too long');
  try {
    const regex = RE2JS.compile(pattern);
    return { regex, size: regex.programSize() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'malformed';
    return fail(`invalid regular expression: ${why.replace(/^error parsing regexp: /, '').slice(0, 200)}`);
  }
}

function cached(pattern: string): Compiled | CelFailure | undefined {
  return cache.get(pattern);
}

function remember(pattern: string): Compiled | CelFailure {
  const compiled = compileRegex(pattern);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

/** Why a pattern is not a regular expression, or undefined when it is one. */
export function regexProblem(pattern: string): string | undefined {
  const compiled = cached(pattern) ?? remember(pattern);
  return compiled instanceof CelFailure ? compiled.message : undefined;
}

/**
 * Whether the pattern occurs anywhere in the text. The worst case (text × program) is charged beforehand.
 * @throws CelFailure for an invalid pattern.
 */
export function matches(text: string, pattern: string, meter: Meter): boolean {
  charge(meter, textCost(pattern.length));
  const compiled = cached(pattern) ?? remember(pattern);
  if (compiled instanceof CelFailure) throw fail(compiled.message);
  charge(meter, compiled.size * (COMPILE_STEPS + textCost(text.length)));
  return compiled.regex.matcher(text).find();
}
