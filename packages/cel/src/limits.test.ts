import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compile } from './compile.ts';
import { DEFAULT_LIMITS, MAX_SOURCE_LENGTH } from './limits.ts';
import type { CelResult } from './program.ts';

const VARIABLES = { list: 'dyn', text: 'dyn', m: 'dyn' } as const;
const BINDINGS = {
  list: Array.from({ length: 1000 }, (_, i) => i),
  text: 'a'.repeat(10_000),
  m: { a: [1, 2, { b: 'c' }], b: 'x', c: null },
};

function evaluate(text: string, maxCost = 100_000): CelResult {
  const compiled = compile(text, { variables: VARIABLES });
  if (!compiled.ok) assert.fail(compiled.problems[0]?.message ?? '');
  return compiled.program.evaluate(BINDINGS, { maxCost });
}

const EXPENSIVE: readonly string[] = [
  'list.all(a, list.all(b, list.all(c, list.all(d, a + b + c + d >= 0))))',
  'list.map(a, list.map(b, list)) == []',
  'list.map(a, text + text).size() == 0',
  `[0].map(a, ${'text + '.repeat(200)}text).size() == 0`,
  'list.exists(a, text.matches("(a|aa)+$") && false)',
  'list.all(a, text.matches("(a*)*b" + string(a)) || true)',
  'list.all(a, text.contains("b") || true)',
  'list.all(a, text.replace("a", text) == "")',
  'list.all(a, text.split("").size() > 0)',
  'list.all(a, list == list)',
  'list.all(a, (list + list + list).size() > 0)',
  'list.all(a, list.all(b, 1 / 0 > 0 || true))',
  'list.all(a, a in list || true)',
  'list.all(a, text < text + "b")',
];

for (const text of EXPENSIVE) {
  test(`stops at the cost limit: ${text.slice(0, 80)}`, () => {
    const result = evaluate(text);
    assert.ok(!result.ok);
    assert.equal(result.error.kind, 'limit');
    assert.ok(result.cost <= 100_000);
  });
}

test('a limit is not absorbed by logic', () => {
  const result = evaluate('list.all(a, list.all(b, a + b >= 0)) || true', 5000);
  assert.ok(!result.ok);
  assert.equal(result.error.kind, 'limit');
});

test('strings and lists cannot grow beyond their limits', () => {
  const doubled = Array.from({ length: 12 }).reduce<string>((inner) => `[${inner}].map(v, v + v)[0]`, 'text');
  const result = evaluate(doubled, 1_000_000_000);
  assert.ok(!result.ok);
  assert.match(result.error.message, /string longer than/);
  const lists = Array.from({ length: 12 }).reduce<string>((inner) => `[${inner}].map(v, v + v)[0]`, 'list');
  const listResult = evaluate(lists, 1_000_000_000);
  assert.ok(!listResult.ok);
  assert.match(listResult.error.message, /more than 65536 entries/);
  assert.equal(DEFAULT_LIMITS.maxListSize, 65_536);
});

test('a hostile regular expression takes no exponential time', () => {
  const result = evaluate('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")');
  assert.ok(result.ok);
  assert.equal(result.value, false);
});

test('ordinary conditions cost next to nothing', () => {
  const result = evaluate('m.b.startsWith("x") && m.a.exists(v, v == 2) && !has(m.z)');
  assert.ok(result.ok && result.cost < 50);
});

const DEEP: readonly string[] = [
  `${'('.repeat(5000)}1${')'.repeat(5000)}`,
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'!'.repeat(5000)}true`,
  `${'-'.repeat(5000)}1`,
  `1${' + 1'.repeat(5000)}`,
  `m${'.a'.repeat(5000)}`,
  `m${'[0]'.repeat(5000)}`,
  `${'true ? ('.repeat(2000)}1${') : 2'.repeat(2000)}`,
  `${'true ? 1 : '.repeat(2000)}2`,
  `${'[1].map(x, '.repeat(2000)}1${')'.repeat(2000)}`,
  '1'.repeat(MAX_SOURCE_LENGTH + 1),
];

for (const text of DEEP) {
  test(`too deep or too long is a problem, not a crash: ${text.slice(0, 20)}…`, () => {
    const compiled = compile(text, { variables: VARIABLES });
    assert.ok(!compiled.ok);
    assert.match(compiled.problems[0]?.message ?? '', /too deeply|longer than/);
  });
}

test('long chains of && and || are not deep', () => {
  const compiled = compile(`true${' && true'.repeat(5000)} || false`, { variables: {} });
  assert.ok(compiled.ok);
  assert.ok(compiled.program.evaluate({}).ok);
});

test('lists nested too deeply in bindings are an error', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const compiled = compile('list == list', { variables: VARIABLES });
  assert.ok(compiled.ok);
  const result = compiled.program.evaluate({ list: cyclic });
  assert.ok(!result.ok);
  assert.match(result.error.message, /nested too deeply/);
});

test('objects that contain themselves end at the cost limit', () => {
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic['self'] = cyclic;
  const compiled = compile('m == m', { variables: VARIABLES });
  assert.ok(compiled.ok);
  const result = compiled.program.evaluate({ m: cyclic });
  assert.ok(!result.ok);
  assert.equal(result.error.kind, 'limit');
});

const LEAVES =
  '0 1 -1 9223372036854775807 1u 1.5 0.0 "" "a" "é😀" b"\\xff" true false null list text m m.a m.b m.z [] {} [1,"a",null] {"a":1,2:[]} timestamp(0) duration("1h") type(1) int'.split(
    ' ',
  );
const BINARY = '+ - * / % == != < <= > >= && || in'.split(' ');
const METHODS =
  'size contains startsWith endsWith matches split join replace trim indexOf substring lowerAscii getHours'.split(
    ' ',
  );
const GLOBALS = 'size int uint double string bytes bool type dyn timestamp duration matches'.split(' ');

const expression = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any');
  return {
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.constantFrom(...LEAVES),
      fc.tuple(any, fc.constantFrom(...BINARY), any).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom('!', '-'), any).map(([op, a]) => `${op}(${a})`),
      fc.tuple(any, any, any).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.tuple(any, any).map(([a, b]) => `(${a})[${b}]`),
      any.map((a) => `has((${a}).a)`),
      fc
        .tuple(any, fc.constantFrom(...METHODS), fc.array(any, { maxLength: 3 }))
        .map(([a, name, args]) => `(${a}).${name}(${args.join(', ')})`),
      fc.tuple(fc.constantFrom(...GLOBALS), any).map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(any, fc.constantFrom('all', 'exists', 'exists_one', 'map', 'filter'), any)
        .map(([a, macro, body]) => `(${a}).${macro}(list, ${body})`),
      fc.array(any, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    ),
  };
}).any;

test('no expression throws or exceeds its cost', () => {
  const variables = { ...VARIABLES, list: 'dyn' } as const;
  let evaluated = 0;
  fc.assert(
    fc.property(expression, (text) => {
      const compiled = compile(text, { variables });
      if (!compiled.ok) {
        for (const { line, column, message } of compiled.problems)
          assert.ok(line > 0 && column > 0 && message !== '');
        return;
      }
      evaluated += 1;
      const result = compiled.program.evaluate(BINDINGS, { maxCost: 5000 });
      assert.ok(result.cost <= 5000);
      assert.deepEqual(result, compiled.program.evaluate(BINDINGS, { maxCost: 5000 }), 'deterministic');
    }),
    { numRuns: 3000 },
  );
  assert.ok(evaluated > 300, `only ${evaluated} were evaluated`);
});

test('no text makes compiling throw', () => {
  const token = fc.constantFrom(
    ...LEAVES,
    ...BINARY,
    ...METHODS,
    ...'( ) [ ] { } , . : ? ! ` \' " \\ r" b\' """ // \n'.split(' '),
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(token, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 20 }),
      (parts) => {
        for (const separator of ['', ' ']) compile(parts.join(separator), { variables: VARIABLES });
      },
    ),
    { numRuns: 3000 },
  );
});
