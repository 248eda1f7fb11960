// What is allowed in a check and yet seldom meant: fields as words, regular expressions without need, old fields.
import { findField } from '../fields/registry.ts';
import type { Check, Literal, Operand, OperatorName, TransformerArgument } from '../language/ast.ts';
import { operandText } from '../language/ast.ts';
import { parseWholeOperand } from '../language/operand-parser.ts';
import type { WarningCode } from './problems.ts';

export interface CheckWarning {
  readonly code: WarningCode;
  readonly message: string;
  readonly hint: string;
}

/** Without the place, which only the caller knows. */
export function checkWarnings(check: Check): readonly CheckWarning[] {
  const literals = literalsOf(check);
  return [
    ...unsafeComparison(check, literals),
    ...literals.flatMap(misusedWord).slice(0, 1),
    ...needlessRegex(check),
    ...deprecatedFields(check),
  ];
}

function literalsOf(check: Check): readonly Literal[] {
  if (check.right.kind === 'list') return check.right.items;
  return check.right.kind === 'value' ? [check.right.value] : [];
}

const COMPARES_WHOLE: ReadonlySet<OperatorName> = new Set<OperatorName>([
  '=',
  '==',
  '!=',
  'in',
  'intersects',
  'pmatch',
]);

/** Only the audit fields use <NA> as a placeholder, within their lists. */
function unsafeComparison(check: Check, literals: readonly Literal[]): readonly CheckWarning[] {
  const field = operandText(check.left);
  const compares = COMPARES_WHOLE.has(check.operator) && literals.some((literal) => literal.text === '<NA>');
  if (!compares || !/^(?:ka|jevt)\./.test(field)) return [];
  const message = `comparing '${field}' with <NA> is unsafe: a missing value makes every check false`;
  return [{ code: 'LOAD_UNSAFE_NA_CHECK', message, hint: "use 'not field exists'" }];
}

function misusedWord(literal: Literal): readonly CheckWarning[] {
  const { text } = literal;
  if (!literal.quoted && findField(text) !== undefined) {
    return [condition(`'${text}' is a field used as a constant text`, `write val(${text}) or quote it`)];
  }
  const isCall = text.endsWith(')') && parseWholeOperand(text)?.kind === 'transformer';
  return isCall
    ? [condition(`'${text}' is a transformer used as a constant text`, 'write it without quotes')]
    : [];
}

function condition(message: string, hint: string): CheckWarning {
  return { code: 'LOAD_COMPILE_CONDITION', message, hint };
}

/** Patterns of plain text, maybe with `.*` at one end or both, have operators of their own that are faster. */
function needlessRegex(check: Check): readonly CheckWarning[] {
  if (check.operator !== 'regex') return [];
  for (const { text } of literalsOf(check)) {
    const match = /^(\^?)(\.\*)?([^\\^$.|?*+()[\]{}]+)(\.\*)?\$?$/.exec(text);
    if (match === null) continue;
    const before = match[2] !== undefined;
    const after = match[4] !== undefined;
    const simpler = before ? (after ? 'contains' : 'endswith') : after ? 'startswith' : '=';
    return [
      condition(
        `the regular expression '${text}' is simpler as ${simpler}`,
        `use '${simpler}' with '${match[3] ?? ''}'`,
      ),
    ];
  }
  return [];
}

function deprecatedFields(check: Check): readonly CheckWarning[] {
  const names = new Set<string>();
  collectFields(check.left, names);
  if (check.right.kind === 'operand') collectFields(check.right.operand, names);
  return [...names]
    .filter((name) => findField(name)?.field.deprecated === true)
    .map((name) => ({
      code: 'LOAD_DEPRECATED_ITEM' as const,
      message: `field '${name}' is deprecated`,
      hint: '',
    }));
}

function collectFields(operand: Operand | TransformerArgument, names: Set<string>): void {
  if (operand.kind === 'field') names.add(operand.name);
  if (operand.kind !== 'transformer') return;
  for (const argument of operand.args) collectFields(argument, names);
}
