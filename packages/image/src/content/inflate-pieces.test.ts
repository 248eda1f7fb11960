// The own inflater against zlib.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { heldContent } from './file-content.ts';
import { inflatePieces } from './inflate-pieces.ts';

function inflate(packed: Uint8Array, limit = 2 ** 24): { readonly outcome: string; readonly plain: Buffer } {
  const pieces: Buffer[] = [];
  const outcome = inflatePieces(heldContent(packed), limit, (piece) => void pieces.push(Buffer.from(piece)));
  return { outcome, plain: Buffer.concat(pieces) };
}

const text = Buffer.from(Array.from({ length: 300_000 }, (_, i) => 97 + ((i * i * 31 + (i >> 7)) % 23)));
const samples: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.alloc(1_000_000),
  randomBytes(400_000),
  text,
  Buffer.concat([text, randomBytes(70_000), text, Buffer.alloc(140_000, 7)]),
];

test('gives what zlib gives, whatever way it was packed', () => {
  for (const plain of samples) {
    for (const level of [0, 1, 6, 9]) {
      for (const strategy of [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_FIXED]) {
        const packed = deflateRawSync(plain, { level, strategy });
        const { outcome, plain: got } = inflate(packed);
        assert.equal(outcome, 'whole');
        assert.ok(got.equals(plain), `level ${level}, strategy ${strategy}, ${plain.length} bytes`);
      }
    }
  }
});

test('codes of more than ten bits are read like the others', () => {
  // Each byte half as often as the one before: the rare ones get long codes.
  const bytes: number[] = [];
  for (let value = 0; value < 18; value += 1)
    for (let i = 0; i < 2 ** (17 - value); i += 1) bytes.push(value);
  const plain = Buffer.from(bytes.toSorted((a, b) => ((a * 7919 + 13) % 101) - ((b * 7919 + 13) % 101)));
  const packed = deflateRawSync(plain, { strategy: constants.Z_HUFFMAN_ONLY });
  assert.ok(inflate(packed).plain.equals(plain));
});

test('stops at the limit', () => {
  const packed = deflateRawSync(Buffer.alloc(3_000_000));
  const { outcome, plain } = inflate(packed, 1_000_000);
  assert.equal(outcome, 'too-large');
  assert.ok(plain.length <= 1_000_000);
});

/** Holds one outcome to zlib's. */
function needSame(bytes: Buffer): void {
  const { outcome, plain } = inflate(bytes);
  let expected: Buffer | undefined;
  try {
    expected = inflateRawSync(bytes, { maxOutputLength: 2 ** 24 });
  } catch {
    expected = undefined;
  }
  if (expected === undefined) assert.equal(outcome, 'broken');
  else assert.ok(outcome === 'whole' && plain.equals(expected));
}

test('what is cut off or damaged is broken where zlib says so, and never more than zlib gives', () => {
  const packed = deflateRawSync(text.subarray(0, 5000));
  const change = fc.record({ at: fc.nat(packed.length - 1), to: fc.nat(255), cut: fc.nat(packed.length) });
  fc.assert(
    fc.property(change, fc.boolean(), ({ at, to, cut }, isCut) => {
      const damaged = Buffer.from(packed);
      damaged[at] = to;
      needSame(isCut ? packed.subarray(0, cut) : damaged);
    }),
    { numRuns: 3000 },
  );
});

test('codes that leave bits without meaning are broken, as zlib has it', () => {
  // The first bytes say how long codes are: each of their values is tried.
  for (const plain of [text.subarray(0, 5000), Buffer.from('aaaaaaaabbbbbbbbccccccccdddddddd'.repeat(9))]) {
    const packed = deflateRawSync(plain, { strategy: constants.Z_DEFAULT_STRATEGY });
    for (let at = 0; at < Math.min(packed.length, 40); at += 1) {
      for (let to = 0; to < 256; to += 1) {
        const damaged = Buffer.from(packed);
        damaged[at] = to;
        needSame(damaged);
      }
    }
  }
});

test('bytes without meaning end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.match(inflate(bytes, 100_000).outcome, /^(?:whole|broken|too-large)$/);
    }),
    { numRuns: 2000 },
  );
});

test('what comes before the end of a cut stream is given, as far as zlib gives it', () => {
  for (const plain of samples) {
    const packed = deflateRawSync(plain, { level: 6 });
    for (const part of [0.1, 0.5, 0.9]) {
      const cut = packed.subarray(0, Math.floor(packed.length * part));
      const { outcome, plain: got } = inflate(cut);
      assert.equal(outcome, 'broken');
      const whole = inflateRawSync(cut, { finishFlush: constants.Z_SYNC_FLUSH });
      // The last code may be made up of bits that are missing.
      const sure = Math.max(0, whole.length - 258);
      assert.ok(got.length >= sure && got.subarray(0, sure).equals(plain.subarray(0, sure)));
    }
  }
});

test('tells where a stream ends', () => {
  for (const plain of samples) {
    const packed = deflateRawSync(plain);
    let used = -1;
    const source = heldContent(Buffer.concat([packed, Buffer.alloc(40, 0xff)]));
    assert.equal(
      inflatePieces(
        source,
        2 ** 24,
        () => undefined,
        (bytes) => (used = bytes),
      ),
      'whole',
    );
    assert.equal(used, packed.length);
  }
});
