import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { dnsQuestion } from './dns.ts';

function query(labels: readonly string[], type = 1): Uint8Array {
  const parts = labels.map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
  );
  return Buffer.concat([
    Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...parts,
    Buffer.from([0, type >> 8, type & 255, 0, 1]),
  ]);
}

test('the name and type of a question are read, in lower case', () => {
  assert.deepEqual(dnsQuestion(query(['WWW', 'example', 'org'], 28)), { name: 'www.example.org', type: 28 });
  assert.deepEqual(dnsQuestion(query([])), { name: '', type: 1 });
});

test('bytes that could mislead a reader are escaped', () => {
  assert.equal(dnsQuestion(query(['a.b', '\u0000\u001b']))?.name, 'a\\046b.\\000\\027');
});

test('responses, pointers and names cut short are refused', () => {
  const response = query(['a']);
  response[2] = 0x81;
  assert.equal(dnsQuestion(response), undefined);
  const pointer = query(['a']);
  pointer[12] = 0xc0;
  assert.equal(dnsQuestion(pointer), undefined);
  assert.equal(dnsQuestion(query(['abcdef']).subarray(0, 16)), undefined);
});

test('any bytes are answered, and every well-formed question comes back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void dnsQuestion(bytes)));
  const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      assert.equal(dnsQuestion(query(labels))?.name, labels.join('.'));
    }),
  );
});
