// contains, startswith, endswith and their kin, over texts and buffers.
import type { Scalar, ValueType } from '../fields/field.ts';
import { foldAscii, foldValue } from './fold-case.ts';
import type { CompiledTest, OperatorDefinition, Test } from './operator.ts';

type Text = string;
type Bytes = Uint8Array;

function bytesAt(buffer: Bytes, part: Bytes, offset: number): boolean {
  if (offset < 0 || offset + part.length > buffer.length) return false;
  for (let at = 0; at < part.length; at += 1) if (buffer[offset + at] !== part[at]) return false;
  return true;
}

function bytesContain(buffer: Bytes, part: Bytes): boolean {
  const first = part[0];
  if (first === undefined) return true;
  for (let at = buffer.indexOf(first); at >= 0; at = buffer.indexOf(first, at + 1)) {
    if (bytesAt(buffer, part, at)) return true;
  }
  return false;
}

const BYTE_TESTS = {
  contains: bytesContain,
  startswith: (buffer: Bytes, part: Bytes): boolean => bytesAt(buffer, part, 0),
  endswith: (buffer: Bytes, part: Bytes): boolean => bytesAt(buffer, part, buffer.length - part.length),
} as const;

const TEXT_TESTS = {
  contains: (text: Text, part: Text): boolean => text.includes(part),
  startswith: (text: Text, part: Text): boolean => text.startsWith(part),
  endswith: (text: Text, part: Text): boolean => text.endsWith(part),
} as const;

type Position = keyof typeof TEXT_TESTS;

function onText(test: (text: Text) => boolean): Test {
  return (value) => typeof value === 'string' && test(value);
}

function onBytes(test: (buffer: Bytes) => boolean): Test {
  return (value) => value instanceof Uint8Array && test(value);
}

function compilePosition(position: Position, type: ValueType, text: string): CompiledTest {
  if (type === 'bytes') {
    const part = new TextEncoder().encode(text);
    return { test: onBytes((buffer) => BYTE_TESTS[position](buffer, part)) };
  }
  if (position === 'contains') return { test: onText((value) => value.includes(text)) };
  if (position === 'startswith') return { test: onText((value) => value.startsWith(text)) };
  return { test: onText((value) => value.endsWith(text)) };
}

function comparePosition(position: Position): (left: Scalar, right: Scalar) => boolean {
  return (left, right) => {
    if (typeof left === 'string' && typeof right === 'string') return TEXT_TESTS[position](left, right);
    return left instanceof Uint8Array && right instanceof Uint8Array && BYTE_TESTS[position](left, right);
  };
}

function positional(name: Position, doc: string): OperatorDefinition {
  return {
    name,
    doc,
    right: 'value',
    types: ['string', 'bytes'],
    compile: (type, literals) => compilePosition(name, type, literals[0] ?? ''),
    compare: comparePosition(name),
  };
}

function parseHex(text: string): Bytes | undefined {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexadecimal(name: 'bcontains' | 'bstartswith', position: Position, doc: string): OperatorDefinition {
  return {
    name,
    doc,
    right: 'value',
    types: ['bytes'],
    compile: (_, literals) => {
      const part = parseHex(literals[0] ?? '');
      if (part === undefined) return { problem: `${name}: operator support hex strings only` };
      return { test: onBytes((buffer) => BYTE_TESTS[position](buffer, part)) };
    },
    compare: comparePosition(position),
  };
}

export const SUBSTRING_OPERATORS: readonly OperatorDefinition[] = [
  positional('contains', 'Has the text somewhere.'),
  {
    name: 'icontains',
    doc: 'Has the text somewhere, in any case.',
    right: 'value',
    types: ['string'],
    compile: (_, literals) => {
      const part = foldAscii(literals[0] ?? '');
      return { test: onText((value) => foldValue(value).includes(part)) };
    },
    compare: (left, right) =>
      typeof left === 'string' && typeof right === 'string' && foldAscii(left).includes(foldAscii(right)),
  },
  hexadecimal('bcontains', 'contains', 'Has the bytes, given in hexadecimal, somewhere.'),
  positional('startswith', 'Begins with the text.'),
  hexadecimal('bstartswith', 'startswith', 'Begins with the bytes, given in hexadecimal.'),
  positional('endswith', 'Ends with the text.'),
];
