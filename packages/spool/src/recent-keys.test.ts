import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keyOfText, openRecentKeys, REMEMBERED } from './recent-keys.ts';

function inFolder(work: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'gc-keys-'));
  try {
    work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function note(dir: string, lastSeq: number, ...entries: readonly (readonly [number, bigint])[]): void {
  const keys = openRecentKeys(dir, lastSeq);
  for (const [seq, key] of entries) keys.note(seq, key);
  keys.close();
}

function known(dir: string, lastSeq: number): readonly bigint[] {
  const keys = openRecentKeys(dir, lastSeq);
  keys.close();
  return [...keys.known];
}

test('the key of an alert that was never written is not known, and its seq can be given away anew', () =>
  inFolder((dir) => {
    note(dir, 0, [1, 11n], [2, 22n], [3, 33n]);
    assert.deepEqual(known(dir, 2), [11n, 22n]);
    note(dir, 2, [3, 44n]);
    assert.deepEqual(known(dir, 3), [11n, 22n, 44n]);
    note(dir, 0, [1, 55n]);
    assert.deepEqual(known(dir, 3), [55n], 'numbering began anew');
  }));

test('half an entry at the end harms none that follows', () =>
  inFolder((dir) => {
    note(dir, 0, [1, 11n]);
    appendFileSync(join(dir, 'recent.keys'), 'torn');
    note(dir, 1, [2, 22n]);
    assert.deepEqual(known(dir, 2), [11n, 22n]);
  }));

test('at least so many are remembered, and at most twice as many', () =>
  inFolder((dir) => {
    const keys = openRecentKeys(dir, 0);
    const count = 3 * REMEMBERED + 5;
    for (let seq = 1; seq <= count; seq++) keys.note(seq, BigInt(seq));
    keys.close();
    const found = known(dir, count);
    assert.equal(found.length, REMEMBERED + 5);
    assert.equal(found.at(-1), BigInt(count));
  }));

test('keys of texts are stable and differ', () => {
  assert.equal(keyOfText('a|b'), keyOfText('a|b'));
  assert.notEqual(keyOfText('a|b'), keyOfText('a|c'));
});
