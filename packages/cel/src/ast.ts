// The syntax tree. Macros are expanded into `has` and `comprehension` while parsing.
import type { CelValue } from './values.ts';

interface Base {
  /** Where the node is in the text: [offset, end). */
  readonly offset: number;
  readonly end: number;
  /** Height of the tree below, this node included. */
  readonly depth: number;
}

export const COMPREHENSIONS = ['all', 'exists', 'exists_one', 'map', 'filter'] as const;
export type ComprehensionKind = (typeof COMPREHENSIONS)[number];

export type Node =
  | (Base & { readonly kind: 'literal'; readonly value: CelValue })
  | (Base & { readonly kind: 'identifier'; readonly name: string })
  | (Base & {
      readonly kind: 'select';
      readonly operand: Node;
      readonly field: string;
      readonly fieldOffset: number;
    })
  | (Base & {
      readonly kind: 'has';
      readonly operand: Node;
      readonly field: string;
      readonly fieldOffset: number;
    })
  | (Base & {
      /** Also operators, named as in the specification: `_+_`, `!_`, `_[_]`, `@in` … */
      readonly kind: 'call';
      readonly name: string;
      /** Present for `target.name(args)`. */
      readonly target: Node | undefined;
      readonly args: readonly Node[];
      /** Where to point when it is wrong: the name or the operator. */
      readonly at: number;
    })
  | (Base & { readonly kind: 'list'; readonly items: readonly Node[] })
  | (Base & { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[] })
  | (Base & { readonly kind: 'and' | 'or'; readonly items: readonly Node[] })
  | (Base & {
      readonly kind: 'conditional';
      readonly test: Node;
      readonly whenTrue: Node;
      readonly whenFalse: Node;
    })
  | (Base & {
      readonly kind: 'comprehension';
      readonly macro: ComprehensionKind;
      readonly range: Node;
      readonly variable: string;
      /** Only `map` with three arguments has one. */
      readonly filter: Node | undefined;
      readonly body: Node;
    });

export type NodeOf<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;
