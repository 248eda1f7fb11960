// What leaves the sensor's worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canBeOwned, touchedFiles } from './touched-files.ts';

test('a file is told once, and again after ten minutes', () => {
  let now = 0;
  const touched = touchedFiles(() => now);
  touched.note('', 'executed', '/bin/sh');
  touched.note('', 'executed', '/bin/sh');
  assert.deepEqual(touched.take(), [{ containerId: 'host', grade: 'executed', path: '/bin/sh', lastMs: 0 }]);
  assert.equal(touched.isEmpty, true);
  now = 599_999;
  touched.note('', 'executed', '/bin/sh');
  assert.equal(touched.isEmpty, true);
  touched.note('', 'loaded', '/bin/sh');
  touched.note('c1', 'executed', '/bin/sh');
  now = 600_000;
  touched.note('', 'executed', '/bin/sh');
  assert.deepEqual(
    touched.take().map(({ containerId, grade }) => `${containerId} ${grade}`),
    ['host loaded', 'c1 executed', 'host executed'],
  );
});

test('files of the kernel, relative names and manifests that every tool reads are no evidence', () => {
  assert.equal(canBeOwned('executed', '/proc/self/exe'), false);
  assert.equal(canBeOwned('loaded', '/dev/shm/x.so'), false);
  assert.equal(canBeOwned('executed', 'relative'), false);
  assert.equal(canBeOwned('opened', `/${'x'.repeat(2000)}.py`), false);
  assert.equal(canBeOwned('opened', '/app/node_modules/a/package.json'), false);
  assert.equal(canBeOwned('opened', '/app/config.json'), false);
  assert.equal(canBeOwned('opened', '/app/node_modules/a/data.json'), true);
  assert.equal(canBeOwned('opened', '/app/main.py'), true);
});
