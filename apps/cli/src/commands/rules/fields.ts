// `guardcell rules fields`: what conditions and outputs can refer to, for people and for editors.
import { CodedError } from '@guardcell/kit';
import {
  EVENT_SOURCES,
  type EventTypeView,
  eventTypeViews,
  FIELDS,
  type FieldDefinition,
  OPERATORS,
  operatorsOf,
  TRANSFORMERS,
} from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, flag, text } from '../../command.ts';
import { type Column, print } from '../../output.ts';
import { suggestion } from './rule-files.ts';

interface FieldView {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly argument: FieldDefinition['argument'];
  readonly sources: readonly string[];
  readonly live: boolean;
  readonly deprecated: boolean;
  readonly filterOnly: boolean;
  readonly operators: readonly string[];
  readonly doc: string;
}

interface OperatorView {
  readonly name: string;
  readonly right: string;
  readonly types: readonly string[];
  readonly doc: string;
}

interface TransformerView {
  readonly name: string;
  readonly arguments: string;
  readonly types: readonly string[];
  readonly doc: string;
}

interface Listing<Row> {
  readonly what: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  name(row: Row): string;
}

const FIELD_COLUMNS: readonly Column<FieldView>[] = [
  { title: 'FIELD', value: (field) => `${field.name}${ARGUMENT[field.argument]}` },
  { title: 'TYPE', value: (field) => (field.list ? `${field.type} list` : field.type) },
  { title: 'LIVE', value: (field) => (field.live ? 'yes' : 'no') },
  { title: 'OPERATORS', value: (field) => field.operators.join(' '), max: 44 },
  { title: 'MEANING', value: (field) => (field.deprecated ? `${field.doc} (deprecated)` : field.doc) },
];
const ARGUMENT = { none: '', optional: '[…]?', required: '[…]' } as const;

const OPERATOR_COLUMNS: readonly Column<OperatorView>[] = [
  { title: 'OPERATOR', value: (operator) => operator.name },
  { title: 'RIGHT SIDE', value: (operator) => operator.right },
  { title: 'TYPES', value: (operator) => operator.types.join(' '), max: 44 },
  { title: 'MEANING', value: (operator) => operator.doc },
];

const TRANSFORMER_COLUMNS: readonly Column<TransformerView>[] = [
  { title: 'TRANSFORMER', value: (one) => one.name },
  { title: 'ARGUMENTS', value: (one) => one.arguments },
  { title: 'TYPES', value: (one) => one.types.join(' '), max: 44 },
  { title: 'MEANING', value: (one) => one.doc },
];

const EVENT_COLUMNS: readonly Column<EventTypeView>[] = [
  { title: 'EVENT', value: (event) => event.name },
  { title: 'PARAMETERS', value: (event) => event.parameters.map(({ name }) => name).join(' ') },
];

function fieldListing(source: string | undefined): Listing<FieldView> {
  return {
    what: 'field',
    rows: FIELDS.filter((field) => source === undefined || (field.sources as string[]).includes(source)).map(
      (field) => ({
        name: field.name,
        type: field.type,
        list: field.multiplicity === 'list',
        argument: field.argument,
        sources: field.sources,
        live: field.live,
        deprecated: field.deprecated,
        filterOnly: field.filterOnly,
        operators: operatorsOf(field),
        doc: field.doc,
      }),
    ),
    columns: FIELD_COLUMNS,
    name: (field) => field.name,
  };
}

const OPERATOR_LISTING: Listing<OperatorView> = {
  what: 'operator',
  rows: OPERATORS.map(({ name, right, types, doc }) => ({ name, right, types, doc })),
  columns: OPERATOR_COLUMNS,
  name: (operator) => operator.name,
};

const TRANSFORMER_LISTING: Listing<TransformerView> = {
  what: 'transformer',
  rows: TRANSFORMERS.map(({ name, minArgs, maxArgs, types, doc }) => ({
    name,
    arguments: minArgs === maxArgs ? `${minArgs}` : `${minArgs} or more`,
    types,
    doc,
  })),
  columns: TRANSFORMER_COLUMNS,
  name: (one) => one.name,
};

const LISTINGS = ['operators', 'transformers', 'events'] as const;

export const rulesFields: Command = {
  name: 'rules fields',
  summary: 'fields of conditions and outputs with type, argument, operators and meaning',
  usage: '[PATTERN]',
  options: {
    source: { type: 'string', value: 'S', help: 'only fields of this source: syscall or k8s_audit' },
    operators: { type: 'boolean', help: 'operators instead of fields' },
    transformers: { type: 'boolean', help: 'transformers instead of fields' },
    events: { type: 'boolean', help: 'event types with their parameters instead of fields' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      help: 'table (default), json, jsonl, yaml or markdown',
    },
  },
  examples: [
    'guardcell rules fields',
    "guardcell rules fields 'proc.a*'",
    'guardcell rules fields --source k8s_audit -o markdown',
    'guardcell rules fields --events openat -o json',
  ],
  run(context) {
    const { options } = context;
    const source = text(options, 'source');
    if (source !== undefined && !(EVENT_SOURCES as readonly string[]).includes(source))
      throw new CodedError('GC_USAGE', `no such source: '${source}'`, {
        hint: `There is: ${EVENT_SOURCES.join(', ')}.`,
      });
    const chosen = LISTINGS.filter((name) => flag(options, name));
    if (chosen.length > 1 || (chosen.length > 0 && source !== undefined))
      throw new CodedError('GC_USAGE', 'one list at a time', {
        hint: '--operators, --transformers, --events, or --source for fields.',
      });
    switch (chosen[0]) {
      case 'operators':
        return Promise.resolve(show(context, OPERATOR_LISTING));
      case 'transformers':
        return Promise.resolve(show(context, TRANSFORMER_LISTING));
      case 'events':
        return Promise.resolve(
          show(context, {
            what: 'event type',
            rows: eventTypeViews(),
            columns: EVENT_COLUMNS,
            name: (event) => event.name,
          }),
        );
      default:
        return Promise.resolve(show(context, fieldListing(source)));
    }
  },
};

function show<Row>(context: CommandContext, listing: Listing<Row>): number {
  const [pattern, ...more] = context.positionals;
  if (more.length > 0)
    throw new CodedError('GC_USAGE', 'more than one pattern', { hint: 'Put a pattern with * in quotes.' });
  const rows = pattern === undefined ? listing.rows : listing.rows.filter(matcher(pattern, listing));
  if (rows.length === 0) {
    const near = suggestion(pattern ?? '', listing.rows.map(listing.name));
    throw new CodedError('GC_FIELD_NOT_FOUND', `no ${listing.what} is like '${pattern ?? ''}'`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Without a pattern all are listed.',
    });
  }
  if (text(context.options, 'output') === 'markdown') context.out(markdown(rows, listing.columns));
  else print(context, { items: rows }, rows, listing.columns);
  return EXIT.ok;
}

/** A pattern with `*` or `?` is matched against the whole name, another one may stand anywhere in it. */
function matcher<Row>(pattern: string, { name }: Listing<Row>): (row: Row) => boolean {
  const bare = pattern.replace(/\[.*$/, '').toLowerCase();
  if (!/[*?]/.test(bare)) return (row) => name(row).toLowerCase().includes(bare);
  const parts = [...bare].map((one) =>
    one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[\\^$.+()[\]{}|]/g, '\\$&'),
  );
  // Patterns are the user's own and names are short: backtracking stays small.
  const whole = new RegExp(`^${parts.join('').replace(/(?:\.\*)+/g, '.*')}$`);
  return (row) => whole.test(name(row).toLowerCase());
}

function markdown<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[
    line(columns.map(({ title }) => title.charAt(0) + title.slice(1).toLowerCase())),
    `|${'---|'.repeat(columns.length)}`,
    ...rows.map((row) => line(columns.map(({ value }, at) => (at === 0 ? `\`${value(row)}\`` : value(row))))),
  ].join('\n')}\n`;
}
