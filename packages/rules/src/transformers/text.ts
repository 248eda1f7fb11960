// Transformers of one text: case, base64, base name, length.
import type { FieldValue, Scalar } from '../fields/field.ts';
import { fileNameOf } from '../fields/path-parts.ts';
import { foldAscii, raiseAscii } from '../operators/fold-case.ts';
import type { ArgumentShape, TransformerDefinition } from './transformer.ts';

/** Each item of a list is changed for itself. */
function sameShape([argument]: readonly ArgumentShape[]): boolean {
  return argument?.list === true;
}

function mapText(change: (text: string) => string): TransformerDefinition['apply'] {
  return ([value]) => {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? change(item) : item));
    return undefined;
  };
}

function textOf(value: FieldValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

function isList(value: FieldValue | undefined): value is readonly Scalar[] {
  return Array.isArray(value);
}

function decodeOne(value: FieldValue | undefined): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : decodeBase64(text);
}

/** No value when one item is not base64. */
function decodeEach(values: readonly Scalar[]): FieldValue | undefined {
  const decoded = values.map(decodeOne);
  return decoded.every((text) => text !== undefined) ? decoded : undefined;
}

/** Undefined when the text is not base64. */
function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return undefined;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function lengthOf(value: FieldValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return 0;
}

export const TEXT_TRANSFORMERS: readonly TransformerDefinition[] = [
  {
    name: 'tolower',
    doc: 'The text in lower case.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string'],
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: sameShape,
    apply: mapText(foldAscii),
  },
  {
    name: 'toupper',
    doc: 'The text in upper case.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string'],
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: sameShape,
    apply: mapText(raiseAscii),
  },
  {
    name: 'b64',
    doc: 'The text decoded from base64.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string', 'bytes'],
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: sameShape,
    apply: ([value]) => (isList(value) ? decodeEach(value) : decodeOne(value)),
  },
  {
    name: 'basename',
    doc: 'What stands after the last slash.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string'],
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: sameShape,
    apply: mapText(fileNameOf),
  },
  {
    name: 'len',
    doc: 'Length in bytes, or number of items; 0 without a value.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string', 'bytes'],
    option: 'none',
    takesLists: false,
    result: () => 'uint64',
    givesList: () => false,
    apply: ([value]) => lengthOf(value),
  },
];
