// The tree of a condition: plain readonly data with offsets into the condition's text. No evaluation here.

/** Offsets into the condition's text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const NUMERIC_OPERATORS = ['<=', '<', '>=', '>'] as const;
export const STRING_OPERATORS = [
  '==',
  '=',
  '!=',
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
] as const;
export const LIST_OPERATORS = ['intersects', 'in', 'pmatch'] as const;
export const QUANTIFIERS = ['oneof', 'anyof', 'allof'] as const;

export type ListOperator = (typeof LIST_OPERATORS)[number];
export type StringOperator = (typeof STRING_OPERATORS)[number];
export type NumericOperator = (typeof NUMERIC_OPERATORS)[number];
export type OperatorName = 'exists' | NumericOperator | StringOperator | ListOperator;
export type Quantifier = (typeof QUANTIFIERS)[number];

/** Every operator, in the order in which exceptions list them. */
export const OPERATOR_NAMES: readonly OperatorName[] = [
  'exists',
  ...NUMERIC_OPERATORS,
  ...STRING_OPERATORS,
  ...LIST_OPERATORS,
];

export interface FieldRef {
  readonly kind: 'field';
  /** As written: `proc.aname`, `evt.arg.flags`. */
  readonly name: string;
  /** Text between the brackets, unquoted. */
  readonly argument: string | undefined;
  readonly span: Span;
}

export interface TransformerCall {
  readonly kind: 'transformer';
  readonly name: string;
  readonly args: readonly TransformerArgument[];
  /** `[o]` after the call, for getopt. */
  readonly argument: string | undefined;
  readonly span: Span;
}

export type Operand = FieldRef | TransformerCall;

export type TransformerArgument =
  | Operand
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly span: Span };

export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export type RightSide =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: Literal }
  | { readonly kind: 'list'; readonly items: readonly Literal[] }
  | { readonly kind: 'operand'; readonly operand: Operand };

export interface Check {
  readonly kind: 'check';
  readonly left: Operand;
  readonly operator: OperatorName;
  readonly quantifier: Quantifier | undefined;
  readonly right: RightSide;
  readonly span: Span;
}

export interface MacroReference {
  readonly kind: 'reference';
  readonly name: string;
  readonly span: Span;
}

/** A reference with the macro's own tree in place; trees are shared between all uses. */
export interface MacroUse {
  readonly kind: 'macro';
  readonly name: string;
  readonly body: Expression;
}

export type Expression =
  | { readonly kind: 'and'; readonly children: readonly Expression[] }
  | { readonly kind: 'or'; readonly children: readonly Expression[] }
  | { readonly kind: 'not'; readonly child: Expression }
  | Check
  | MacroReference
  | MacroUse;

/** `proc.aname[2]`, `tolower(proc.name)`: as a person would write it. */
export function operandText(operand: Operand): string {
  const suffix = operand.argument === undefined ? '' : `[${operand.argument}]`;
  if (operand.kind === 'field') return operand.name + suffix;
  const args = operand.args.map((arg) => {
    if (arg.kind === 'text') return JSON.stringify(arg.text);
    if (arg.kind === 'list') return `(${arg.items.join(', ')})`;
    return operandText(arg);
  });
  return `${operand.name}(${args.join(', ')})${suffix}`;
}

/** The right side as text, for explanations. */
export function rightSideText(right: RightSide): string {
  switch (right.kind) {
    case 'none':
      return '';
    case 'value':
      return right.value.text;
    case 'list':
      return `(${right.items.map((item) => item.text).join(', ')})`;
    case 'operand':
      return operandText(right.operand);
  }
}

/** The literals on the right side: one, several, or none. */
export function literalsOf(right: RightSide): readonly Literal[] {
  if (right.kind === 'value') return [right.value];
  return right.kind === 'list' ? right.items : [];
}
