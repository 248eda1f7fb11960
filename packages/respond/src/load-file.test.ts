import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { loadResponseFiles } from './load-file.ts';
import { validateResponseInput } from './response-input.ts';
import { ruleOf } from './test-alert.ts';

const HEAD = 'apiVersion: guardcell/v1\nkind: ResponseRule\n';
const GOOD = `${HEAD}metadata: { name: good }\nspec:\n  actions: [{ do: pause }]\n`;

function load(content: string): ReturnType<typeof loadResponseFiles> {
  return loadResponseFiles([{ name: 'r.yaml', content }]);
}

/** `line:column CODE` of each problem of a document with this spec. */
function places(spec: string): readonly string[] {
  return load(`${HEAD}metadata: { name: x }\nspec:\n${spec}`).problems.map(
    ({ line, column, code }) => `${line}:${column} ${code.replace('GC_RESPONSE_', '')}`,
  );
}

test('fills in the defaults', () => {
  const { rules, problems } = load(GOOD);
  assert.deepEqual(problems, []);
  assert.deepEqual(rules, [
    {
      name: 'good',
      description: '',
      enabled: true,
      trigger: { rules: [], tags: [], minSeverity: 'info' },
      guard: '',
      actions: [{ do: 'pause', with: {} }],
      cooldownSeconds: 300,
      maxTargets: 3,
      mode: 'enforce',
      origin: { kind: 'file', path: 'r.yaml' },
    },
  ]);
});

test('reads everything', () => {
  const { rules, problems } = load(`${HEAD}metadata: { name: full }
spec:
  description: says what
  enabled: false
  trigger: { rules: ["A b"], tags: [t], minSeverity: critical }
  guard: 'container.image.startsWith("x")'
  actions:
    - do: notify
      with: { url: "http://127.0.0.1:9999/hook", secretFile: /run/secrets/hook, format: falco }
    - { do: stop, with: { graceSeconds: 3 } }
  cooldown: 90s
  maxTargets: 7
  mode: dry-run
`);
  assert.deepEqual(problems, []);
  const [rule] = rules;
  assert.deepEqual(rule?.trigger, { rules: ['A b'], tags: ['t'], minSeverity: 'critical' });
  assert.deepEqual(rule?.actions, [
    {
      do: 'notify',
      with: { url: 'http://127.0.0.1:9999/hook', secretFile: '/run/secrets/hook', format: 'falco' },
    },
    { do: 'stop', with: { graceSeconds: 3 } },
  ]);
  assert.deepEqual(
    [rule?.cooldownSeconds, rule?.maxTargets, rule?.mode, rule?.enabled],
    [90, 7, 'dry-run', false],
  );
});

const ACTIONS = '  actions: [{ do: pause }]\n';
const WRONG: readonly (readonly [string, string, readonly string[]])[] = [
  ['an unknown key', `  actoins: []\n${ACTIONS}`, ['5:3 UNKNOWN_KEY']],
  ['an unknown trigger key', `  trigger: { rule: [a] }\n${ACTIONS}`, ['5:14 UNKNOWN_KEY']],
  ['a wrong type', `  enabled: "yes"\n${ACTIONS}`, ['5:12 TYPE']],
  ['a wrong severity', `  trigger: { minSeverity: hgh }\n${ACTIONS}`, ['5:27 VALUE']],
  ['a wrong list', `  trigger: { tags: a }\n${ACTIONS}`, ['5:20 TYPE']],
  ['a wrong list item', `  trigger: { tags: [a, 5] }\n${ACTIONS}`, ['5:24 TYPE']],
  ['no actions', '  maxTargets: 1\n', ['5:3 MISSING']],
  ['an empty list of actions', '  actions: []\n', ['5:12 VALUE']],
  ['an unknown action', '  actions: [{ do: puase }]\n', ['5:19 VALUE']],
  ['an action without do', '  actions: [{ with: {} }]\n', ['5:13 MISSING']],
  ['a notification without url', '  actions: [{ do: notify }]\n', ['5:13 MISSING']],
  [
    'a form that nobody reads',
    '  actions: [{ do: notify, with: { url: "https://x/", format: xml } }]\n',
    ['5:62 VALUE'],
  ],
  ['a url that is none', '  actions: [{ do: notify, with: { url: "ftp://x" } }]\n', ['5:40 VALUE']],
  ['a url with a password', '  actions: [{ do: notify, with: { url: "http://u:p@x/" } }]\n', ['5:40 VALUE']],
  [
    'a relative secret file',
    '  actions: [{ do: notify, with: { url: "http://x/", secretFile: k } }]\n',
    ['5:65 VALUE'],
  ],
  [
    'a parameter of another action',
    '  actions: [{ do: pause, with: { url: "http://x/" } }]\n',
    ['5:34 UNKNOWN_KEY'],
  ],
  ['a bad grace time', '  actions: [{ do: stop, with: { graceSeconds: -1 } }]\n', ['5:47 VALUE']],
  ['a number as cool-down', `  cooldown: 5\n${ACTIONS}`, ['5:13 VALUE']],
  ['a cool-down of half a second', `  cooldown: 500ms\n${ACTIONS}`, ['5:13 VALUE']],
  ['a cool-down of a month', `  cooldown: 30d\n${ACTIONS}`, ['5:13 VALUE']],
  ['a target limit of none', `  maxTargets: 0\n${ACTIONS}`, ['5:15 VALUE']],
  ['a wrong mode', `  mode: enforced\n${ACTIONS}`, ['5:9 VALUE']],
  ['a guard that names nothing known', `  guard: contaner.id == "x"\n${ACTIONS}`, ['5:10 GUARD']],
  ['a quoted guard', `  guard: 'true && contaner.id == "x"'\n${ACTIONS}`, ['5:19 GUARD']],
  ['a block guard', `  guard: |\n    true &&\n      contaner.id == "x"\n${ACTIONS}`, ['7:7 GUARD']],
  ['a guard that is no condition', `  guard: container.id\n${ACTIONS}`, ['5:10 GUARD']],
  ['a guard that does not end', `  guard: 'container.id == '\n${ACTIONS}`, ['5:27 GUARD']],
];

for (const [what, spec, wanted] of WRONG) {
  test(`points at ${what}`, () => assert.deepEqual(places(spec), wanted));
}

test('suggests what was probably meant', () => {
  const { problems } = load(
    `${HEAD}metadata: { name: x }\nspec:\n  actoins: []\n  actions: [{ do: puase }]\n`,
  );
  assert.deepEqual(
    problems.map(({ hint }) => hint),
    ['Did you mean "actions"?', 'Did you mean "pause"?'],
  );
});

test('checks the head of a document', () => {
  const codes = (content: string): readonly string[] => load(content).problems.map(({ code }) => code);
  assert.deepEqual(
    codes('apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { actions: [{ do: pause }] }'),
    ['GC_RESPONSE_KIND', 'GC_RESPONSE_KIND'],
  );
  assert.deepEqual(codes('hello'), ['GC_RESPONSE_TYPE']);
  assert.deepEqual(codes('- a'), ['GC_RESPONSE_TYPE']);
  assert.deepEqual(codes(HEAD), ['GC_RESPONSE_MISSING', 'GC_RESPONSE_MISSING']);
  assert.deepEqual(codes(`${HEAD}metadata: { name: Bad_Name }\nspec: { actions: [{ do: pause }] }`), [
    'GC_RESPONSE_VALUE',
  ]);
});

test('one bad document does not stop the others', () => {
  const bad = `${HEAD}metadata: { name: bad }\nspec: { actions: 5 }\n`;
  const other = GOOD.replace('good', 'other');
  const { rules, problems } = load([GOOD, bad, other, ''].join('---\n'));
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['good', 'other'],
  );
  assert.deepEqual(
    problems.map(({ item, line }) => [item, line]),
    [['bad', 10]],
  );
});

test('broken YAML is reported where it breaks', () => {
  const { rules, problems } = load(`${GOOD}---\na: [1\nb: }\n`);
  assert.equal(rules.length, 1);
  assert.ok(problems.length > 0);
  assert.equal(problems[0]?.code, 'GC_RESPONSE_SYNTAX');
  assert.ok((problems[0]?.line ?? 0) >= 7);
});

test('a name is taken by the first that has it, also across files', () => {
  const { rules, problems } = loadResponseFiles([
    { name: 'a.yaml', content: GOOD },
    { name: 'b.yaml', content: GOOD },
  ]);
  assert.equal(rules.length, 1);
  assert.deepEqual(
    problems.map(({ file, line, column, code }) => [file, line, column, code]),
    [['b.yaml', 3, 19, 'GC_RESPONSE_DUPLICATE']],
  );
  assert.match(problems[0]?.message ?? '', /a\.yaml/);
});

test('a bomb of aliases and a huge file are refused', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
  const { problems } = load(['l0: &l0 [x]', ...levels].join('\n'));
  assert.ok(problems.length > 0);
  assert.equal(load('#'.repeat(1_100_000)).problems[0]?.code, 'GC_RESPONSE_SYNTAX');
});

test('every value of a document arrives in the rule', () => {
  const text = fc.string({ maxLength: 40 });
  const rule = fc.record({
    description: text,
    enabled: fc.boolean(),
    guard: fc.constantFrom('', 'container.privileged', 'process.uid == 0 &&\n  container.name != "a"\n'),
    cooldownSeconds: fc.integer({ min: 0, max: 86_400 }),
    maxTargets: fc.integer({ min: 1, max: 1000 }),
    mode: fc.constantFrom('enforce' as const, 'dry-run' as const),
    trigger: fc.record(
      {
        rules: fc.array(text, { maxLength: 3 }),
        tags: fc.array(text, { maxLength: 3 }),
        minSeverity: fc.constant('low' as const),
      },
      { noNullPrototype: true },
    ),
    actions: fc.constant([
      { do: 'notify' as const, with: { url: 'https://x.test/a' } },
      { do: 'stop' as const, with: { graceSeconds: 5 } },
    ]),
  });
  fc.assert(
    fc.property(rule, (spec) => {
      const written = ruleOf({ ...spec, origin: { kind: 'file', path: 'r.yaml' } });
      const { cooldownSeconds, ...rest } = spec;
      // JSON is YAML.
      const document = JSON.stringify({ ...rest, cooldown: `${cooldownSeconds}s` });
      const loaded = load(`${HEAD}metadata: { name: ${written.name} }\nspec: ${document}\n`);
      assert.deepEqual(loaded.problems, []);
      assert.deepEqual(loaded.rules, [written]);
    }),
    { numRuns: 200 },
  );
});

test('no text makes loading throw, and every problem has a place', () => {
  const piece = fc.constantFrom(
    '---\n',
    HEAD,
    'metadata: { name: a }\n',
    'spec:\n',
    ACTIONS,
    '  guard: ',
    '&a ',
    '*a ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|\n',
    '!!js ',
    '? ',
    ': ',
    '\t',
    '\u0000',
    '- ',
    '<<: *a\n',
    '__proto__: 1\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 25 }), (parts) => {
      for (const { line, column, message } of load(parts.join('')).problems) {
        assert.ok(line >= 1 && column >= 1 && message !== '');
      }
    }),
    { numRuns: 500 },
  );
});

test('API objects are held to the same rules', () => {
  const { origin: _, ...input } = ruleOf();
  assert.deepEqual(validateResponseInput(input), []);
  const codes = (change: object): readonly string[] =>
    validateResponseInput({ ...input, ...change }).map(({ code }) => code);
  assert.deepEqual(codes({ name: 'Bad Name' }), ['GC_RESPONSE_VALUE']);
  assert.deepEqual(codes({ extra: 1 }), ['GC_RESPONSE_UNKNOWN_KEY']);
  assert.deepEqual(codes({ cooldownSeconds: 90_000 }), ['GC_RESPONSE_VALUE']);
  assert.deepEqual(codes({ actions: [{ do: 'notify', with: {} }] }), ['GC_RESPONSE_MISSING']);
  assert.deepEqual(codes({ guard: 'container.nme == "x"' }), ['GC_RESPONSE_GUARD']);
  assert.deepEqual(
    validateResponseInput(null).map(({ code }) => code),
    ['GC_RESPONSE_TYPE', 'GC_RESPONSE_MISSING'],
  );
  fc.assert(fc.property(fc.anything(), (value) => validateResponseInput(value).length > 0));
});

test('a file that is wrong a hundred thousand times is told about in bounded time and space', () => {
  const startedMs = performance.now();
  const { rules, problems } = loadResponseFiles([{ name: 'bad.yaml', content: '&a '.repeat(100_000) }]);
  assert.equal(rules.length, 0);
  assert.equal(problems.length, 100);
  // Time squared would be a minute here.
  assert.ok(performance.now() - startedMs < 10_000);
});
