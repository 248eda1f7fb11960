// Rule files made to break things: whatever comes in, loading ends, says where, and what loads can be evaluated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createEngine } from '../engine/engine.ts';
import { FIELDS } from '../fields/registry.ts';
import { OPERATORS } from '../operators/registry.ts';
import { loadText } from '../testing/rule-probe.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { TRANSFORMERS } from '../transformers/registry.ts';
import { falcoVerdict } from './verdict.ts';

const RUNS = 1000;

const EVENTS = [
  syntheticEvent({ type: 'execve', process: { name: 'sh', cmdline: 'sh -c ls' } }),
  syntheticEvent({ type: 'openat', fd: { name: '/etc/shadow' }, params: { flags: ['O_RDONLY'] } }),
  syntheticEvent({ type: 'connect', fd: { client: '10.0.0.5:40000', server: '1.2.3.4:443' } }),
];

/** Loads, asks for everything that can be asked, and evaluates. */
function survive(content: string): void {
  const load = loadText(content);
  for (const { line, column } of load.problems) assert.ok(line >= 1 && column >= 1);
  assert.ok(JSON.stringify(falcoVerdict(load)).length > 0);
  if (load.rules.length === 0) return;
  const engine = createEngine(load);
  for (const event of EVENTS) {
    engine.evaluate(event, (match) => {
      assert.ok(match.message().isWellFormed());
      assert.ok(JSON.stringify([match.outputFields(), match.matched()]).length > 0);
    });
  }
}

const field = fc.constantFrom(...FIELDS.map((one) => one.name));
const operator = fc.constantFrom(...OPERATORS.map((one) => one.name));
const call = fc.constantFrom(...TRANSFORMERS.map((one) => `${one.name}(`));
const literal = fc.constantFrom(
  '0',
  '-1',
  '0xFF',
  '1e+9',
  '""',
  '"a b"',
  '"\\\\q"',
  '"open',
  '[a-',
  '**?**',
  '"(a*)*b"',
  'fd00::/129',
  '10.0.0.0/8',
  'cafe',
  'http',
  'true',
  'oneof',
  '<NA>',
  '\u{1F600}',
  '\ud800',
);
const glue = fc.constantFrom(
  ' and ',
  ' or ',
  ' not ',
  'not(',
  '(',
  ')',
  ',',
  ' ',
  '[1]',
  '[',
  ' exists ',
  'val(',
  '\n',
);

const soup = fc
  .array(fc.oneof(field, operator, call, literal, glue), { maxLength: 30 })
  .map((parts) => parts.join(' '));

const check = fc
  .tuple(
    field,
    fc.constantFrom('', '[1]', '.x', '[/a]'),
    operator,
    fc.oneof(
      literal,
      field.map((name) => `val(${name})`),
    ),
  )
  .map(([name, argument, op, right]) => `${name}${argument} ${op} ${right}`);

const output = fc
  .array(
    fc.oneof(
      field.map((name) => `%${name}`),
      fc.constantFrom('%', '%%', '*', '%10', '%container.info', ' ', '['),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));

function item(condition: string, text: string): string {
  const quoted = (value: string): string => JSON.stringify(value);
  return `- rule: R\n  desc: d\n  priority: info\n  condition: ${quoted(condition)}\n  output: ${quoted(text)}\n`;
}

test('no soup of tokens and no template breaks loading or evaluation', () => {
  const condition = fc.oneof(
    soup,
    fc.array(check, { minLength: 1, maxLength: 4 }).map((all) => all.join(' and ')),
  );
  fc.assert(
    fc.property(condition, output, (text, template) => survive(item(text, template))),
    { numRuns: RUNS },
  );
});

const KEYS = [
  'rule',
  'macro',
  'list',
  'condition',
  'output',
  'desc',
  'priority',
  'items',
  'override',
  'append',
];
const MORE_KEYS = [
  'exceptions',
  'tags',
  'enabled',
  'required_engine_version',
  'required_plugin_versions',
  'x',
];

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('x', 'evt.type=open', 'append', 'warning', '', 'proc.name', '0.57.0', 'in'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('name', 'fields', 'comps', 'values', 'version', 'items'), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;

test('values of any type under any key break nothing', () => {
  const items = fc.array(fc.dictionary(fc.constantFrom(...KEYS, ...MORE_KEYS), value, { maxKeys: 7 }), {
    maxLength: 5,
  });
  // JSON is YAML.
  fc.assert(
    fc.property(items, (list) => survive(JSON.stringify(list))),
    { numRuns: RUNS },
  );
});

test('lists and macros that refer to each other anyhow end', () => {
  const name = (kind: string): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max: 8 }).map((at) => `${kind}${at}`);
  const list = fc
    .tuple(name('l'), fc.array(name('l'), { maxLength: 10 }), fc.constantFrom('', '  append: true\n'))
    .map(([own, items, more]) => `- list: ${own}\n  items: [${items.join(', ')}]\n${more}`);
  const macro = fc
    .tuple(
      name('m'),
      fc.array(
        fc.oneof(
          name('m'),
          name('l').map((one) => `proc.name in (${one})`),
        ),
        { minLength: 1, maxLength: 5 },
      ),
    )
    .map(([own, parts]) => `- macro: ${own}\n  condition: ${parts.join(' or ')}\n`);
  fc.assert(
    fc.property(fc.array(fc.oneof(list, macro), { maxLength: 25 }), (items) => {
      survive(items.join('') + item('m0 and proc.name in (l0, l1)', 'out'));
    }),
    { numRuns: RUNS },
  );
});

const LARGE: readonly (readonly [what: string, content: string])[] = [
  ['parentheses', item('('.repeat(200_000), 'o')],
  ['negations', item(`${'not '.repeat(200_000)}x`, 'o')],
  ['calls', item(`${'tolower('.repeat(100_000)}proc.name`, 'o')],
  [
    'a list of many items',
    `- list: l\n  items: [${'a, '.repeat(50_000)}b]\n${item('proc.name in (l, l)', 'o')}`,
  ],
  ['a very long word', item(`proc.name = ${'x'.repeat(1_000_000)}`, 'o')],
  ['a very long output', item('evt.type=open', '%proc.name '.repeat(20_000))],
  ['a regular expression that would backtrack', item(`proc.name regex "${'(x+x+)+'.repeat(20)}y"`, 'o')],
  ['a regular expression that would grow', item('proc.name regex "(((x{50}){50}){50}){50}"', 'o')],
  ['a glob that would backtrack', item(`proc.name glob ${'*a'.repeat(2000)}b`, 'o')],
  [
    'many rules',
    Array.from({ length: 1000 }, (_, at) => item('evt.type=open', 'o').replace('R', `R${at}`)).join(''),
  ],
  ['many mistakes', '- 7\n'.repeat(20_000)],
];

for (const [what, content] of LARGE) {
  test(`${what}: loading ends`, () => survive(content));
}
