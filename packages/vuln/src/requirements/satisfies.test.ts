// Requirements against the versions that each ecosystem's documentation says they take.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { VersionScheme } from '@guardcell/core';
import fc from 'fast-check';
import { satisfies } from './satisfies.ts';

type Row = readonly [requirement: string, taken: readonly string[], refused: readonly string[]];

const KNOWN: Readonly<Partial<Record<VersionScheme, readonly Row[]>>> = {
  npm: [
    ['^1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0', '2.0.0-rc.1']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0.0', ['0.0.9'], ['0.1.0']],
    ['~1.2', ['1.2.0', '1.2.9'], ['1.3.0', '1.1.9']],
    ['~1', ['1.9.9'], ['2.0.0']],
    ['1.x', ['1.0.0', '1.99.0'], ['2.0.0', '0.9.0']],
    ['1.2.*', ['1.2.7'], ['1.3.0']],
    ['1.2.3 - 2.3', ['1.2.3', '2.3.9'], ['1.2.2', '2.4.0']],
    ['>=1.0.0 <2.0.0 || >= 3.1.0', ['1.5.0', '3.1.0', '4.0.0'], ['2.0.0', '3.0.9', '0.1.0']],
    ['<=1.5.1', ['1.5.1', '1.5.1-beta', '0.1.0'], ['1.5.2']],
    ['*', ['0.0.1', '99.0.0'], []],
    ['', ['0.0.1'], []],
    ['>1.2', ['1.3.0'], ['1.2.9']],
  ],
  cargo: [
    ['1.2', ['1.2.0', '1.9.0'], ['2.0.0', '1.1.0']],
    ['=1.2.3', ['1.2.3'], ['1.2.4']],
    ['>=1.2, <1.5', ['1.2.0', '1.4.9'], ['1.5.0']],
  ],
  hex: [
    ['~> 2.0 and != 2.1.0', ['2.0.0', '2.2.0'], ['2.1.0']],
    ['>= 1.0.0 or < 0.5.0', ['1.0.0', '0.4.0'], ['0.7.0']],
  ],
  gem: [
    ['~> 1.2.3', ['1.2.3', '1.2.9'], ['1.3.0', '1.3.0.rc1', '1.2.2']],
    ['~> 1.2', ['1.2', '1.9.9'], ['2.0', '2.0.a']],
    ['~> 1.2.3, >= 1.2.4', ['1.2.4'], ['1.2.3']],
    ['>= 4.3.0', ['4.3', '5'], ['4.2.9', '4.3.0.pre']],
    ['< 2.0', ['2.0.rc1', '1.9'], ['2.0']],
    ['!= 1.5', ['1.4'], ['1.5.0']],
    ['4.2.5.1', ['4.2.5.1'], ['4.2.5']],
  ],
  composer: [
    ['>=1.0,<1.2', ['1.0.0', '1.1.9'], ['1.2.0', '0.9']],
    ['^1.2.3', ['1.2.3', '1.9'], ['2.0.0', '2.0.0-beta1', '1.2.2']],
    ['^0.3', ['0.3.9'], ['0.4.0']],
    ['~1.2', ['1.2', '1.9'], ['2.0']],
    ['~1.2.3', ['1.2.9'], ['1.3.0']],
    ['1.0.*', ['1.0.7'], ['1.1.0']],
    ['>=1.0 <1.1 || >=1.2', ['1.0.5', '1.3'], ['1.1.5']],
    ['1.0 - 2.0', ['1.5'], ['2.1', '0.9']],
    ['<5.20.12', ['5.20.11', '5.20.12-beta1'], ['5.20.12']],
  ],
  pep440: [
    ['~=2.2', ['2.2', '2.9'], ['3.0', '2.1']],
    ['~=1.4.5', ['1.4.5', '1.4.9'], ['1.5']],
    ['==1.1', ['1.1', '1.1.0', '1.1+local'], ['1.1.post1', '1.1a1']],
    ['==1.1.*', ['1.1', '1.1.9', '1.1.post1', '1.1a1'], ['1.2']],
    ['!=1.5.*', ['1.6'], ['1.5.1']],
    ['<1.7', ['1.6.9'], ['1.7', '1.7.0a1', '1.7.dev1']],
    ['>1.7', ['1.7.1', '1.8'], ['1.7.0.post1', '1.7']],
    ['>=1.0,<2', ['1.5'], ['2.0', '0.9']],
    ['===1.0+x', ['1.0+x'], ['1.0']],
    ['', ['1.0'], []],
  ],
  maven: [['>= 2.0, < 2.17.1', ['2.17.0'], ['2.17.1', '1.9']]],
};

for (const [scheme, rows] of Object.entries(KNOWN) as [VersionScheme, readonly Row[]][])
  test(`${scheme}: requirements take and refuse what they should`, () => {
    for (const [requirement, taken, refused] of rows) {
      for (const version of taken)
        assert.equal(satisfies(scheme, version, requirement), true, `${version} in ${requirement}`);
      for (const version of refused)
        assert.equal(satisfies(scheme, version, requirement), false, `${version} not in ${requirement}`);
    }
  });

test('what cannot be read is neither met nor unmet', () => {
  assert.equal(satisfies('npm', 'abc', '*'), undefined);
  assert.equal(satisfies('npm', '1.0.0', '>>1'), undefined);
  assert.equal(satisfies('npm', '1.0.0', 'git+https://example.org/x'), undefined);
  assert.equal(satisfies('gem', '1.0', '~> x'), undefined);
  assert.equal(satisfies('pep440', '1.0', '~=1'), undefined);
  assert.equal(satisfies('pep440', '1.0', '1.0'), undefined);
  assert.equal(satisfies('composer', '1.0', 'dev-main'), undefined);
  assert.equal(satisfies('deb', '1.0', `>= ${'1'.repeat(5000)}`), undefined);
});

interface NodeSemver {
  satisfies(version: string, range: string, options: { readonly includePrerelease: boolean }): boolean;
}

test('npm ranges agree with npm', (context) => {
  let semver: NodeSemver;
  try {
    semver = createRequire(import.meta.url)('semver') as NodeSemver;
  } catch {
    context.skip('the package semver is not installed');
    return;
  }
  const number = fc.constantFrom('0', '1', '2', '10');
  const pre = fc.constantFrom('', '', '-0', '-alpha', '-rc.1');
  const version = fc.tuple(number, number, number, pre).map(([a, b, c, d]) => `${a}.${b}.${c}${d}`);
  const partial = fc.oneof(
    version,
    fc.tuple(number, number).map((parts) => parts.join('.')),
    number,
    fc.constant('1.x'),
  );
  const comparator = fc
    .tuple(fc.constantFrom('', '^', '~', '>', '>=', '<', '<=', '='), partial)
    .map((parts) => parts.join(''));
  const range = fc
    .array(fc.array(comparator, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })
    .map((parts) => parts.map((words) => words.join(' ')).join(' || '));
  fc.assert(
    fc.property(version, range, (one, required) => {
      assert.equal(
        satisfies('npm', one, required),
        semver.satisfies(one, required, { includePrerelease: true }),
        `${one} in ${required}`,
      );
    }),
    { numRuns: 2000, seed: 4 },
  );
});
