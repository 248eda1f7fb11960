import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
import identifiers from 'spdx-license-ids' with { type: 'json' };
import { licenseCategory } from './license-category.ts';
import { normalizeLicense, parseLicense } from './license-expression.ts';
import { LICENSE_FAMILIES } from './license-families.ts';
import { type LicensePolicy, licenseFindings } from './license-policy.ts';

function category(text: string): string {
  const expression = parseLicense(text);
  return expression === undefined ? 'none' : licenseCategory(expression);
}

function item(...licenses: readonly string[]): SoftwarePackage {
  return { name: 'x', version: '1', type: 'npm', purl: 'pkg:npm/x@1', locations: [], licenses };
}

function judged(policy: LicensePolicy | undefined, ...licenses: readonly string[]): string {
  const [finding] = licenseFindings([item(...licenses)], policy);
  return finding === undefined ? 'none' : `${finding.expression}: ${finding.category} ${finding.verdict}`;
}

describe('licence families', () => {
  it('have only beginnings of identifiers that exist', () => {
    for (const prefix of Object.values(LICENSE_FAMILIES).flatMap((family) => family.split(/\s+/))) {
      assert.ok(
        identifiers.some((id) => id.startsWith(prefix)),
        prefix,
      );
    }
  });

  for (const [text, expected] of [
    ['MIT', 'permissive'],
    ['LGPL-2.1-or-later', 'weak-copyleft'],
    ['GPL-3.0-only', 'copyleft'],
    ['GPL-2.0', 'copyleft'],
    ['AGPL-3.0-only', 'network-copyleft'],
    ['BUSL-1.1', 'proprietary'],
    ['CC-BY-4.0', 'permissive'],
    ['CC-BY-SA-4.0', 'weak-copyleft'],
    ['CC-BY-NC-4.0', 'proprietary'],
    ['LicenseRef-acme', 'unknown'],
    ['MIT OR GPL-3.0-only', 'permissive'],
    ['MIT AND GPL-3.0-only', 'copyleft'],
    ['(MIT OR Apache-2.0) AND (AGPL-3.0-only OR LGPL-3.0-only)', 'weak-copyleft'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'weak-copyleft'],
  ] as const) {
    it(`say ${expected} of ${text}`, () => assert.equal(category(text), expected));
  }
});

describe('licence texts', () => {
  it('become expressions where that is certain', () => {
    assert.equal(normalizeLicense('Apache 2.0'), 'Apache-2.0');
    assert.equal(normalizeLicense(' (MIT) '), 'MIT');
    assert.equal(normalizeLicense('(MIT OR (GPL-2.0-only AND ISC))'), 'MIT OR (GPL-2.0-only AND ISC)');
    assert.equal(normalizeLicense('SEE LICENSE IN LICENSE.md'), undefined);
    assert.equal(normalizeLicense('NOASSERTION'), undefined);
    assert.equal(normalizeLicense(''), undefined);
  });

  it('are refused when they are long or nested deeply, quickly', () => {
    assert.equal(parseLicense(`${'('.repeat(400)}MIT${')'.repeat(400)}`), undefined);
    assert.equal(normalizeLicense('x '.repeat(1_000_000)), undefined);
    assert.equal(normalizeLicense('('.repeat(90)), undefined);
  });
});

describe('licence policy', () => {
  it('denies nothing by itself and asks for a look at what is unclear', () => {
    assert.equal(judged(undefined, 'MIT'), 'MIT: permissive allowed');
    assert.equal(judged(undefined, 'AGPL-3.0-only'), 'AGPL-3.0-only: network-copyleft review');
    assert.equal(judged(undefined, 'whatever we like'), 'whatever we like: unknown review');
    assert.equal(judged(undefined), 'none');
  });

  it('takes the better side of OR and the worse one of AND', () => {
    const policy = { deny: ['GPL-3.0-only'] };
    assert.match(judged(policy, 'GPL-3.0-only OR MIT'), /allowed$/);
    assert.match(judged(policy, 'GPL-3.0-only AND MIT'), /denied$/);
    assert.equal(judged(policy, 'MIT', 'GPL-3.0-only'), 'MIT AND GPL-3.0-only: copyleft denied');
    assert.equal(
      judged(policy, 'MIT OR ISC', 'GPL-3.0-only'),
      '(MIT OR ISC) AND GPL-3.0-only: copyleft denied',
    );
  });

  it('knows exceptions, categories, plain texts and packages to leave out', () => {
    const exception = 'GPL-2.0-only WITH Classpath-exception-2.0';
    assert.match(judged({ deny: ['GPL-2.0-only'] }, exception), /denied$/);
    assert.match(judged({ deny: ['GPL-2.0-only'], allow: [exception] }, exception), /allowed$/);
    assert.match(judged({ categories: { copyleft: 'denied' } }, 'GPL-2.0-only'), /denied$/);
    assert.match(judged({ deny: ['Acme licence'] }, 'Acme licence'), /unknown denied$/);
    assert.equal(judged({ ignorePackages: ['pkg:npm/x'] }, 'AGPL-3.0-only'), 'none');
  });
});
