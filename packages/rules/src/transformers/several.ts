// Transformers of several values: join, concat, getopt.
import type { FieldValue } from '../fields/field.ts';
import { optionList, optionValue } from './getopt.ts';
import type { ArgumentShape, TransformerDefinition } from './transformer.ts';

function texts(value: FieldValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Words of a command line, or the items of a list. */
function words(value: FieldValue | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : texts(value);
}

function firstList(args: readonly ArgumentShape[]): number {
  return args.findIndex((arg) => arg.list);
}

export const SEVERAL_TRANSFORMERS: readonly TransformerDefinition[] = [
  {
    name: 'join',
    doc: 'The items of a list with a separator between them.',
    minArgs: 2,
    maxArgs: 2,
    types: ['string'],
    option: 'none',
    takesLists: true,
    result: () => 'string',
    givesList: () => false,
    misuse: ([separator, list]) => {
      if (separator?.list === true) return "the separator of 'join' must be one text";
      return list?.list === true ? undefined : "the second argument of 'join' must be a list";
    },
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
    option: 'none',
    takesLists: false,
    result: () => 'string',
    givesList: () => false,
    misuse: (args) => (firstList(args) < 0 ? undefined : "'concat' takes texts, not lists"),
    apply: (values) => (values.every((value) => typeof value === 'string') ? values.join('') : undefined),
  },
  {
    name: 'getopt',
    doc: 'What a command line gives to its options: getopt(proc.args, "ab:")[b] is the value of -b, without [b] a list of all.',
    minArgs: 2,
    maxArgs: 2,
    types: ['string'],
    option: 'optional',
    takesLists: true,
    result: () => 'string',
    givesList: (_, option) => option === undefined,
    misuse: ([, spec], option) => {
      if (spec?.list === true) return "the options of 'getopt' must be one text";
      return option === undefined || option.length === 1
        ? undefined
        : "'getopt' takes one letter in its brackets";
    },
    apply: ([list, spec], option) => {
      const args = words(list);
      if (args === undefined || typeof spec !== 'string') return undefined;
      return option === undefined ? optionList(args, spec) : optionValue(args, spec, option);
    },
  },
];
