import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutCondition, cutJson, markParts } from './highlight.ts';

test('fields, operators, words and strings of a condition are told apart', () => {
  const kinds = cutCondition('open_write and fd.name startswith "/etc" or proc.aname[2] in (sh)')
    .filter((piece) => piece.kind !== 'plain')
    .map((piece) => `${piece.kind}:${piece.text}`);
  assert.deepEqual(kinds, [
    'keyword:and',
    'field:fd.name',
    'operator:startswith',
    'string:"/etc"',
    'keyword:or',
    'field:proc.aname[2]',
    'operator:in',
  ]);
});

test('keys of JSON differ from its strings', () => {
  const pieces = cutJson('{"a": "b", "n": -1.5, "t": true}');
  assert.deepEqual(
    pieces.filter((piece) => piece.kind !== 'plain').map((piece) => piece.kind),
    ['field', 'string', 'field', 'number', 'field', 'keyword'],
  );
});

test('no text is lost, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const cut of [cutCondition, cutJson]) {
        assert.equal(
          cut(text)
            .map((piece) => piece.text)
            .join(''),
          text,
        );
      }
      assert.equal(
        markParts(text, 'a')
          .map((part) => part.text)
          .join(''),
        text,
      );
    }),
  );
});
