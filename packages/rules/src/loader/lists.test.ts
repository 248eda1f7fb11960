// Lists as the reference engine puts them in: as text, one level into each other, in the order of definition.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rightSideText } from '../language/ast.ts';
import { loadText, problemsOf, ruleText } from '../testing/rule-probe.ts';
import type { LoadResult } from './load-rules.ts';

function list(name: string, ...items: readonly string[]): string {
  return `- list: ${name}\n  items: [${items.join(', ')}]\n`;
}

/** The right side of the rule's only check. */
function expanded(content: string): string {
  const load = loadText(content);
  assert.deepEqual(problemsOf(load), []);
  const expression = load.rules[0]?.expression;
  assert.ok(expression?.kind === 'check');
  return rightSideText(expression.right);
}

const CASES: readonly (readonly [title: string, content: string, right: string])[] = [
  ['a whole word', list('l', 'a', 'b') + ruleText('proc.name in (l)'), '(a, b)'],
  ['not a part of a word', list('l', 'a') + ruleText('proc.name in (xl, l-x, l.x)'), '(xl, l-x, l.x)'],
  ['beside other words', list('l', 'a', 'b') + ruleText('proc.name in (x,l,y)'), '(x, a, b, y)'],
  ['without parentheses the words have none either', list('l', 'a') + ruleText('proc.name in l'), '(a)'],
  [
    'items with blanks are quoted',
    list('l', '"two words"', 'a') + ruleText('proc.name in (l)'),
    '(two words, a)',
  ],
  ['quoted items stay as they are', list('l', `'"x y"'`) + ruleText('proc.name in (l)'), '(x y)'],
  ['after = too', list('l', 'a') + ruleText('proc.name=l'), 'a'],
  ['an empty list eats the comma before', list('e') + ruleText('proc.name in (x, e)'), '(x)'],
  ['an empty list eats the comma behind', list('e') + ruleText('proc.name in (e, x)'), '(x)'],
  ['an empty list alone leaves nothing', list('e') + ruleText('proc.name in (e)'), '()'],
  ['a list that is defined behind the rule', ruleText('proc.name in (l)') + list('l', 'a'), '(a)'],
  ['a name with a hyphen', list('my-list', 'a') + ruleText('proc.name in (my-list)'), '(a)'],
  [
    'an earlier list in a list',
    list('a', 'x') + list('b', 'a', 'y') + ruleText('proc.name in (b)'),
    '(x, y)',
  ],
  [
    'a later list through the condition',
    list('b', 'a', 'y') + list('a', 'x') + ruleText('proc.name in (b)'),
    '(x, y)',
  ],
  ['a list never puts itself in', list('l', 'l', 'a') + ruleText('proc.name in (l)'), '(l, a)'],
  ['an empty list in a list', list('b', 'e', 'y') + list('e') + ruleText('proc.name in (b)'), '(y)'],
];

for (const [title, content, right] of CASES) {
  test(`lists are put in as text: ${title}`, () => {
    assert.equal(expanded(content), right);
  });
}

test('three levels of earlier lists leave the innermost name, and a warning says so', () => {
  const load = loadText(list('a', 'x') + list('b', 'a') + list('c', 'b') + ruleText('proc.name in (c)'));
  assert.deepEqual(load.lists.get('c'), ['a']);
  assert.deepEqual(problemsOf(load), [
    "LOAD_INVALID_LIST_NAME item 'a' is the name of an earlier list, but lists are put into each other one level deep only",
  ]);
});

test('appending makes a list see what was defined in between', () => {
  const load = loadText(
    `${list('l', 'x') + list('m', 'y')}- list: l\n  items: [m]\n  override: { items: append }\n${ruleText('proc.name in (l)')}`,
  );
  assert.deepEqual(load.lists.get('l'), ['x', 'y']);
  assert.deepEqual(problemsOf(load), []);
});

test('a list that collides with a word of a condition replaces the word, and a warning says so', () => {
  const load = loadText(list('open', 'x') + ruleText('evt.type=open'));
  assert.deepEqual(load.problems.map((problem) => problem.code).toSorted(), [
    'LOAD_ERR_COMPILE_CONDITION',
    'LOAD_INVALID_LIST_NAME',
  ]);
});

test('names that no condition can hold are warned of, and used lists are not called unused', () => {
  const codes = (load: LoadResult): readonly string[] => load.problems.map((problem) => problem.code);
  assert.deepEqual(codes(loadText(list('"a b"', 'x') + ruleText('proc.name=x'))), [
    'LOAD_INVALID_LIST_NAME',
    'LOAD_UNUSED_LIST',
  ]);
  const used = list('a', 'x') + list('b', 'a') + ruleText('proc.name in (b)');
  assert.deepEqual(codes(loadText(used)), []);
});
