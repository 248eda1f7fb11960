// Hostile rule files of many kinds: soups of tokens, deep nesting, bombs of aliases, wrong types, broken bytes.
import { FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import { mutate, type Random } from './random.ts';

export interface Seeds {
  readonly files: readonly string[];
  readonly conditions: readonly string[];
}

export type MakeCase = (random: Random, seeds: Seeds) => string;

const FIELD_NAMES = FIELDS.map((field) => field.name);
const OPERATOR_NAMES = OPERATORS.map((operator) => operator.name);
const CALLS = TRANSFORMERS.map((transformer) => `${transformer.name}(`);
const LITERALS = [
  '0',
  '-1',
  '0xFF',
  '1e+9',
  '18446744073709551616',
  '""',
  '"a b"',
  `'x"y'`,
  '"\\\\q"',
  '"never closed',
  '/etc/*',
  '[a-',
  '[[:alpha:]]*',
  '**?**',
  '"(a*)*b"',
  '"((a{100}){100}){100}"',
  '"[[:foo:]]"',
  '10.0.0.0/8',
  'fd00::/129',
  '300.1.1.1',
  'cafe',
  'http',
  'true',
  'oneof',
  'anyof',
  '<NA>',
  '\u{1F600}',
  '\ud800',
];
const GLUE = [
  'and',
  'or',
  'not',
  'not(',
  '(',
  ')',
  ',',
  ' ',
  '  ',
  '\n',
  '[',
  ']',
  '[1]',
  '["x"]',
  'exists',
  'val(',
];

function token(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return random.pick(FIELD_NAMES);
    case 1:
      return random.pick(OPERATOR_NAMES);
    case 2:
      return random.pick(CALLS);
    case 3:
      return random.pick(LITERALS);
    case 4:
      return random.pick(['m0', 'm1', 'l0', 'l1', 'nosuch']);
    default:
      return random.pick(GLUE);
  }
}

function soup(random: Random): string {
  return random.many(0, 24, () => token(random)).join(random.pick([' ', ' ', '']));
}

/** Mostly well-formed: a field, an operator and something on the right. */
function check(random: Random): string {
  const field = random.pick(FIELD_NAMES) + random.pick(['', '', '', '[1]', '.x', '[/a/b]']);
  const left = random.chance(0.2) ? `${random.pick(CALLS)}${field})` : field;
  const list = `(${random.many(0, 4, () => random.pick(LITERALS)).join(', ')})`;
  const right = random.pick([
    random.pick(LITERALS),
    list,
    `val(${random.pick(FIELD_NAMES)})`,
    `anyof ${list}`,
  ]);
  return `${random.pick(['', 'not '])}${left} ${random.pick(OPERATOR_NAMES)} ${right}`;
}

function condition(random: Random): string {
  return (
    random.many(1, 5, () => check(random)).join(random.pick([' and ', ' or ', ' and (', ' or not '])) +
    ')'.repeat(random.below(2))
  );
}

function output(random: Random): string {
  const part = (): string =>
    random.pick([
      'text ',
      '%',
      '%%',
      '*',
      '%10',
      '%container.info',
      `%${random.pick(FIELD_NAMES)}`,
      `%${random.pick(CALLS)}proc.name)`,
      '[',
      '%99999999999proc.name',
      '\u{2028}',
    ]);
  return random.many(0, 8, part).join('');
}

function rule(name: string, conditionText: string, outputText = 'out', more = ''): string {
  return `- rule: ${name}\n  desc: d\n  priority: info\n  condition: ${JSON.stringify(conditionText)}\n  output: ${JSON.stringify(outputText)}\n${more}`;
}

function nested(random: Random): string {
  const depth = random.pick([10, 500, 1000, 1001, 20_000]);
  const [open, close] = random.pick([
    ['(', ')'],
    ['not(', ')'],
    ['not ', ''],
    ['tolower(', ')'],
    ['val(', ')'],
    ['a.b[', ']'],
  ] as const);
  return rule('R', `${open.repeat(depth)}proc.name=x${close.repeat(depth)}`);
}

function manyItems(random: Random): string {
  const count = random.pick([100, 3000, 20_000]);
  const items = Array.from({ length: count }, (_, at) => `i${at}`).join(', ');
  return random.chance(0.5)
    ? rule('R', `proc.name ${random.pick(['in', 'pmatch', 'intersects'])} (${items})`)
    : `- list: l\n  items: [${items}]\n${rule('R', 'proc.name in (l, l, l)')}`;
}

/** Lists and macros that refer to each other anyhow, in circles too, and are appended to and replaced. */
function references(random: Random): string {
  const count = 2 + random.below(12);
  const name = (kind: string): string => `${kind}${random.below(count)}`;
  const items = random.many(1, 9, () => {
    const change = random.pick([
      '',
      '',
      '  append: true\n',
      '  override: { condition: append }\n',
      '  override: { items: replace }\n',
    ]);
    if (random.chance(0.5)) {
      return `- list: ${name('l')}\n  items: [${random.many(0, 6, () => name('l')).join(', ')}]\n${change}`;
    }
    const text = random
      .many(1, 6, () => random.pick([name('m'), `proc.name in (${name('l')})`]))
      .join(random.pick([' or ', ' and ']));
    return `- macro: ${name('m')}\n  condition: ${text}\n${change}`;
  });
  return items.join('') + rule('R', `${name('m')} and proc.name in (${name('l')}, x)`);
}

function exceptions(random: Random): string {
  const value = (): string =>
    random.pick(['a', 'l0', '"(a, b)"', '"a, b"', '[a, b]', '""', '{ x: 1 }', '[[a]]']);
  const exception = (): string => {
    const fields = random.pick([
      'proc.name',
      '[proc.name]',
      '[proc.name, fd.name]',
      '[]',
      'no.such',
      '[tolower(proc.name)]',
      '7',
    ]);
    const comps = random.pick([
      '',
      ', comps: in',
      ', comps: [=]',
      ', comps: [in, startswith]',
      ', comps: "glob anyof"',
      ', comps: [like]',
    ]);
    const values = random.pick([
      '',
      `, values: [${random.many(0, 3, value).join(', ')}]`,
      `, values: [[${random.many(0, 3, value).join(', ')}]]`,
      ', values: x',
    ]);
    return `{ name: ${random.pick(['e', 'f', '""'])}, fields: ${fields}${comps}${values} }`;
  };
  const more = `  exceptions: [${random.many(0, 3, exception).join(', ')}]\n`;
  return (
    rule('R', 'evt.type=open', 'out', more) +
    (random.chance(0.5)
      ? `- rule: R\n${more}  override: { exceptions: ${random.pick(['append', 'replace', 'x'])} }\n`
      : '')
  );
}

const KEYS = [
  'rule',
  'macro',
  'list',
  'condition',
  'output',
  'desc',
  'priority',
  'source',
  'enabled',
  'tags',
  'items',
  'override',
  'append',
  'exceptions',
  'capture',
  'capture_duration',
  'warn_evttypes',
  'skip-if-unknown-filter',
  'required_engine_version',
  'required_plugin_versions',
  'guardcell',
  'colour',
];

function anyValue(random: Random, depth = 0): string {
  const kind = random.below(depth > 3 ? 4 : 6);
  if (kind === 4) return `[${random.many(0, 4, () => anyValue(random, depth + 1)).join(', ')}]`;
  if (kind === 5)
    return `{ ${random.many(0, 4, () => `${random.pick(KEYS)}: ${anyValue(random, depth + 1)}`).join(', ')} }`;
  return random.pick([
    'x',
    '7',
    'true',
    'null',
    '~',
    '""',
    '!!binary aGk=',
    '*a',
    '&a x',
    '2026-01-01',
    '0x1F',
    '.inf',
    '"\\u0000"',
    'warning',
    'append',
    'evt.type=open',
  ]);
}

function wrongTypes(random: Random): string {
  return random
    .many(
      1,
      4,
      () => `- ${random.many(1, 7, () => `${random.pick(KEYS)}: ${anyValue(random)}`).join('\n  ')}\n`,
    )
    .join(random.pick(['', '---\n', '...\n']));
}

function aliasBomb(random: Random): string {
  const levels = 2 + random.below(28);
  const width = 2 + random.below(12);
  const lines = Array.from({ length: levels }, (_, at) => {
    const items = at === 0 ? 'x' : Array.from({ length: width }, () => `*a${at - 1}`).join(', ');
    return `- &a${at} [${items}]\n`;
  });
  return `${lines.join('')}- list: l\n  items: *a${random.below(levels)}\n`;
}

function yamlNesting(random: Random): string {
  const depth = random.pick([50, 500, 50_000]);
  const opener = random.pick(['[', '{a: ', '- ', '- - ', '? ', '&a [', '"', '|', '>', '!!x ']);
  return opener.repeat(depth) + random.pick(['', 'x', ']'.repeat(depth)]);
}

const LINES = [
  '- rule: a\n',
  '  condition: x\n',
  '- macro: x\n',
  '- list: l\n',
  '  items: [l]\n',
  '  override: {',
  '}',
  ' &a',
  ' *a',
  '\n',
  ': ',
  '- ',
  '"',
  "'",
  '  append: true\n',
  '  desc: >\n',
  '  output: |\n',
  '    %proc.name\n',
  '  priority: info\n',
  '---\n',
  '...\n',
  '%YAML 1.2\n',
  '\t',
  '\u{feff}',
  '\ud800',
  '#',
  '!',
  '? ',
  '<<: *a\n',
  '|',
  '>',
];

/** One or two items of a real file. */
function someItems(random: Random, seeds: Seeds): string {
  const items = random.pick(seeds.files).split(/^(?=- )/m);
  const at = random.below(items.length);
  return items.slice(at, at + 1 + random.below(2)).join('');
}

/** Bytes that are no UTF-8, read as programs read files. */
function brokenBytes(random: Random, seeds: Seeds): string {
  const bytes = Buffer.from(someItems(random, seeds));
  for (let change = random.below(20); change >= 0; change -= 1)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes.toString('utf8');
}

export const CASES: Readonly<Record<string, MakeCase>> = {
  'token soup': (random) => rule('R', soup(random)),
  'conditions of checks': (random) => rule('R', condition(random), output(random)),
  'changed conditions': (random, seeds) => rule('R', mutate(random.pick(seeds.conditions), random)),
  'output templates': (random) => rule('R', 'evt.num >= 0', output(random)),
  'changed files': (random, seeds) => mutate(someItems(random, seeds), random),
  'broken bytes': brokenBytes,
  'lines in any order': (random) => random.many(0, 20, () => random.pick(LINES)).join(''),
  'wrong types': wrongTypes,
  references,
  exceptions,
};

/** Slow by their size: one case in two thousand. */
export const LARGE_CASES: Readonly<Record<string, MakeCase>> = {
  'deep nesting': nested,
  'many items': manyItems,
  'bombs of aliases': aliasBomb,
  'deep YAML': yamlNesting,
};
