// Transformers of several values: join, concat, getopt.
import type { FieldValue } from '../fields/field.ts';
import type { TransformerDefinition } from './transformer.ts';

function texts(value: FieldValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Words of a command line, or the items of a list. */
function words(value: FieldValue | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : texts(value);
}

/** POSIX getopt: the last value of `option`, an empty text for an option without value; undefined when absent. */
export function optionValue(args: readonly string[], spec: string, option: string): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--' || word === '-' || !word.startsWith('-')) break;
    for (let letter = 1; letter < word.length; letter += 1) {
      const name = word[letter] ?? '';
      const position = name === ':' ? -1 : spec.indexOf(name);
      if (position < 0) continue;
      if (spec[position + 1] !== ':') {
        if (name === option) found = '';
        continue;
      }
      const attached = word.slice(letter + 1);
      const value = attached === '' ? args[at + 1] : attached;
      if (attached === '') at += 1;
      if (name === option && value !== undefined) found = value;
      break;
    }
  }
  return found;
}

export const SEVERAL_TRANSFORMERS: readonly TransformerDefinition[] = [
  {
    name: 'join',
    doc: 'The items of a list with a separator between them.',
    minArgs: 2,
    maxArgs: 2,
    types: ['string'],
    result: () => 'string',
    apply: ([separator, list]) => {
      const items = texts(list);
      return items === undefined || typeof separator !== 'string' ? undefined : items.join(separator);
    },
  },
  {
    name: 'concat',
    doc: 'Texts one after the other; no value when one is missing.',
    minArgs: 2,
    maxArgs: 64,
    types: ['string'],
    result: () => 'string',
    apply: (values) => (values.every((value) => typeof value === 'string') ? values.join('') : undefined),
  },
  {
    name: 'getopt',
    doc: 'The value that a command line gives to an option, as in getopt(proc.args, "ab:")[b].',
    minArgs: 2,
    maxArgs: 2,
    types: ['string'],
    result: () => 'string',
    apply: ([list, spec], option) => {
      const args = words(list);
      if (args === undefined || typeof spec !== 'string' || option === undefined) return undefined;
      return optionValue(args, spec, option);
    },
  },
];
