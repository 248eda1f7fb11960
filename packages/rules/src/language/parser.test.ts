import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Expression, operandText, rightSideText } from './ast.ts';
import { MAX_DEPTH, parseCondition } from './parser.ts';

/** The tree as a compact text, so that tables stay readable. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.children.map(show).join(` ${expression.kind} `)})`;
    case 'not':
      return `!${show(expression.child)}`;
    case 'check': {
      const operator = [expression.operator, expression.quantifier]
        .filter((word) => word !== undefined)
        .join(' ');
      return `[${operandText(expression.left)} ${operator} ${rightSideText(expression.right)}]`;
    }
    case 'reference':
      return expression.name;
    case 'macro':
      return `${expression.name}:${show(expression.body)}`;
  }
}

const ACCEPTED: readonly (readonly [string, string])[] = [
  ['a.b=c', '[a.b = c]'],
  ['a.b = c or(d.e=f)', '([a.b = c] or [d.e = f])'],
  ['x or y and z', '(x or (y and z))'],
  ['x and y or z', '((x and y) or z)'],
  ['(x or y) and z', '((x or y) and z)'],
  ['not x', '!x'],
  ['not not x', 'x'],
  ['not not not x', '!x'],
  ['not(x or y)', '!(x or y)'],
  ['not (x)', '!x'],
  ['not not(x)', 'x'],
  ['proc.name in(a,b)', '[proc.name in (a, b)]'],
  ['proc.name in (a , "b c" , \'d\')', '[proc.name in (a, b c, d)]'],
  ['proc.name in ()', '[proc.name in ()]'],
  ['proc.name in names', '[proc.name in (names)]'],
  ['proc.name intersects (a)', '[proc.name intersects (a)]'],
  ['fd.name pmatch(/etc)', '[fd.name pmatch (/etc)]'],
  ['fd.name exists', '[fd.name exists ]'],
  ['proc.aname[2]=x', '[proc.aname[2] = x]'],
  ['container.mount.dest[/etc] exists', '[container.mount.dest[/etc] exists ]'],
  ["proc.env['A B'] = x", '[proc.env[A B] = x]'],
  ['evt.num >= 0', '[evt.num >= 0]'],
  ['evt.num<=-1', '[evt.num <= -1]'],
  ['evt.num > 0x1F', '[evt.num > 0x1F]'],
  ['evt.num < 1.5e+3', '[evt.num < 1.5e+3]'],
  ['proc.name startswith anyof (a, b)', '[proc.name startswith anyof (a, b)]'],
  ['proc.name contains oneof names', '[proc.name contains oneof (names)]'],
  ['proc.name = allof(a)', '[proc.name = allof (a)]'],
  ['proc.name = oneof', '[proc.name = oneof]'],
  ['proc.name = anyof and x', '([proc.name = anyof] and x)'],
  ['fd.name = val(proc.name)', '[fd.name = proc.name]'],
  ['fd.name = tolower(proc.name)', '[fd.name = tolower(proc.name)]'],
  ['tolower(proc.name) = x', '[tolower(proc.name) = x]'],
  ['len(join(",", (a, b))) > 2', '[len(join(",", (a, b))) > 2]'],
  ['getopt(proc.args, "ab:")[b] = x', '[getopt(proc.args, "ab:")[b] = x]'],
  ['proc.cmdline = "a \\"b\\" \\\\ \\n"', '[proc.cmdline = a "b" \\ \n]'],
  ['\t\r\n x \n', 'x'],
  // Tokens are read by prefix, without word boundaries.
  ['a.b=c and(d.e=f)and(g.h=i)', '([a.b = c] and [d.e = f] and [g.h = i])'],
  ['(a.b=c)or(d.e=f)', '([a.b = c] or [d.e = f])'],
  ['(x)and y', '(x and y)'],
  ['fd.name existsand x', '([fd.name exists ] and x)'],
  ['fd.num<5and x', '([fd.num < 5] and x)'],
  ['proc.name in(a)or x', '([proc.name in (a)] or x)'],
  ['not', 'not'],
  ['nota', 'nota'],
  ['notx or orx', '(notx or orx)'],
  ['not not(not x)', '!x'],
  ['not not not(x)', '!x'],
  ['a.b=or', '[a.b = or]'],
  ['a.b = not', '[a.b = not]'],
  ['x or y and z or w', '(x or (y and z) or w)'],
  // Operators are tried in order: the longer before the shorter.
  ['a.b<=5', '[a.b <= 5]'],
  ['a.b==c', '[a.b == c]'],
  ['a.b intersects (c)', '[a.b intersects (c)]'],
  ['a.b inx', '[a.b in (x)]'],
  ['a.b glob\tx*', '[a.b glob x*]'],
  ['a.b regex\nx', '[a.b regex x]'],
  ['a.b !=-5', '[a.b != -5]'],
  ['a.b=0x1G', '[a.b = 0x1G]'],
  // Quantifiers before a list, words otherwise.
  ['a.b = oneof (a, b)', '[a.b = oneof (a, b)]'],
  ['a.b contains allof names', '[a.b contains allof (names)]'],
  ['a.b = oneof or x', '([a.b = oneof] or x)'],
  ['a.b = anyofx', '[a.b = anyofx]'],
  ['a.b in oneof', '[a.b in (oneof)]'],
  // Quoted texts: either quote, with escapes; the other quote stands for itself.
  [`a.b = 'it "is"'`, '[a.b = it "is"]'],
  [`a.b = "it's"`, `[a.b = it's]`],
  ['a.b = "\\b\\f\\n\\r\\t\\\\"', '[a.b = \b\f\n\r\t\\]'],
  ['a.b = "a\\ b"', '[a.b = a\\b]'],
  ['a.b = ""', '[a.b = ]'],
  ['a.b in ("", a)', '[a.b in (, a)]'],
  // Arguments in brackets.
  ['a.b[/x/y-z.0] exists', '[a.b[/x/y-z.0] exists ]'],
  [`a.b["x]y"] exists`, '[a.b[x]y] exists ]'],
  // The right side.
  ['a.b = val( c.d )', '[a.b = c.d]'],
  ['a.b = val(tolower(c.d))', '[a.b = tolower(c.d)]'],
  ['a.b in val(c.d)', '[a.b in c.d]'],
  ['a.b >= len(c.d)', '[a.b >= len(c.d)]'],
  ['a.b = valid', '[a.b = valid]'],
  ['tolower( toupper( a.b ) ) = x', '[tolower(toupper(a.b)) = x]'],
  ['concat(a.b, "x", 5) = y', '[concat(a.b, "x", "5") = y]'],
];

for (const [text, expected] of ACCEPTED) {
  test(`${JSON.stringify(text)} reads as ${expected}`, () => {
    const parsed = parseCondition(text);
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.message);
    assert.equal(show(parsed.expression), expected);
  });
}

const REFUSED: readonly (readonly [string, RegExp, number])[] = [
  ['', /filter input string is empty/, 0],
  ['  ', /filter input string is empty/, 0],
  ['a.b=c orx', /expected blank or '\(' after 'or'/, 8],
  ['a.b=c andx', /expected blank or '\(' after 'and'/, 9],
  ['a.b=c d.e=f', /unexpected token after 'c', expecting 'or', 'and'/, 6],
  ['proc.name=a=b', /unexpected token after 'a'/, 11],
  ['(a.b=c', /expected a '\)' token/, 6],
  ['a.b=c)', /unexpected token/, 5],
  ['a.b', /expected a comparison operator/, 3],
  ['proc.name contains', /expected a comparison operator/, 10],
  ['proc.name startswith(x)', /expected a comparison operator/, 10],
  ['a.b < x', /expected a number/, 6],
  ['a.b =', /expected a string value/, 5],
  ['a.b in (x', /expected a '\)' or ',' token/, 9],
  ['a.b in (x,)', /expected a string value in the list/, 10],
  ['a.b = "never closed', /expected a string value/, 6],
  ['a.b = "bad \\q escape"', /unknown escape sequence '\\q'/, 11],
  ['a.b[ = x', /expected a field argument/, 4],
  ['a.b[x = y', /expected a '\]' token/, 3],
  ['tolower(proc.name', /expected a '\)' token/, 17],
  ['a.b = val(x)', /expected a field within/, 10],
  ['x and', /expected blank or '\(' after 'and'/, 5],
  ['x or ', /expected a '\(' token, a field check, or an identifier/, 5],
  ['()', /expected a '\(' token, a field check, or an identifier/, 1],
  ['a.b = anyof not', /unexpected token after 'anyof'/, 12],
  ['a.b existsx', /unexpected token after 'exists'/, 10],
  ['a.b globx', /expected a comparison operator/, 4],
  ['a.b = "x" "y"', /unexpected token after '"x"'/, 10],
  ['a.b = x y', /unexpected token after 'x', expecting 'or', 'and'/, 8],
  ['a.b in', /expected a list/, 6],
  ['a.b in ("x', /expected a string value in the list/, 8],
  ['a.b > 5x', /unexpected token after '5'/, 7],
  ['a.b.c.1 = x', /expected a comparison operator/, 5],
  ['.a = x', /expected a '\(' token/, 0],
  ['tolower(a.b, ) = x', /expected a field, a call/, 13],
  ['join(",", (a b)) = x', /expected a '\)' or ',' token/, 13],
];

for (const [text, message, offset] of REFUSED) {
  test(`${JSON.stringify(text)} is refused at ${offset}`, () => {
    const parsed = parseCondition(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.message, message);
    assert.equal(parsed.offset, offset);
  });
}

test('parentheses nest a thousand levels deep and no deeper', () => {
  const nested = (depth: number): string => '('.repeat(depth) + 'x' + ')'.repeat(depth);
  assert.ok(parseCondition(nested(MAX_DEPTH)).ok);
  assert.ok(!parseCondition(nested(MAX_DEPTH + 1)).ok);
  assert.ok(!parseCondition('('.repeat(1_000_000)).ok);
  assert.ok(!parseCondition('not('.repeat(1_000_000)).ok);
  assert.ok(!parseCondition(`tolower(${'tolower('.repeat(100_000)}`).ok);
});

test('no text makes the parser throw', () => {
  const words = [
    'and',
    'or',
    'not',
    '(',
    ')',
    ' ',
    'in',
    '=',
    'a.b',
    '"',
    "'",
    ',',
    '[',
    ']',
    'val(',
    'len(',
    '\\',
    'exists',
    '0x',
    '-1',
    'é',
    '\0',
  ];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...words)).map((parts) => parts.join('')),
      ),
      (text) => {
        const parsed = parseCondition(text);
        if (!parsed.ok) assert.ok(parsed.offset >= 0 && parsed.offset <= text.length);
      },
    ),
    { numRuns: 500 },
  );
});
