// IP addresses as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressText } from './address-text.ts';

function v6(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

test('addresses are written as RFC 5952 says, mapped ones as IPv4', () => {
  assert.equal(addressText(Uint8Array.of(10, 0, 0, 255), 0, 2), '10.0.0.255');
  assert.equal(addressText(new Uint8Array(16), 0, 10), '::');
  assert.equal(addressText(v6('00000000000000000000000000000001'), 0, 10), '::1');
  assert.equal(addressText(v6('20010db8000000000001000000000001'), 0, 10), '2001:db8::1:0:0:1');
  assert.equal(addressText(v6('20010db8000100020003000400050006'), 0, 10), '2001:db8:1:2:3:4:5:6');
  assert.equal(addressText(v6('00000000000000000000ffff7f000001'), 0, 10), '127.0.0.1');
});
