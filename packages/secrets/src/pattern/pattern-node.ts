// What a pattern of a built-in rule is made of. Quantifiers take what they can and never give it back,
// so that matching takes time linear in the text whatever the text is.

/** One byte out of a set; `set[byte]` is 1 for members. */
export interface ByteSetNode {
  readonly kind: 'set';
  readonly set: Uint8Array;
}

export interface LiteralNode {
  readonly kind: 'literal';
  readonly bytes: Uint8Array;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly parts: readonly PatternNode[];
}

/** The first alternative that matches wins; the others are not tried again. */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly options: readonly PatternNode[];
}

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly of: PatternNode;
  readonly min: number;
  /** At most; `Infinity` is cut off by the window that is looked at. */
  readonly max: number;
}

/** The part that is the secret; without one it is the whole match. */
export interface CaptureNode {
  readonly kind: 'capture';
  readonly of: PatternNode;
}

/** `\b`: between a word character and none. */
export interface BoundaryNode {
  readonly kind: 'boundary';
}

export type PatternNode =
  | ByteSetNode
  | LiteralNode
  | SequenceNode
  | ChoiceNode
  | RepeatNode
  | CaptureNode
  | BoundaryNode;
