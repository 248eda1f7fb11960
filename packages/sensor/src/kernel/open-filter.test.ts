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
