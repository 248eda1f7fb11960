// <, <=, >, >=: numbers by size, texts by the bytes of their UTF-8 form, as strcmp orders them.
import type { Scalar, ValueType } from '../fields/field.ts';
import { type CompiledTest, NUMBER_TYPES, type OperatorDefinition } from './operator.ts';
import { parseValue } from './value-parser.ts';

type Order = '<' | '<=' | '>' | '>=';

/** First unit of characters beyond the basic plane; UTF-8 puts them after U+E000 to U+FFFF, UTF-16 before. */
const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Negative, zero or positive. Only where two texts first differ in such characters do the encodings disagree. */
function textOrder(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return byteRank(one) - byteRank(other);
  }
  return left.length - right.length;
}

function byteRank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}

const COMPARISONS: Readonly<Record<Order, (left: Scalar, right: Scalar) => boolean>> = {
  '<': (left, right) =>
    areTexts(left, right) ? textOrder(left as string, right as string) < 0 : left < right,
  '<=': (left, right) =>
    areTexts(left, right) ? textOrder(left as string, right as string) <= 0 : left <= right,
  '>': (left, right) =>
    areTexts(left, right) ? textOrder(left as string, right as string) > 0 : left > right,
  '>=': (left, right) =>
    areTexts(left, right) ? textOrder(left as string, right as string) >= 0 : left >= right,
};

function areTexts(left: Scalar, right: Scalar): boolean {
  return typeof left === 'string' && typeof right === 'string';
}

function ordering(name: Order, doc: string): OperatorDefinition {
  const compare = COMPARISONS[name];
  return {
    name,
    doc,
    right: 'value',
    types: ['string', ...NUMBER_TYPES],
    compile: (type: ValueType, literals: readonly string[]): CompiledTest => {
      const parsed = parseValue(type, literals[0] ?? '');
      if ('problem' in parsed) return parsed;
      const expected = parsed.value;
      return { test: (value) => compare(value, expected) };
    },
    compare,
  };
}

export const ORDERING_OPERATORS: readonly OperatorDefinition[] = [
  ordering('<=', 'Less or equal.'),
  ordering('<', 'Less.'),
  ordering('>=', 'Greater or equal.'),
  ordering('>', 'Greater.'),
];
