// What may be written at a cursor: candidates from the vocabulary that the server gives. Pure.
import type { RuleVocabulary } from '@guardcell/contract';
import { PRIORITIES } from '@guardcell/core';
import type { CursorContext } from './cursor-context.ts';

export interface Candidate {
  readonly label: string;
  readonly kind:
    | 'field'
    | 'operator'
    | 'event'
    | 'macro'
    | 'list'
    | 'transformer'
    | 'keyword'
    | 'key'
    | 'value';
  /** Short, beside the label: a type. */
  readonly detail: string;
  /** A sentence, in the panel beside the list. */
  readonly info: string;
  /** Text put in, where that is not the label. */
  readonly insert?: string;
  /** Higher ones come first. */
  readonly rank: number;
}

export interface CompletionData {
  readonly vocabulary: RuleVocabulary;
  readonly tags: readonly string[];
}

const KEYS: readonly string[] = [
  'rule',
  'desc',
  'condition',
  'output',
  'priority',
  'tags',
  'source',
  'enabled',
  'exceptions',
  'override',
  'macro',
  'list',
  'items',
  'append',
  'capture',
  'required_engine_version',
  'required_plugin_versions',
  'skip-if-unknown-filter',
  'warn_evttypes',
];

const KEYWORDS = ['and', 'or', 'not'] as const;

function plain(kind: Candidate['kind'], label: string, rank = 0): Candidate {
  return { kind, label, detail: '', info: '', rank };
}

function fields({ vocabulary }: CompletionData, source: string, prefix = ''): Candidate[] {
  return vocabulary.fields
    .filter((field) => field.sources.includes(source))
    .map((field) => ({
      label: prefix + field.name,
      kind: 'field',
      detail: field.multiple ? `${field.type}, …` : field.type,
      info: field.doc,
      rank: field.deprecated ? -20 : field.live ? 10 : -10,
      ...(field.argument === 'required' && { insert: `${prefix}${field.name}[` }),
    }));
}

function operators({ vocabulary }: CompletionData, field: string): Candidate[] {
  const type = vocabulary.fields.find(({ name }) => name === field.replace(/\[.*$/, ''))?.type;
  return vocabulary.operators
    .filter((operator) => type === undefined || operator.types.includes(type))
    .map((operator) => ({
      label: operator.name,
      kind: 'operator',
      detail: '',
      info: operator.doc,
      rank: 20,
      insert: `${operator.name}${operator.right === 'list' ? ' (' : operator.right === 'none' ? '' : ' '}`,
    }));
}

function named(kind: 'macro' | 'list', items: RuleVocabulary['macros'], rank: number): Candidate[] {
  return items.map(({ name, text }) => ({ label: name, kind, detail: kind, info: text, rank }));
}

function inCondition(context: CursorContext, data: CompletionData): Candidate[] {
  const { vocabulary } = data;
  const { field, operator } = context;
  if (field !== '' && operator === '') {
    return [...operators(data, field), ...KEYWORDS.map((word) => plain('keyword', word, 5))];
  }
  const isCompared = field !== '' && vocabulary.operators.some(({ name }) => name === operator);
  if (isCompared && field === 'evt.type')
    return vocabulary.eventTypes.map((type) => plain('event', type, 10));
  if (isCompared) return named('list', vocabulary.lists, 10);
  return [
    ...fields(data, context.source),
    ...named('macro', vocabulary.macros, 5),
    ...vocabulary.transformers.map(({ name, doc }) => ({
      label: name,
      kind: 'transformer' as const,
      detail: '( )',
      info: doc,
      rank: 0,
      insert: `${name}(`,
    })),
    ...KEYWORDS.map((word) => plain('keyword', word, 1)),
    ...named('list', vocabulary.lists, -5),
  ];
}

/** Candidates whose label has the word in it; those that start with it first. Empty where nothing is known. */
export function candidatesAt(context: CursorContext, data: CompletionData): Candidate[] {
  const all = allAt(context, data);
  const word = context.word.toLowerCase();
  return all
    .filter(({ label }) => label.toLowerCase().includes(word))
    .sort(
      (a, b) =>
        Number(b.label.toLowerCase().startsWith(word)) - Number(a.label.toLowerCase().startsWith(word)) ||
        b.rank - a.rank ||
        (a.label < b.label ? -1 : 1),
    );
}

function allAt(context: CursorContext, data: CompletionData): Candidate[] {
  const { vocabulary, tags } = data;
  switch (context.slot) {
    case 'item-key':
      return KEYS.map((key, at) => ({ ...plain('key', key, -at), insert: `${key}: ` }));
    case 'condition':
      return inCondition(context, data);
    case 'output':
      return context.word.startsWith('%') ? fields(data, context.source, '%') : [];
    case 'fields':
      return fields(data, context.source);
    case 'comps':
      return vocabulary.operators.map(({ name, doc }) => ({ ...plain('operator', name), info: doc }));
    case 'priority':
      return PRIORITIES.map((priority, at) => plain('value', priority.toUpperCase(), -at));
    case 'source':
      return [...new Set(vocabulary.fields.flatMap((field) => field.sources))].map((one) =>
        plain('value', one),
      );
    case 'tag':
      return tags.map((tag) => plain('value', tag));
    case 'boolean':
      return ['true', 'false'].map((value) => plain('value', value));
    case 'list-items':
      return named('list', vocabulary.lists, 0);
    case 'nothing':
      return [];
  }
}
