// `a.b.c` as one name.
import type { Node } from './ast.ts';

/** The dotted name of a chain of selections on an identifier, or undefined for anything else. */
export function qualifiedName(node: Node): string | undefined {
  if (node.kind === 'identifier') return node.name;
  if (node.kind !== 'select') return undefined;
  const prefix = qualifiedName(node.operand);
  return prefix === undefined ? undefined : `${prefix}.${node.field}`;
}
