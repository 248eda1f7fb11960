// SPDX licence expressions: what authors wrote becomes one, where that can be said with certainty.
import correct from 'spdx-correct';
import parse, { type Info } from 'spdx-expression-parse';
import identifiers from 'spdx-license-ids' with { type: 'json' };

const IDENTIFIERS: ReadonlySet<string> = new Set(identifiers);
/** Longer texts are licence texts, not names of licences. */
const MAX_EXPRESSION = 1_000;
/** The parser recurses; no licence nests this deep. */
const MAX_NESTING = 20;

export type LicenseExpression = Info;

/** Whether `id` is on the SPDX licence list and not deprecated. */
export function isLicenseId(id: string): boolean {
  return IDENTIFIERS.has(id);
}

function nesting(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if (character === '(') deepest = Math.max(deepest, ++depth);
    if (character === ')') depth--;
  }
  return deepest;
}

/** The expression, or undefined when the text is none (SPDX 2.3, annex D). */
export function parseLicense(text: string): LicenseExpression | undefined {
  if (text.length > MAX_EXPRESSION || nesting(text) > MAX_NESTING) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function render(expression: LicenseExpression, within: 'and' | 'or' | undefined): string {
  if ('conjunction' in expression) {
    const text = `${render(expression.left, expression.conjunction)} ${expression.conjunction.toUpperCase()} ${render(expression.right, expression.conjunction)}`;
    return within === undefined || within === expression.conjunction ? text : `(${text})`;
  }
  const { license, plus, exception } = expression;
  return `${license}${plus === true ? '+' : ''}${exception === undefined ? '' : ` WITH ${exception}`}`;
}

/** Text of an expression, with brackets only where they are needed. */
export function licenseText(expression: LicenseExpression): string {
  return render(expression, undefined);
}

/**
 * The SPDX expression that `text` means: itself when it is one, a well-known misspelling put right (`Apache 2.0`),
 * else undefined. Nothing is guessed for long texts.
 */
export function normalizeLicense(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /^(?:NOASSERTION|NONE|UNKNOWN|SEE LICEN[CS]E IN .*)$/i.test(trimmed))
    return undefined;
  const exact = parseLicense(trimmed);
  if (exact !== undefined) return licenseText(exact);
  if (trimmed.length > 100) return undefined;
  const corrected = correct(trimmed, { upgrade: false });
  const expression = corrected === null ? undefined : parseLicense(corrected);
  return expression === undefined ? undefined : licenseText(expression);
}
