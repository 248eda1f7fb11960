import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines, shortDiff } from './line-diff.ts';

const brief = (before: string, after: string): string[] =>
  diffLines(before, after).map(
    ({ kind, text }) => `${{ same: ' ', added: '+', removed: '-', skipped: '…' }[kind]}${text}`,
  );

test('what stays, comes and goes is told line by line', () => {
  assert.deepEqual(brief('a\nb\nc\nd', 'a\nx\nc\nd\ne'), [' a', '-b', '+x', ' c', ' d', '+e']);
  assert.deepEqual(brief('a', 'a'), [' a']);
  assert.deepEqual(brief('', 'a\nb'), ['-', '+a', '+b']);
});

test('both texts can be read back from the difference', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 200; round += 1) {
    const make = (): string => Array.from({ length: random(12) + 1 }, () => 'abc'[random(3)]).join('\n');
    const [before, after] = [make(), make()];
    const lines = diffLines(before, after);
    assert.equal(
      lines
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join('\n'),
      before,
    );
    assert.equal(
      lines
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join('\n'),
      after,
    );
  }
});

test('a short difference leaves out what is far from every change', () => {
  const many = Array.from({ length: 40 }, (_, at) => `${at}`);
  const changed = many.with(20, 'x');
  const lines = shortDiff(many.join('\n'), changed.join('\n'));
  assert.deepEqual(
    lines.map(({ kind }) => kind[1]),
    ['k', 'a', 'a', 'a', 'e', 'd', 'a', 'a', 'a', 'k'],
  );
  assert.deepEqual(shortDiff('a', 'a'), []);
});
