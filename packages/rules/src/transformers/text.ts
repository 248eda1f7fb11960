// Transformers of one text: case, base64, base name, length.
import type { FieldValue, Scalar } from '../fields/field.ts';
import { fileNameOf } from '../fields/path-parts.ts';
import { foldAscii, raiseAscii } from '../operators/fold-case.ts';
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

/** One argument in, text out; each item of a list for itself. */
function ofText(
  name: string,
  doc: string,
  apply: TransformerDefinition['apply'],
  types: TransformerDefinition['types'] = ['string'],
): TransformerDefinition {
  return {
    name,
    doc,
    minArgs: 1,
    maxArgs: 1,
    types,
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: ([argument]) => argument?.list === true,
    apply,
  };
}

export const TEXT_TRANSFORMERS: readonly TransformerDefinition[] = [
  ofText('tolower', 'The text in lower case.', mapText(foldAscii)),
  ofText('toupper', 'The text in upper case.', mapText(raiseAscii)),
  ofText(
    'b64',
    'The text decoded from base64.',
    ([value]) => (isList(value) ? decodeEach(value) : decodeOne(value)),
    ['string', 'bytes'],
  ),
  ofText('basename', 'What stands after the last slash.', mapText(fileNameOf)),
  {
    ...ofText(
      'len',
      'Length in bytes, or number of items; 0 without a value.',
      ([value]) => lengthOf(value),
      ['string', 'bytes'],
    ),
    result: () => 'uint64',
    givesList: () => false,
  },
];
