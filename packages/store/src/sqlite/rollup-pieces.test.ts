import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS, keyAt, MINUTE_MS, TIES } from '../day.ts';
import { type Piece, rollupPieces } from './rollup-pieces.ts';

const DAY = 20_000;
const START_MS = DAY * DAY_MS;

/** From and to of a piece, ms since midnight. */
function span({ table, from, to }: Piece): readonly [number, number] {
  return table === 'alert' ? [from / TIES, to / TIES] : [from - START_MS, to - START_MS];
}

test('a whole day is one piece of hours', () => {
  assert.deepEqual(rollupPieces(DAY, 0, Number.POSITIVE_INFINITY), [
    { table: 'hour', from: START_MS, to: START_MS + DAY_MS },
  ]);
});

test('a time within a minute is counted alert by alert', () => {
  assert.deepEqual(rollupPieces(DAY, START_MS + 1, START_MS + 5), [
    { table: 'alert', from: keyAt(DAY, START_MS + 1), to: keyAt(DAY, START_MS + 5) },
  ]);
});

test('an empty or foreign time has no pieces', () => {
  assert.deepEqual(rollupPieces(DAY, START_MS + 5, START_MS + 5), []);
  assert.deepEqual(rollupPieces(DAY, START_MS + DAY_MS, START_MS + 2 * DAY_MS), []);
});

test('pieces join without overlap or hole and rollups are only asked for whole minutes and hours', () => {
  const time = fc.integer({ min: -HOUR_MS, max: DAY_MS + HOUR_MS });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [from, to] = [Math.max(0, a), Math.min(DAY_MS, b)];
      const pieces = rollupPieces(DAY, START_MS + a, START_MS + b);
      if (from >= to) return assert.deepEqual(pieces, []);
      let at = from;
      for (const piece of pieces) {
        const [start, end] = span(piece);
        assert.equal(start, at);
        if (piece.table === 'hour') assert.deepEqual([start % HOUR_MS, end % HOUR_MS], [0, 0]);
        if (piece.table === 'minute') assert.deepEqual([start % MINUTE_MS, end % MINUTE_MS], [0, 0]);
        if (piece.table === 'alert') assert.ok(end - start < MINUTE_MS * 2);
        at = end;
      }
      return assert.equal(at, to);
    }),
  );
});
