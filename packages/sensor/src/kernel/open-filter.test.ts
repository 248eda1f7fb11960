import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH_KEY_PATH } from './layout.generated.ts';
import { compileOpenFilter, DEFAULT_SENSITIVE_PATHS } from './open-filter.ts';

function prefixText(key: Uint8Array | undefined): string {
  if (key === undefined) return '';
  const bits = new DataView(key.buffer).getUint32(0, true);
  return Buffer.from(key.subarray(PATH_KEY_PATH, PATH_KEY_PATH + bits / 8)).toString();
}

test('an exact path ends with NUL, a tree with a slash, so that neither matches its neighbours', () => {
  const filter = compileOpenFilter(['/etc/shadow', '/root/.ssh/**']);
  assert.deepEqual(filter.prefixes.map(prefixText), ['/etc/shadow\0', '/root/.ssh/']);
});

test('a wildcard in the middle becomes the name of the file or of its directory', () => {
  const filter = compileOpenFilter(['/proc/*/environ', '/home/*/.ssh/**', '/home/*/.ssh']);
  assert.deepEqual(
    filter.names.map(({ key, value }) => [Buffer.from(key).toString().replaceAll('\0', ''), value]),
    [
      ['environ', 1],
      ['.ssh', 3],
    ],
  );
});

test('what cannot be expressed is named, not dropped silently', () => {
  assert.deepEqual(compileOpenFilter(['relative', '/**', `/${'x'.repeat(200)}`]).refused, [
    'relative',
    '/**',
    `/${'x'.repeat(200)}`,
  ]);
  assert.deepEqual(compileOpenFilter(DEFAULT_SENSITIVE_PATHS).refused, []);
});

/** What gc_maybe in bpf/open.h computes. */
function mayContain(set: Uint8Array, word: string): boolean {
  const bytes = new Uint8Array(8);
  bytes.set(Buffer.from(word, 'utf8').subarray(0, 8));
  const value = new DataView(bytes.buffer).getBigUint64(0, true);
  const bit = Number(BigInt.asUintN(64, value * 0x9e37_79b9_7f4a_7c15n) >> 56n);
  const words = new DataView(set.buffer, set.byteOffset, set.byteLength);
  return ((words.getBigUint64((bit >>> 6) * 8, true) >> BigInt(bit & 63)) & 1n) === 1n;
}

test('the early sets hold all that is listed and rule out nearly everything else', () => {
  const filter = compileOpenFilter(DEFAULT_SENSITIVE_PATHS);
  for (const word of ['/etc/shadow', '/root/.ssh/', '/var/lib/docker/x', '/proc/kcore']) {
    assert.ok(mayContain(filter.maybeText, word), word);
    assert.ok(mayContain(filter.maybeTop, word.split('/')[1] ?? ''), word);
  }
  for (const word of ['environ', '.ssh', 'id_ed25519']) assert.ok(mayContain(filter.maybeName, word), word);
  const others = Array.from({ length: 1000 }, (_, index) => `/usr${index}`);
  assert.ok(others.filter((word) => mayContain(filter.maybeText, word)).length < 300);
  assert.ok(others.filter((word) => mayContain(filter.maybeTop, word.slice(1))).length < 150);
  assert.ok(!mayContain(filter.maybeTop, 'usr') && !mayContain(filter.maybeTop, 'tmp'));
});

test('a prefix too short for the early sets turns them off instead of being missed', () => {
  const { maybeText, maybeTop } = compileOpenFilter(['/etc/**']);
  assert.ok(maybeText.every((byte) => byte === 255));
  assert.ok(mayContain(maybeTop, 'etc') && !mayContain(maybeTop, 'usr'));
  assert.ok(compileOpenFilter(['/home/a*']).maybeText.every((byte) => byte === 255));
  assert.ok(compileOpenFilter(['/abcdefghij*']).maybeTop.every((byte) => byte === 255));
});
