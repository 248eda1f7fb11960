import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeRecord, scanSegment } from './record.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 20 });

function segmentOf(all: readonly Uint8Array[]): Buffer {
  return Buffer.concat(all.map((payload, index) => encodeRecord(index + 1, payload)));
}

test('every record that was written is found', () => {
  fc.assert(
    fc.property(payloads, (all) => {
      const scan = scanSegment(segmentOf(all), 0);
      assert.deepEqual(
        scan.records.map((place) => place.payloadBytes),
        all.map((payload) => payload.length),
      );
      assert.equal(scan.destroyed, 0);
    }),
  );
});

test('a segment cut anywhere keeps its whole records and counts none as destroyed', () => {
  fc.assert(
    fc.property(payloads, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const bytes = segmentOf(all);
      const cut = Math.floor(bytes.length * share);
      const scan = scanSegment(bytes.subarray(0, cut), 0);
      assert.ok(scan.intactBytes <= cut);
      assert.equal(scan.destroyed, 0);
      assert.deepEqual(
        scan.records.map((place) => place.seq),
        scan.records.map((_, index) => index + 1),
      );
      const next = all[scan.records.length];
      if (next !== undefined) assert.ok(scan.intactBytes + 16 + next.length > cut);
    }),
  );
});

test('a flipped bit costs one record and is noticed', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 0, max: 7 }), (all, at, bit) => {
      const bytes = segmentOf(all);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      const scan = scanSegment(bytes, 0);
      assert.equal(scan.records.length, all.length - 1);
    }),
  );
});

test('any bytes are scanned without an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      const scan = scanSegment(Buffer.from(bytes), 0);
      assert.ok(scan.intactBytes <= bytes.length);
    }),
  );
});
