// The standard macros: has, all, exists, exists_one, map, filter.
import { COMPREHENSIONS, type ComprehensionKind, type Node } from './ast.ts';
import { node } from './node.ts';
import { SyntaxProblem } from './syntax-problem.ts';
import type { Token } from './token.ts';

function expandHas(name: Token, args: readonly Node[], end: number): Node {
  const [argument] = args;
  if (args.length !== 1 || argument?.kind !== 'select') {
    throw new SyntaxProblem('has() needs a field selection', name.offset, 'Write `has(object.field)`.');
  }
  const { operand, field, fieldOffset } = argument;
  return node(name.offset, end, [operand], { kind: 'has', operand, field, fieldOffset });
}

function comprehensionOf(name: string, argCount: number): ComprehensionKind | undefined {
  const wanted = name === 'existsOne' ? 'exists_one' : name;
  const macro = COMPREHENSIONS.find((kind) => kind === wanted);
  if (macro === undefined) return undefined;
  return argCount === 2 || (macro === 'map' && argCount === 3) ? macro : undefined;
}

/**
 * The expansion of a call that is a macro, or undefined when it is an ordinary call.
 * @throws SyntaxProblem for a macro used wrongly.
 */
export function expandMacro(
  name: Token,
  target: Node | undefined,
  args: readonly Node[],
  end: number,
): Node | undefined {
  if (target === undefined) return name.text === 'has' ? expandHas(name, args, end) : undefined;
  const macro = comprehensionOf(name.text, args.length);
  const variable = args[0];
  const body = args.at(-1);
  if (macro === undefined || variable === undefined || body === undefined) return undefined;
  if (variable.kind !== 'identifier') {
    throw new SyntaxProblem(
      `${name.text}() needs a variable name first`,
      variable.offset,
      `Write \`list.${name.text}(x, …)\`.`,
    );
  }
  const filter = args.length === 3 ? args[1] : undefined;
  return node(target.offset, end, [target, ...args], {
    kind: 'comprehension',
    macro,
    range: target,
    variable: variable.name,
    filter,
    body,
  });
}
