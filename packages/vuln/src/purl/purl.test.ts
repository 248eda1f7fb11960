// Package URLs: what the specification calls valid, canonical and invalid.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPurl, parsePurl, samePackage } from './purl.ts';

/** Written → canonical. */
const CANONICAL: readonly (readonly [string, string])[] = [
  ['pkg:maven/org.apache.commons/io@1.3.4', 'pkg:maven/org.apache.commons/io@1.3.4'],
  [
    'pkg:GOLANG/google.golang.org/genproto#/googleapis/../api/annotations/',
    'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
  ],
  ['pkg:npm/%40angular/animation@12.3.1', 'pkg:npm/%40angular/animation@12.3.1'],
  ['pkg:npm/@angular/animation@12.3.1', 'pkg:npm/%40angular/animation@12.3.1'],
  ['pkg:npm/@angular/animation', 'pkg:npm/%40angular/animation'],
  ['pkg:PYPI/Django_package@1.11.1.dev1', 'pkg:pypi/django-package@1.11.1.dev1'],
  [
    'pkg:deb/debian/curl@7.50.3-1?distro=jessie&arch=i386',
    'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
  ],
  ['pkg:deb/debian/x@1%3A1.2%2Bdfsg', 'pkg:deb/debian/x@1:1.2%2Bdfsg'],
  [
    'pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io',
    'pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io',
  ],
  ['pkg:rpm/Fedora/curl@7.50.3-1.fc25?Arch=i386', 'pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386'],
  ['pkg:github/Package-url/Purl-Spec@244fd4', 'pkg:github/package-url/purl-spec@244fd4'],
  ['pkg:gem/ruby-advisory-db-check@0.12.4', 'pkg:gem/ruby-advisory-db-check@0.12.4'],
  ['pkg://gem/jruby-launcher@1.1.2?Platform=java', 'pkg:gem/jruby-launcher@1.1.2?platform=java'],
  ['pkg:nuget/EnterpriseLibrary.Common@6.0.1304', 'pkg:nuget/EnterpriseLibrary.Common@6.0.1304'],
  ['pkg:swift/github.com/Alamofire/Alamofire@5.4.3', 'pkg:swift/github.com/Alamofire/Alamofire@5.4.3'],
  ['pkg:generic/a%20b@1?empty=', 'pkg:generic/a%20b@1'],
];

test('texts are read and written in the canonical form', () => {
  for (const [written, canonical] of CANONICAL) {
    const purl = parsePurl(written);
    assert.ok(purl, written);
    assert.equal(formatPurl(purl), canonical);
  }
});

test('texts that are no package URL are refused', () => {
  for (const text of [
    '',
    'EnterpriseLibrary.Common@6.0.1304',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'pkg:/x',
    'pkg:1type/name',
    'pkg:ty pe/name',
    'pkg:swift/Alamofire@5.4.3',
    'pkg:npm/x@%zz',
    'pkg:npm/x?a b=c',
    'pkg:npm/x?a=1&a=2',
    `pkg:npm/${'x'.repeat(5000)}`,
  ])
    assert.equal(parsePurl(text), undefined, text.slice(0, 60));
});

test('what is written is read back, whatever the parts hold', () => {
  const part = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('/'));
  fc.assert(
    fc.property(part, part, part, part, (namespace, name, version, value) => {
      const purl = { type: 'generic', namespace, name, version, qualifiers: { k: value }, subpath: '' };
      assert.deepEqual(parsePurl(formatPurl(purl)), purl);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test('hostile texts never throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      parsePurl(text);
      parsePurl(`pkg:${text}`);
    }),
    { numRuns: 1000, seed: 4 },
  );
});

test('a purl without version names every version of the package', () => {
  const read = (text: string) => {
    const purl = parsePurl(text);
    assert.ok(purl);
    return purl;
  };
  assert.ok(samePackage(read('pkg:npm/x'), read('pkg:npm/x@1.0.0')));
  assert.ok(!samePackage(read('pkg:npm/x@1.0.1'), read('pkg:npm/x@1.0.0')));
  assert.ok(!samePackage(read('pkg:npm/%40a/x'), read('pkg:npm/x@1.0.0')));
});
