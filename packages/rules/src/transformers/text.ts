// Transformers of one text: case, base64, base name, length.
import type { FieldValue } from '../fields/field.ts';
import { fileNameOf } from '../fields/path-parts.ts';
import type { TransformerDefinition } from './transformer.ts';

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
    result: () => 'string',
    apply: mapText((text) => text.toLowerCase()),
  },
  {
    name: 'toupper',
    doc: 'The text in upper case.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string'],
    result: () => 'string',
    apply: mapText((text) => text.toUpperCase()),
  },
  {
    name: 'b64',
    doc: 'The text decoded from base64.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string', 'bytes'],
    result: () => 'string',
    apply: ([value]) => {
      const text = textOf(value);
      return text === undefined ? undefined : decodeBase64(text);
    },
  },
  {
    name: 'basename',
    doc: 'What stands after the last slash.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string'],
    result: () => 'string',
    apply: mapText(fileNameOf),
  },
  {
    name: 'len',
    doc: 'Length in bytes, or number of items; 0 without a value.',
    minArgs: 1,
    maxArgs: 1,
    types: ['string', 'bytes'],
    result: () => 'uint64',
    apply: ([value]) => lengthOf(value),
  },
];
