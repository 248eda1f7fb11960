import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, runCases } from './case-table.test.ts';
import { compile } from './compile.ts';
import { global } from './overload.ts';
import type { CelType } from './types.ts';

const CONTAINER: CelType = {
  object: { id: 'string', image: 'string', privileged: 'bool', labels: { map: 'string' } },
};
const VARIABLES = { container: CONTAINER, tags: { list: 'string' }, count: 'int' } as const;

runCases([
  ['\'single\' + "double"', 'singledouble'],
  ["'''it's'''", "it's"],
  ['"""a"b\n"""', 'a"b\n'],
  ['r"\\d\\n"', '\\d\\n'],
  ['"\\x41\\u00e9\\U0001F600\\101\\n"', 'Aé😀A\n'],
  ['"\\q"', 'error: unknown escape'],
  ['"\\ud800"', 'error: code point'],
  ['"open', 'error: does not end'],
  ['"a\nb"', 'error: does not end'],
  ['1 // comment\n + 1', 2],
  ['b"\\xff\\000"', '/wA='],
  ['', 'error: expected an expression, found the end'],
  ['1 +', 'error: found the end'],
  ['(1', "error: expected '\\)'"],
  ['[1', "error: expected ']'"],
  ['1 2', 'error: expected an operator'],
  ['1 = 1', "error: unexpected character '='"],
  ['a & b', "error: unexpected character '&'"],
  ['1abc', 'error: malformed number'],
  ['for', 'error: reserved word'],
  ['m.for', 'error: no such key: for'],
  ['in', 'error: expected an expression'],
  ['m.?a', 'error: optional'],
  ['Foo{a: 1}', 'error: messages'],
  ['@', "error: unexpected character '@'"],
] satisfies readonly Case[]);

function problems(text: string): readonly string[] {
  const compiled = compile(text, { variables: VARIABLES, resultType: 'bool' });
  return compiled.ok
    ? []
    : compiled.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

test('points at what is unknown and suggests what was meant', () => {
  assert.deepEqual(problems('contaner.id == "x"'), [
    `1:1 unknown variable 'contaner' | Did you mean "container"?`,
  ]);
  assert.deepEqual(problems('count > 1 &&\n  container.imge.startsWith("x")'), [
    `2:13 unknown field 'imge' | Did you mean "image"?`,
  ]);
  assert.deepEqual(problems('container.image.startWith("x")'), [
    `1:17 unknown function 'startWith' | Did you mean "startsWith"?`,
  ]);
  assert.deepEqual(problems('tags.exist(t, true)'), [
    `1:6 unknown function 'exist' | Did you mean "exists"?`,
  ]);
  assert.deepEqual(problems('tags.all(t)'), [
    '1:6 all is a macro and is used wrongly here | Write `list.all(x, …)`.',
  ]);
});

test('points at types that cannot be right', () => {
  assert.deepEqual(problems('count == 1 && container.image'), [
    '1:15 an operand of && is a string, not a bool | ',
  ]);
  assert.deepEqual(problems('count + 1.0 > 2.0'), [
    "1:7 operator '+' does not take (int, double) | Convert one side with `int()`, `uint()` or `double()`.",
  ]);
  assert.deepEqual(problems('tags.all(t, t > 1)'), ["1:15 operator '>' does not take (string, int) | "]);
  assert.deepEqual(problems('container.labels.app.foo == "x"'), ["1:22 a string has no field 'foo' | "]);
  assert.deepEqual(problems('container.image'), ['1:1 the expression gives a string, not a bool | ']);
  assert.deepEqual(problems('startsWith(container.image, "x")'), [
    '1:1 startsWith() does not take (string, string) | Write `value.startsWith(…)`.',
  ]);
  assert.deepEqual(problems('container.image.matches("(")'), [
    '1:25 invalid regular expression: missing closing ): `(` | Patterns are in RE2 syntax.',
  ]);
});

test('what may be right is left to evaluation', () => {
  for (const text of [
    'container.labels["app"] == "x"',
    'container.labels.app == "x"',
    'dyn(count) == "x"',
    'tags == [1]',
  ]) {
    assert.deepEqual(problems(text), [], text);
  }
});

test('evaluation errors tell where', () => {
  const compiled = compile('count > 1 &&\n  container.labels.app == "x"', { variables: VARIABLES });
  assert.ok(compiled.ok);
  const result = compiled.program.evaluate({ count: 2, container: { labels: {} } });
  assert.ok(!result.ok);
  assert.deepEqual(result.error, {
    kind: 'evaluation',
    message: 'no such key: app',
    line: 2,
    column: 20,
  });
});

test('a variable without a value is an error of evaluation', () => {
  const compiled = compile('count > 1', { variables: VARIABLES });
  assert.ok(compiled.ok);
  const result = compiled.program.evaluate({});
  assert.ok(!result.ok);
  assert.match(result.error.message, /no value for variable 'count'/);
});

test('functions can be added as a library, also overloads of known ones', () => {
  const library = {
    name: 'test',
    functions: [
      { name: 'twice', overloads: [global(['int'], 'int', ([value]) => value * 2n)] },
      { name: 'size', overloads: [global(['int'], 'int', ([value]) => value)] },
    ],
  };
  const compiled = compile('twice(21) == size(42) && size("ab") == 2', {
    variables: {},
    libraries: [library],
  });
  assert.ok(compiled.ok);
  assert.deepEqual(compiled.program.evaluate({}), {
    ok: true,
    value: true,
    cost: compiled.program.evaluate({}).cost,
  });
  assert.ok(!compile('twice(1)', { variables: {} }).ok);
});

test('JavaScript values become values of the language', () => {
  const compiled = compile(
    '[type(a) == int, type(b) == double, c == null, d.e[0] == "x", type(f) == google.protobuf.Timestamp, g == b"A"]',
    { variables: { a: 'dyn', b: 'dyn', c: 'dyn', d: 'dyn', f: 'dyn', g: 'dyn' } },
  );
  assert.ok(compiled.ok);
  const bindings = { a: 7, b: 0.5, c: undefined, d: { e: ['x'] }, f: new Date(0), g: Uint8Array.of(65) };
  const result = compiled.program.evaluate(bindings);
  assert.ok(result.ok);
  assert.deepEqual(result.value, Array(6).fill(true));
});
