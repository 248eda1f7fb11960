// The checksum of tokens against published values.
import assert from 'node:assert/strict';
import test from 'node:test';
import { base62, crc32 } from './crc32.ts';

test('the check value of the algorithm comes out', () => {
  assert.equal(crc32('123456789'), 0xcb_f4_39_26);
});

test('the six digits are those of a token that was published as a sample', () => {
  assert.equal(base62(crc32(['zQWBuTSOoRi4A9sp', 'HcVY5ncnsDkxkJ'].join('')), 6), '0mLq17');
});

test('digits of base 62 are padded with zeros', () => {
  assert.equal(base62(0, 6), '000000');
  assert.equal(base62(61 + 62, 3), '01z');
});
