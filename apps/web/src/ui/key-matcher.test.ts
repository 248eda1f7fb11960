import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyMatcher, isTypingTarget, stepIndex } from './key-matcher.ts';

const NAMES = ['g e', 'g o', 'j', '?'];

test('a single key is a shortcut at once', () => {
  assert.equal(createKeyMatcher()('j', 0, NAMES), 'j');
});

test('two keys in time are a sequence, too late they are not', () => {
  const match = createKeyMatcher();
  assert.equal(match('g', 0, NAMES), undefined);
  assert.equal(match('e', 500, NAMES), 'g e');
  assert.equal(match('g', 1000, NAMES), undefined);
  assert.equal(match('e', 9000, NAMES), undefined);
});

test('an unknown second key ends the sequence', () => {
  const match = createKeyMatcher();
  match('g', 0, NAMES);
  assert.equal(match('j', 100, NAMES), undefined);
  assert.equal(match('j', 200, NAMES), 'j');
});

test('rows stop at both ends', () => {
  assert.equal(stepIndex(-1, 1, 3), 0);
  assert.equal(stepIndex(-1, -1, 3), 2);
  assert.equal(stepIndex(2, 1, 3), 2);
  assert.equal(stepIndex(0, -1, 3), 0);
  assert.equal(stepIndex(0, 1, 0), -1);
});

test('a check box does not take text', () => {
  assert.equal(isTypingTarget({ tagName: 'INPUT', type: 'checkbox' } as unknown as EventTarget), false);
  assert.equal(isTypingTarget({ tagName: 'INPUT', type: 'text' } as unknown as EventTarget), true);
  assert.equal(isTypingTarget(null), false);
});
