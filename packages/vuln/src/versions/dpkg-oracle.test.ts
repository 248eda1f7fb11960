// Where dpkg is installed, our order of Debian versions is held against dpkg's own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, isVersion } from './registry.ts';

const RELATIONS = { '-1': 'lt', '0': 'eq', '1': 'gt' } as const;
const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;

test('dpkg agrees with every comparison', { skip: hasDpkg ? false : 'dpkg is not installed' }, () => {
  const pieces = ['0', '1', '10', '09', '.', '-', '~', '+', 'a', 'Z', 'rc', 'deb', '2'];
  const version = fc
    .array(fc.constantFrom(...pieces), { maxLength: 8 })
    .map((parts) => `1${parts.join('')}`)
    .filter((text) => isVersion('deb', text));
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 4 });
  const script = pairs.map(([a, b]) => {
    const result = compareVersions('deb', a, b);
    assert.ok(result !== undefined);
    return `dpkg --compare-versions '${a}' ${RELATIONS[result]} '${b}' || echo '${a} ${RELATIONS[result]} ${b}'`;
  });
  const { stdout, stderr } = spawnSync('sh', ['-s'], { input: script.join('\n'), encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(stderr, '');
});
