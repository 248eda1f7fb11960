// Policies as people write them: words of all kinds, exceptions with an end, and mistakes that are told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
import { licenseFindings } from './license-policy.ts';
import { readLicensePolicy } from './read-license-policy.ts';

function item(name: string, ...licenses: readonly string[]): SoftwarePackage {
  return {
    name,
    version: '1',
    type: 'npm',
    purl: `pkg:npm/${name}@1`,
    locations: [{ path: '/a' }],
    licenses,
  };
}

function verdict(policy: unknown, ...licenses: readonly string[]): string {
  return (
    licenseFindings([item('x', ...licenses)], readLicensePolicy(policy, 'f').policy)[0]?.verdict ?? 'none'
  );
}

test('identifiers, names that SPDX gave up, wildcards and categories are understood', () => {
  const policy = {
    allow: ['AGPL-3.0-only'],
    review: ['LGPL-*'],
    deny: ['network-copyleft', 'GPL-2.0', 'Apache 1.1'],
  };
  assert.equal(verdict(policy, 'AGPL-3.0-only'), 'allowed');
  assert.equal(verdict(policy, 'AGPL-3.0-or-later'), 'denied');
  assert.equal(verdict(policy, 'GPL-2.0-only'), 'denied');
  assert.equal(verdict(policy, 'GPL-2.0+'), 'allowed');
  assert.equal(verdict(policy, 'LGPL-2.1-only'), 'review');
  assert.equal(verdict(policy, 'Apache-1.1'), 'denied');
  assert.equal(verdict(policy, 'MIT'), 'allowed');
  assert.deepEqual(readLicensePolicy(policy, 'f').problems, []);
});

test('of several lists the strictest wins, an exact name wins over its category', () => {
  assert.equal(verdict({ allow: ['MIT'], deny: ['MIT'] }, 'MIT'), 'denied');
  assert.equal(verdict({ allow: ['MIT'], review: ['MIT'] }, 'MIT'), 'review');
  assert.equal(verdict({ allow: ['copyleft'], deny: ['copyleft'] }, 'GPL-3.0-only'), 'denied');
  assert.equal(verdict({ deny: ['permissive'], allow: ['MIT'] }, 'MIT'), 'allowed');
});

test('expressions take the better side of OR and the worse one of AND; otherwise is for all that nobody names', () => {
  const policy = { allow: ['MIT'], otherwise: 'deny' };
  assert.equal(verdict(policy, 'MIT OR ISC'), 'allowed');
  assert.equal(verdict(policy, 'MIT AND ISC'), 'denied');
  assert.equal(verdict(policy, 'MIT', 'ISC'), 'denied');
  assert.equal(verdict(policy, 'no licence we know'), 'denied');
});

test('an exception marks the finding with its reason until it ends', () => {
  const { policy, problems } = readLicensePolicy(
    {
      deny: ['GPL-3.0-only'],
      exceptions: [
        { package: 'pkg:npm/ours@*', id: 'GPL-3.0-only', reason: 'own work', until: '2027-01-31' },
        { package: 'pkg:npm/other@*' },
      ],
    },
    'f',
  );
  assert.deepEqual(
    problems.map(({ at, message }) => `${at}: ${message}`),
    ['f: licenses: exceptions[1]: the reason is missing'],
  );
  const packages = [item('ours', 'GPL-3.0-only'), item('theirs', 'GPL-3.0-only')];
  const marked = (today: string): readonly (string | undefined)[] =>
    licenseFindings(packages, policy, today).map(({ suppressed }) => suppressed?.reason);
  assert.deepEqual(marked('2027-01-31'), ['own work', undefined]);
  assert.deepEqual(marked('2027-02-01'), [undefined, undefined]);
});

test('mistakes are told and the rest is taken; a word that is no licence is a note', () => {
  const told = (value: unknown): string[] =>
    readLicensePolicy(value, 'f').problems.map(({ message, level }) => `${level ?? 'error'} ${message}`);
  assert.deepEqual(told(undefined), []);
  assert.deepEqual(told('deny'), ["error 'licenses' is no mapping"]);
  assert.deepEqual(told({ denied: ['MIT'] }), ["error unknown key 'denied'"]);
  assert.deepEqual(told({ deny: [1, 'MIT'] }), ['error a list of at most 10000 texts is expected']);
  assert.deepEqual(told({ otherwise: 'toString' }), ['error allow, deny or review is expected']);
  assert.deepEqual(told({ deny: 'House rules of Acme' }), [
    "note 'House rules of Acme' is no SPDX identifier: only packages that say exactly this are meant",
  ]);
  assert.equal(verdict({ deny: 'House rules of Acme' }, 'House rules of Acme'), 'denied');
});
