import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenOf, elementAt, readXml, textAt } from './read-xml.ts';

test('elements, attributes and texts are read, prefixes are not', () => {
  const root = readXml(
    `\uFEFF<?xml version="1.0"?><!-- > --><a:r a:k='1 &lt; &#x32;'><b> x <![CDATA[<&]]> </b><b/></a:r>`,
  );
  assert.equal(root.name, 'r');
  assert.equal(root.attributes.get('k'), '1 < 2');
  assert.equal(childrenOf(root, 'b').length, 2);
  assert.equal(textAt(root, 'b'), 'x <&');
  assert.equal(elementAt(root, 'b', 'c'), undefined);
});

test('document types and unknown entities are refused, or left alone where that is asked for', () => {
  const text = '<!DOCTYPE a [ <!ENTITY x "y> "> ]><a>&x; & &amp;</a>';
  assert.throws(() => readXml(text), SyntaxError);
  assert.throws(() => readXml('<a>&x;</a>'), SyntaxError);
  assert.equal(readXml(text, { lenient: true }).text, '&x; & &');
});

test('what is not well-formed, too deep or too large is refused', () => {
  for (const text of [
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b=1/>',
    '<a b="1>',
    '<a><!-- </a>',
    '<!DOCTYPE a [',
  ])
    for (const lenient of [false, true]) assert.throws(() => readXml(text, { lenient }), SyntaxError, text);
  assert.throws(() => readXml(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`), /deeper/);
  assert.throws(() => readXml('<a><b/><b/></a>', { mostElements: 2 }), /more than 2/);
});
