import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createEngine } from '../engine/engine.ts';
import type { EventSpec } from '../testing/event-spec.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { type LoadResult, loadRules } from './load-rules.ts';

function load(...contents: readonly string[]): LoadResult {
  return loadRules(contents.map((content, at) => ({ name: `f${at + 1}.yaml`, content })));
}

function rule(name: string, condition: string, more = ''): string {
  return `- rule: ${name}\n  desc: d\n  output: out\n  priority: warning\n  condition: ${condition}\n${more}`;
}

function codes(result: LoadResult): readonly string[] {
  return result.problems
    .filter((problem) => !problem.code.startsWith('LOAD_UNUSED'))
    .map((problem) => problem.code);
}

function fires(result: LoadResult, spec: Partial<EventSpec> = {}): readonly string[] {
  const names: string[] = [];
  createEngine(result).evaluate(syntheticEvent({ type: 'execve', ...spec }), (match) =>
    names.push(match.rule.name),
  );
  return names;
}

const named = (name: string): Partial<EventSpec> => ({ process: { name } });

test('a rule carries what its item says', () => {
  const result = load(
    rule(
      'R',
      'evt.type=execve',
      '  tags: [container, T1059.004]\n  guardcell: { id: r-1, title: { en: Shell, zh: 外壳 } }\n',
    ),
  );
  const [loaded] = result.rules;
  assert.deepEqual(result.problems, []);
  assert.equal(loaded?.priority, 'warning');
  assert.equal(loaded?.severity, 'medium');
  assert.deepEqual(loaded?.mitre, ['T1059.004']);
  assert.deepEqual(loaded?.meta, { id: 'r-1', title: { en: 'Shell', zh: '外壳' } });
  assert.deepEqual([...(loaded?.eventTypes ?? [])], ['execve']);
  assert.equal(loaded?.line, 1);
});

test('an error says file, line and column of the word, in plain, folded and quoted conditions', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    [rule('R', 'evt.type=execve and nosuch'), 5, 34],
    [rule('R', '>\n    evt.type=execve and\n    nosuch'), 7, 5],
    [rule('R', 'evt.type=execve\n    and nosuch'), 6, 9],
    [rule('R', '"evt.type=execve and nosuch"'), 5, 35],
  ];
  for (const [content, line, column] of cases) {
    const [problem] = load(content).problems;
    assert.equal(problem?.code, 'LOAD_ERR_VALIDATE');
    assert.deepEqual(
      [problem?.file, problem?.line, problem?.column, problem?.item],
      ['f1.yaml', line, column, 'R'],
    );
    assert.equal(problem?.message, "Undefined macro 'nosuch' used in filter.");
  }
});

test('the place is right behind an expanded list and in an appended part', () => {
  const list = '- list: shells\n  items: [bash, zsh, a much longer item]\n';
  const [inRule] = load(list + rule('R', 'proc.name in (shells) and nosuch')).problems;
  assert.deepEqual([inRule?.line, inRule?.column], [7, 40]);
  const appended = '- rule: R\n  condition: and nosuch\n  override: { condition: append }\n';
  const [inAppend] = load(rule('R', 'evt.type=execve'), appended).problems;
  assert.deepEqual([inAppend?.file, inAppend?.line, inAppend?.column], ['f2.yaml', 2, 18]);
});

test('hints name the nearest field, macro, key and event type', () => {
  const hint = (condition: string, before = ''): string =>
    load(before + rule('R', condition)).problems.at(0)?.hint ?? '';
  assert.equal(hint('proc.nam=x'), "did you mean 'proc.name'?");
  assert.equal(hint('evt.type=execv'), "did you mean 'execve'?");
  assert.equal(
    hint('spawned', '- macro: spawned1\n  condition: evt.type=execve\n'),
    "did you mean 'spawned1'?",
  );
  assert.equal(load(rule('R', 'evt.type=execve', '  tag: [x]\n')).problems[0]?.hint, "did you mean 'tags'?");
});

test('a broken rule, item or file does not stop the others', () => {
  const result = load(
    `${rule('Bad', '(((')}\n- 7\n- nonsense: 1\n${rule('Good', 'evt.type=execve')}`,
    '- rule: [unclosed',
    rule('Other', 'evt.type=execve'),
  );
  assert.deepEqual(
    result.rules.map((loaded) => loaded.name),
    ['Good', 'Other'],
  );
  assert.deepEqual(codes(result).toSorted(), [
    'LOAD_ERR_COMPILE_CONDITION',
    'LOAD_ERR_YAML_PARSE',
    'LOAD_ERR_YAML_VALIDATE',
    'LOAD_UNKNOWN_ITEM',
  ]);
});

test('documents before a broken one are kept', () => {
  const result = load(`${rule('A', 'evt.type=execve')}---\n${rule('B', 'evt.type=execve')}---\n- rule: [x`);
  assert.deepEqual(
    result.rules.map((loaded) => loaded.name),
    ['A', 'B'],
  );
});

test('lists are put in as text, with quotes where needed; an empty one takes its comma along', () => {
  const lists =
    '- list: a\n  items: [x, "two words"]\n- list: none\n  items: []\n- list: both\n  items: [a, y]\n';
  assert.deepEqual(fires(load(lists + rule('R', 'proc.name in (both)')), named('two words')), ['R']);
  assert.deepEqual(fires(load(lists + rule('R', 'proc.name in (q, none, y)')), named('y')), ['R']);
  assert.deepEqual(fires(load(lists + rule('R', 'proc.name in (none, y)')), named('y')), ['R']);
  assert.deepEqual(fires(load(lists + rule('R', 'proc.name in (none)')), named('y')), []);
  assert.deepEqual(fires(load(lists + rule('R', 'proc.name in a')), named('x')), []);
  assert.deepEqual(fires(load(rule('R', 'proc.name in word')), named('word')), ['R']);
});

test('a list sees only lists before it', () => {
  const result = load(
    `- list: first\n  items: [later, x]\n- list: later\n  items: [y]\n${rule('R', 'proc.name in (first)')}`,
  );
  assert.deepEqual(result.lists.get('first'), ['later', 'x']);
});

test('a macro sees only macros before it, a rule sees all', () => {
  const use = '- macro: user\n  condition: used and evt.type=execve\n';
  const used = '- macro: used\n  condition: proc.name=x\n';
  assert.deepEqual(fires(load(used + use + rule('R', 'user')), named('x')), ['R']);
  assert.deepEqual(codes(load(use + used + rule('R', 'user'))), ['LOAD_ERR_VALIDATE', 'LOAD_ERR_VALIDATE']);
  assert.deepEqual(fires(load(rule('R', 'used') + used), named('x')), ['R']);
});

test('a macro that is defined again keeps its place and changes its users', () => {
  const base = `- macro: m\n  condition: proc.name=a\n- macro: user\n  condition: m\n${rule('R', 'user')}`;
  const result = load(base, '- macro: m\n  condition: proc.name=b\n');
  assert.deepEqual(fires(result, named('b')), ['R']);
  assert.deepEqual(fires(result, named('a')), []);
});

test('macros that refer to each other in a circle are an error', () => {
  const result = load(
    '- macro: a\n  condition: proc.name=x\n- macro: b\n  condition: a\n- macro: a\n  condition: b\n' +
      rule('R', 'a'),
  );
  assert.ok(codes(result).every((code) => code === 'LOAD_ERR_VALIDATE'));
  assert.match(result.problems[0]?.message ?? '', /reference loop/);
  assert.equal(result.rules.length, 0);
});

test('a rule that is defined again is replaced in its old position', () => {
  const result = load(
    rule('A', 'evt.type=execve') + rule('B', 'evt.type=execve'),
    rule('A', 'evt.type=fork'),
  );
  assert.deepEqual(
    result.rules.map((loaded) => loaded.name),
    ['A', 'B'],
  );
  assert.deepEqual([...(result.rules[0]?.eventTypes ?? [])], ['fork']);
});

test('append: true joins conditions with a blank and is deprecated', () => {
  const result = load(
    rule('R', 'evt.type=execve'),
    '- rule: R\n  append: true\n  condition: and proc.name=x\n',
  );
  assert.deepEqual(codes(result), ['LOAD_DEPRECATED_ITEM']);
  assert.deepEqual(fires(result, named('x')), ['R']);
  assert.deepEqual(fires(result, named('y')), []);
});

test('override appends and replaces key by key', () => {
  const base = `- list: l\n  items: [a]\n- macro: m\n  condition: proc.name in (l)\n${rule('R', 'evt.type=execve and (m)', '  tags: [one]\n')}`;
  const result = load(
    base,
    `- list: l
  items: [b]
  override: { items: append }
- macro: m
  condition: or proc.name=c
  override: { condition: append }
- rule: R
  priority: critical
  output: more
  tags: [two]
  enabled: false
  override: { priority: replace, output: append, tags: append, enabled: replace }
`,
  );
  assert.deepEqual(codes(result), []);
  const [loaded] = result.rules;
  assert.deepEqual([loaded?.priority, loaded?.output, loaded?.enabled], ['critical', 'out more', false]);
  assert.deepEqual(loaded?.tags, ['one', 'two']);
  const enabled = { ...result, rules: result.rules.map((one) => ({ ...one, enabled: true })) };
  for (const name of ['a', 'b', 'c']) assert.deepEqual(fires(enabled, named(name)), ['R']);
});

const REFUSED_OVERRIDES: readonly (readonly [string, RegExp])[] = [
  ['- rule: R\n  condition: x\n  tags: [t]\n  override: { condition: append }\n', /Unexpected key 'tags'/],
  ['- rule: R\n  override: { condition: append }\n', /'condition' is not defined/],
  ['- rule: R\n  condition: x\n  override: { condition: prepend }\n', /must be append or replace/],
  ['- rule: R\n  priority: error\n  override: { priority: append }\n', /cannot be overridden with 'append'/],
  [
    '- rule: R\n  condition: x\n  append: true\n  override: { condition: append }\n',
    /cannot be used together/,
  ],
  ['- rule: None\n  condition: and x\n  append: true\n', /no rule by that name already exists/],
  ['- macro: none\n  condition: and x\n  append: true\n', /no macro by that name already exists/],
  ['- list: none\n  items: [x]\n  override: { items: append }\n', /no list by that name already exists/],
  [
    '- rule: R\n  source: k8s_audit\n  condition: x\n  output: o\n  desc: d\n  priority: info\n',
    /different source/,
  ],
];

for (const [change, message] of REFUSED_OVERRIDES) {
  test(`refused: ${change.replaceAll('\n', ' ')}`, () => {
    const result = load(rule('R', 'evt.type=execve'), change);
    assert.ok(result.problems.some((problem) => problem.level === 'error' && message.test(problem.message)));
    assert.deepEqual(fires(result), ['R']);
  });
}

test('a standalone enabled key toggles a rule and is deprecated', () => {
  const result = load(rule('R', 'evt.type=execve'), '- rule: R\n  enabled: no\n');
  assert.deepEqual(codes(result), ['LOAD_DEPRECATED_ITEM']);
  assert.equal(result.rules[0]?.enabled, false);
});

test('disabledRules switches rules off', () => {
  const files = [{ name: 'f', content: rule('R', 'evt.type=execve') }];
  assert.deepEqual(fires(loadRules(files, { disabledRules: new Set(['R']) })), []);
});

const EXCEPTIONS: readonly (readonly [string, string, boolean])[] = [
  ['{ name: e, fields: [proc.name, proc.cmdline], values: [[a, a], [b, b]] }', 'b', false],
  ['{ name: e, fields: [proc.name], comps: [startswith], values: [[ab]] }', 'abc', false],
  ['{ name: e, fields: [proc.name], comps: [in], values: [[[a, b]]] }', 'b', false],
  ['{ name: e, fields: [proc.name], comps: [in], values: [[names]] }', 'listed', false],
  ['{ name: e, fields: proc.name, values: [a, b] }', 'b', false],
  ['{ name: e, fields: proc.name, values: [names] }', 'listed', false],
  ['{ name: e, fields: proc.name, comps: "startswith anyof", values: [x, ab] }', 'abc', false],
  ['{ name: e, fields: proc.name, values: [a, b] }', 'c', true],
  ['{ name: e, fields: proc.name }', 'c', true],
];

for (const [exception, name, expected] of EXCEPTIONS) {
  test(`exception ${exception} lets '${name}' ${expected ? 'fire' : 'pass'}`, () => {
    const list = '- list: names\n  items: [listed]\n';
    const result = load(
      list + rule('R', 'evt.type=execve or evt.type=fork', `  exceptions: [${exception}]\n`),
    );
    assert.deepEqual(codes(result), []);
    assert.deepEqual(fires(result, { process: { name, exe: name } }), expected ? ['R'] : []);
  });
}

const BAD_EXCEPTIONS: readonly (readonly [string, RegExp])[] = [
  [
    '{ name: e, fields: [proc.name], comps: [=, =], values: [] }',
    /Fields and comps lists must have equal length/,
  ],
  ['{ name: e, fields: [proc.name], values: [[a, b]] }', /Fields and values lists must have equal length/],
  ['{ name: e, fields: [no.field], values: [] }', /'no\.field' is not a supported filter field/],
  [
    '{ name: e, fields: [proc.name], comps: [like], values: [] }',
    /'like' is not a supported comparison operator/,
  ],
  ['{ name: e, values: [] }', /must have fields property/],
];

for (const [exception, message] of BAD_EXCEPTIONS) {
  test(`exception refused: ${exception}`, () => {
    const result = load(rule('R', 'evt.type=execve', `  exceptions: [${exception}]\n`));
    assert.match(result.problems[0]?.message ?? '', message);
  });
}

test('values are appended to an exception of the same name, fields are not', () => {
  const base = rule(
    'R',
    'evt.type=execve',
    '  exceptions: [{ name: e, fields: [proc.name], values: [[a]] }]\n',
  );
  const values =
    '- rule: R\n  exceptions: [{ name: e, values: [[b]] }]\n  override: { exceptions: append }\n';
  assert.deepEqual(fires(load(base, values), named('b')), []);
  const fields =
    '- rule: R\n  exceptions: [{ name: e, fields: [proc.pid] }]\n  override: { exceptions: append }\n';
  assert.match(load(base, fields).problems[0]?.message ?? '', /Can not append exception fields/);
});

test('engine versions are compared, and a file that asks for more is not loaded', () => {
  const content = (version: string): string =>
    `- required_engine_version: ${version}\n${rule('R', 'evt.type=execve')}`;
  assert.equal(load(content('0.57.0')).rules.length, 1);
  assert.equal(load(content('15')).rules.length, 1);
  assert.equal(load(content('0.99.0')).rules.length, 0);
  assert.match(load(content('99')).problems[0]?.message ?? '', /Rules require engine version 0\.99\.0/);
});

test('rules of another source are skipped with a warning', () => {
  const result = load(rule('R', 'ka.verb=get', '  source: aws_cloudtrail\n'));
  assert.deepEqual(codes(result), ['LOAD_UNKNOWN_SOURCE']);
  assert.equal(result.rules.length, 0);
});

test('a rule of a source that is not there can be changed without another word', () => {
  const okta = rule('R', 'okta.app=x', '  source: okta\n  exceptions: [{ name: e, fields: [okta.user] }]\n');
  const change =
    '- rule: R\n  condition: and okta.user=y\n  tags: [t]\n  override: { condition: append, tags: replace }\n';
  const result = load(
    okta,
    change,
    '- rule: R\n  exceptions: [{ name: e, values: [[a]] }]\n  override: { exceptions: append }\n',
  );
  assert.deepEqual(codes(result), ['LOAD_UNKNOWN_SOURCE']);
  assert.equal(result.rules.length, 0);
});

test('exceptions may only use fields of the rule’s own source', () => {
  const audit = rule(
    'R',
    'ka.verb=get',
    '  source: k8s_audit\n  exceptions: [{ name: e, fields: [proc.name] }]\n',
  );
  assert.match(load(audit).problems[0]?.message ?? '', /'proc\.name' is not a supported filter field/);
});

test('skip-if-unknown-filter turns unknown fields into warnings', () => {
  const unknown = rule('R', 'no.such=1', '  skip-if-unknown-filter: true\n');
  assert.deepEqual(codes(load(unknown)), ['LOAD_UNKNOWN_FILTER']);
  const misused = rule('R', 'proc.name regex "("', '  skip-if-unknown-filter: true\n');
  assert.deepEqual(codes(load(misused)), ['LOAD_ERR_COMPILE_CONDITION']);
});

const WARNINGS: readonly (readonly [string, string])[] = [
  [rule('R', 'proc.name=x'), 'LOAD_NO_EVTTYPE'],
  [rule('R', 'evt.type=execve and evt.dir=<'), 'LOAD_DEPRECATED_ITEM'],
  [rule('R', 'evt.type=execve and proc.name=proc.pname'), 'LOAD_COMPILE_CONDITION'],
  [rule('R', 'evt.type=execve and proc.name regex abc'), 'LOAD_COMPILE_CONDITION'],
  [rule('R', 'evt.type=execve', '  colour: red\n'), 'LOAD_UNKNOWN_KEY'],
  [rule('R', 'evt.type=execve', '  desc: twice\n'), 'LOAD_DUPLICATE_KEY'],
  [`- list: l\n  items: [x]\n${rule('R', 'evt.type=execve')}`, 'LOAD_UNUSED_LIST'],
  [`- macro: m\n  condition: evt.type=execve\n${rule('R', 'evt.type=execve')}`, 'LOAD_UNUSED_MACRO'],
  [`- macro: m-x\n  condition: evt.type=execve\n${rule('R', 'evt.type=execve')}`, 'LOAD_INVALID_MACRO_NAME'],
];

for (const [content, code] of WARNINGS) {
  test(`${code} is a warning and the rule loads`, () => {
    const result = load(content);
    assert.equal(result.rules.length, 1);
    assert.ok(result.problems.some((problem) => problem.code === code && problem.level === 'warning'));
  });
}

test('warn_evttypes: false silences the warning', () => {
  assert.deepEqual(codes(load(rule('R', 'proc.name=x', '  warn_evttypes: false\n'))), []);
});

test('outputs with unknown fields are refused', () => {
  const result = load(
    '- rule: R\n  desc: d\n  output: x %no.field\n  priority: info\n  condition: evt.type=execve\n',
  );
  assert.deepEqual(codes(result), ['LOAD_ERR_COMPILE_OUTPUT']);
});

test('lists, macros and aliases that grow without bound are refused, not expanded', () => {
  const lists = Array.from({ length: 30 }, (_, at) => {
    const items = at === 29 ? 'x' : Array.from({ length: 10 }, () => `l${at + 1}`).join(', ');
    return `- list: l${at}\n  items: [${items}]\n`;
  });
  const tooLong = load(lists.join('') + rule('R', 'proc.name in (l0)'));
  assert.ok(codes(tooLong).includes('LOAD_ERR_COMPILE_CONDITION'));
  const macros = Array.from({ length: 60 }, (_, at) => {
    return `- macro: m${at}\n  condition: ${at === 0 ? 'proc.name=x' : `m${at - 1} or m${at - 1}`}\n`;
  });
  assert.ok(codes(load(macros.join('') + rule('R', 'm59'))).includes('LOAD_ERR_VALIDATE'));
  const aliases = Array.from({ length: 30 }, (_, at) => {
    const items = at === 0 ? 'x' : Array.from({ length: 10 }, () => `*a${at - 1}`).join(', ');
    return `- &a${at} [${items}]\n`;
  });
  assert.deepEqual(codes(load(aliases.join(''))), ['LOAD_ERR_YAML_PARSE']);
});

test('deep nesting in YAML and a chain of many macros are refused without exhausting the stack', () => {
  assert.deepEqual(codes(load('['.repeat(200_000))), ['LOAD_ERR_YAML_PARSE']);
  const chain = Array.from({ length: 3000 }, (_, at) => {
    return `- macro: m${at}\n  condition: ${at === 0 ? 'proc.name=x' : `not m${at - 1}`}\n`;
  });
  const result = load(chain.join('') + rule('R', 'm2999'));
  assert.ok(codes(result).includes('LOAD_ERR_VALIDATE'));
  assert.equal(result.rules.length, 0);
});

test('no text makes the loader throw', () => {
  const words = [
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
    '  append: true\n',
    '  desc: d\n',
    '  output: "%proc.name"\n',
    '  priority: info\n',
    '---\n',
    '\t',
    '\u{feff}',
    '\ud800',
  ];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...words)).map((parts) => parts.join('')),
      ),
      (content) => {
        const result = load(content);
        for (const problem of result.problems) assert.ok(problem.line >= 1 && problem.column >= 1);
      },
    ),
    { numRuns: 300 },
  );
});

const OFFICIAL = new URL('../../../../../shared/compat/falco/rules/', import.meta.url);

test('the official Falco rules load without a problem', {
  skip: existsSync(OFFICIAL) ? false : 'compatibility material is not here',
}, () => {
  const names = ['falco_rules.yaml', 'falco-incubating_rules.yaml', 'falco-sandbox_rules.yaml'];
  const result = loadRules(
    names.map((name) => ({ name, content: readFileSync(new URL(name, OFFICIAL), 'utf8') })),
  );
  assert.deepEqual(result.problems, []);
  assert.equal(result.rules.length, 93);
});
