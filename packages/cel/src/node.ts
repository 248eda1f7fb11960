// Builds nodes with their place and depth.
import type { Node } from './ast.ts';
import { MAX_DEPTH } from './limits.ts';
import { SyntaxProblem } from './syntax-problem.ts';

type Bare<T> = T extends Node ? Omit<T, 'offset' | 'end' | 'depth'> : never;

/**
 * A node at [offset, end) over these children.
 * @throws SyntaxProblem when the tree gets deeper than `MAX_DEPTH`.
 */
export function node(offset: number, end: number, children: readonly Node[], bare: Bare<Node>): Node {
  let depth = 1;
  for (const child of children) depth = Math.max(depth, child.depth + 1);
  if (depth > MAX_DEPTH) throw new SyntaxProblem('expression nested too deeply', offset);
  return { ...bare, offset, end, depth };
}
