import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phraseIn, phraseOf, phrasesOf } from './phrase.ts';

const PHRASES = phrasesOf({
  'the file {0} (line {1}) ends early': '{1} 行：文件 {0} 提前结束',
  'the file {0}': '文件 {0}',
  'is it (a|b)?': '是 a 还是 b？',
});

test('a sentence is known by its form, and what varies goes to its place in the other language', () => {
  assert.equal(phraseIn('the file a.txt (line 7) ends early', PHRASES), '7 行：文件 a.txt 提前结束');
  assert.equal(phraseIn('the file a\nb', PHRASES), '文件 a\nb');
});

test('signs of regular expressions in a sentence stand for themselves', () => {
  assert.equal(phraseIn('is it (a|b)?', PHRASES), '是 a 还是 b？');
  assert.equal(phraseOf('is it a', PHRASES), undefined);
});

test('the first form counts, and what varies may be put into the language too', () => {
  const loud = (value: string): string => value.toUpperCase();
  assert.equal(phraseOf('the file a (line b) ends early', PHRASES, loud), 'B 行：文件 A 提前结束');
  assert.equal(phraseIn('no sentence of ours', PHRASES), 'no sentence of ours');
});
