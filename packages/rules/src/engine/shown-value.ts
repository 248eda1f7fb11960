// The value of a field as explanations show and store it. Environments hold secrets: only what was asked for is shown.
import type { FieldValue } from '../fields/field.ts';
import { type Check, literalsOf } from '../language/ast.ts';
import { valueText } from '../output/value-text.ts';

const ENVIRONMENT: ReadonlySet<string> = new Set(['proc.env', 'proc.aenv']);
/** Where the next variable of a joined environment begins. */
const NEXT_VARIABLE = /[ ,](?=[A-Za-z_][A-Za-z0-9_]*=)/;

/** The value as text; of whole environments only the variables that hold a text of the check, the others by name. */
export function shownValue(check: Check, value: FieldValue): string {
  const text = valueText(value);
  const { left } = check;
  if (left.kind !== 'field' || !ENVIRONMENT.has(left.name) || left.argument !== undefined) return text;
  const wanted = literalsOf(check.right)
    .map((literal) => literal.text)
    .filter((literal) => literal !== '');
  return text
    .split(NEXT_VARIABLE)
    .map((entry) => (wanted.some((literal) => entry.includes(literal)) ? entry : masked(entry)))
    .join(' ');
}

function masked(entry: string): string {
  const end = entry.indexOf('=');
  return end < 0 ? '…' : `${entry.slice(0, end)}=…`;
}
