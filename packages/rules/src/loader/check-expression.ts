// Checks every leaf of a rule's condition: fields, operators, values.
import { compileCheck } from '../engine/check.ts';
import { findField } from '../fields/registry.ts';
import type { Check, Expression } from '../language/ast.ts';
import { operandText } from '../language/ast.ts';
import type { RuleDefinition } from './collect.ts';
import type { Macros, ParsedText } from './macro-expansion.ts';
import { addError, addWarning, type Problems } from './problems.ts';
import { type Place, placeAt } from './source-text.ts';

interface Walk {
  readonly macros: Macros;
  readonly rule: RuleDefinition;
  readonly problems: Problems;
  readonly seen: Set<Expression>;
  ok: boolean;
}

/** False (and reported) when a leaf cannot be compiled. */
export function checkExpression(
  expression: Expression,
  parsed: ParsedText,
  macros: Macros,
  rule: RuleDefinition,
  problems: Problems,
): boolean {
  const walk: Walk = { macros, rule, problems, seen: new Set(), ok: true };
  visit(expression, parsed, walk);
  return walk.ok;
}

function visit(expression: Expression, text: ParsedText, walk: Walk): void {
  if (walk.seen.has(expression)) return;
  walk.seen.add(expression);
  switch (expression.kind) {
    case 'and':
    case 'or':
      for (const child of expression.children) visit(child, text, walk);
      return;
    case 'not':
      visit(expression.child, text, walk);
      return;
    case 'macro':
      visit(expression.body, walk.macros.parsed.get(expression.name) ?? text, walk);
      return;
    case 'check':
      // Finding a place reads the text from its beginning: only for checks that something is wrong with.
      visitCheck(
        expression,
        () => placeAt(text.source, text.expanded.originalOffset(expression.span.start)),
        walk,
      );
      return;
    case 'reference':
      return;
  }
}

function visitCheck(check: Check, placeOf: () => Place, walk: Walk): void {
  const { problems, rule } = walk;
  const compiled = compileCheck(check, undefined, rule.source);
  if ('problem' in compiled) {
    const place = placeOf();
    walk.ok = false;
    if (compiled.unknown && rule.skipIfUnknownFilter) {
      addWarning(problems, 'LOAD_UNKNOWN_FILTER', compiled.problem, place, rule.name, compiled.hint);
    } else {
      addError(problems, 'LOAD_ERR_COMPILE_CONDITION', compiled.problem, place, rule.name, compiled.hint);
    }
    return;
  }
  warnOf(check, placeOf, walk);
}

function warnOf(check: Check, placeOf: () => Place, { problems, rule }: Walk): void {
  const literals =
    check.right.kind === 'list' ? check.right.items : check.right.kind === 'value' ? [check.right.value] : [];
  // Only the audit fields use <NA> as a placeholder within lists.
  if (/^(?:ka|jevt)\./.test(operandText(check.left)) && literals.some((literal) => literal.text === '<NA>')) {
    const message = `comparing '${operandText(check.left)}' with <NA> is unsafe: a missing value makes every check false`;
    addWarning(problems, 'LOAD_UNSAFE_NA_CHECK', message, placeOf(), rule.name, "use 'not field exists'");
  }
  const asField = literals.find((literal) => !literal.quoted && findField(literal.text) !== undefined);
  if (asField !== undefined) {
    const message = `'${asField.text}' is a field used as a constant text`;
    addWarning(
      problems,
      'LOAD_COMPILE_CONDITION',
      message,
      placeOf(),
      rule.name,
      `write val(${asField.text}) or quote it`,
    );
  }
  if (check.operator === 'regex' && check.right.kind === 'value') {
    if (!/[\\^$.|?*+()[\]{}]/.test(check.right.value.text)) {
      const message = 'the regular expression has no special characters';
      addWarning(
        problems,
        'LOAD_COMPILE_CONDITION',
        message,
        placeOf(),
        rule.name,
        "use '=' instead of regex",
      );
    }
  }
  if (check.left.kind === 'field' && findField(check.left.name)?.field.deprecated === true) {
    const message = `field '${check.left.name}' is deprecated`;
    addWarning(problems, 'LOAD_DEPRECATED_FIELD', message, placeOf(), rule.name);
  }
}
