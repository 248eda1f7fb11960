// Each finding is told once; beyond a bound their number is, and only when it grows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newKeys, type ToldKeys } from './told-keys.ts';

const NOTHING: ToldKeys = { keys: [], beyond: 0, sum: 0 };

test('what is new is told once, also when it was gone meanwhile', () => {
  const first = newKeys(NOTHING, ['a', 'b'], 3);
  assert.deepEqual([...first.fresh], ['a', 'b']);
  const gone = newKeys(first.told, [], 3);
  assert.deepEqual([...newKeys(gone.told, ['a', 'c'], 3).fresh], ['c']);
});

test('where there is no room the number is told, again only when it grows', () => {
  const first = newKeys(NOTHING, ['a', 'b', 'c', 'd'], 2);
  assert.deepEqual(
    [[...first.fresh], [...first.beyond]],
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  );
  const same = newKeys(first.told, ['a', 'b', 'c', 'd'], 2);
  assert.deepEqual([same.fresh.size, same.beyond.size], [0, 0]);
  const fewer = newKeys(same.told, ['a', 'b', 'c'], 2);
  assert.deepEqual([fewer.beyond.size, newKeys(fewer.told, ['a', 'b', 'c', 'd'], 2).beyond.size], [0, 0]);
  const more = newKeys(fewer.told, ['a', 'b', 'c', 'd', 'e'], 2);
  assert.deepEqual([...more.beyond], ['c', 'd', 'e']);
});

test('others in the place of those beyond are told, and what is not found any more makes room when there is none', () => {
  const full = newKeys(NOTHING, ['a', 'b', 'c'], 2).told;
  assert.deepEqual([...newKeys(full, ['a', 'b', 'd'], 2).beyond], ['d']);
  const after = newKeys(full, ['b', 'c', 'd'], 2);
  assert.deepEqual([[...after.fresh], [...after.beyond]], [['c'], ['d']]);
  assert.deepEqual(after.told.keys, ['b', 'c']);
  assert.equal(newKeys(after.told, ['b', 'c', 'd'], 2).beyond.size, 0);
});

test('whatever comes, keys stay within the bound, none is told twice while it is there, and none is hidden', () => {
  const step = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 0, max: 5 }), (steps, most) => {
      let told = NOTHING;
      let before = new Set<string>();
      for (const present of steps) {
        const now = newKeys(told, present, most);
        assert.ok(now.told.keys.length <= most);
        const known = new Set(told.keys);
        for (const key of now.fresh) assert.ok(present.includes(key) && !known.has(key));
        // Whatever is there is among those told, or counted in a number that was told.
        const uncounted = present.filter((key) => !now.told.keys.includes(key));
        assert.ok(uncounted.length <= now.told.beyond);
        if (present.every((key) => before.has(key)) && present.length === before.size)
          assert.deepEqual([now.fresh.size, now.beyond.size], [0, 0], 'nothing changed');
        told = now.told;
        before = new Set(present);
      }
    }),
  );
});
