// Checks every leaf of a rule's condition: fields, operators, values.
import { compileCheck } from '../engine/check.ts';
import type { Check, Expression } from '../language/ast.ts';
import { checkWarnings } from './check-warnings.ts';
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
        () => ({
          ...placeAt(text.source, text.expanded.originalOffset(expression.span.start)),
          expression: { text: text.expanded.text, offset: expression.span.start },
        }),
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
  for (const { code, message, hint } of checkWarnings(check)) {
    addWarning(problems, code, message, placeOf(), rule.name, hint);
  }
}
