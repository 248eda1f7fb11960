// Which package a touched file counts for, and how strongly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
import fc from 'fast-check';
import {
  encodeOwnership,
  type OwnershipIndex,
  openOwnership,
  packageFiles,
  packagesInUse,
  type TouchedFile,
} from './index.ts';

function found(type: SoftwarePackage['type'], name: string, ...paths: string[]): SoftwarePackage {
  const purl = `pkg:${type}/${name}@1.0`;
  return { name, version: '1.0', type, purl, locations: paths.map((path) => ({ path })), licenses: [] };
}

function indexOf(
  packages: readonly SoftwarePackage[],
  owners: Record<string, string> = {},
  lists: Record<string, string[]> = {},
): OwnershipIndex {
  const input = { packages, owners: new Map(Object.entries(owners)), lists: new Map(Object.entries(lists)) };
  const index = openOwnership(encodeOwnership(packageFiles(input)));
  assert.ok(index !== undefined);
  return index;
}

function touch(path: string, grade: TouchedFile['grade'] = 'opened', lastMs = 1): TouchedFile {
  return { path, grade, lastMs };
}

function grades(index: OwnershipIndex, ...touched: TouchedFile[]): Record<string, string> {
  return Object.fromEntries(packagesInUse(index, touched).map(({ purl, grade }) => [purl, grade]));
}

test('the strongest grade of any file of a package counts, with a file and the time of that grade', () => {
  const index = indexOf([found('deb', 'curl'), found('deb', 'libssl3')], {
    '/usr/bin/curl': 'pkg:deb/curl@1.0',
    '/usr/lib/libssl.so.3': 'pkg:deb/libssl3@1.0',
    '/usr/lib/libextra.so': 'pkg:deb/curl@1.0',
  });
  const inUse = packagesInUse(index, [
    touch('/usr/lib/libextra.so', 'loaded', 9),
    touch('/usr/bin/curl', 'executed', 5),
    touch('/usr/lib/libssl.so.3', 'loaded', 7),
    touch('/usr/bin/nobody', 'executed', 8),
  ]);
  assert.deepEqual(inUse, [
    { purl: 'pkg:deb/curl@1.0', grade: 'executed', lastMs: 5, example: '/usr/bin/curl' },
    { purl: 'pkg:deb/libssl3@1.0', grade: 'loaded', lastMs: 7, example: '/usr/lib/libssl.so.3' },
  ]);
});

test('a package that is not touched is not named', () => {
  const index = indexOf([found('deb', 'a'), found('deb', 'b')], {
    '/a': 'pkg:deb/a@1.0',
    '/usr/b': 'pkg:deb/b@1.0',
  });
  assert.deepEqual(grades(index, touch('/usr/b')), { 'pkg:deb/b@1.0': 'opened' });
});

test('files are found under both names where /usr is merged', () => {
  const index = indexOf([found('apk', 'x')], { '/lib/libx.so': 'pkg:apk/x@1.0' });
  assert.deepEqual(grades(index, touch('/usr/lib/libx.so', 'loaded')), { 'pkg:apk/x@1.0': 'loaded' });
  const merged = indexOf([found('apk', 'x')], { '/usr/bin/x': 'pkg:apk/x@1.0' });
  assert.deepEqual(grades(merged, touch('/bin/x', 'executed')), { 'pkg:apk/x@1.0': 'executed' });
});

test('a compiled Python file counts for its source', () => {
  const index = indexOf(
    [found('pypi', 'six', '/s/six-1.dist-info/METADATA')],
    {},
    {
      '/s/six-1.dist-info': ['/s/six.py', '/s/pkg/'],
    },
  );
  assert.deepEqual(grades(index, touch('/s/__pycache__/six.cpython-311.pyc')), {
    'pkg:pypi/six@1.0': 'opened',
  });
  assert.deepEqual(grades(index, touch('/s/__pycache__/six.cpython-311.opt-1.pyc')), {
    'pkg:pypi/six@1.0': 'opened',
  });
  assert.deepEqual(grades(index, touch('/s/pkg/deep/er.py')), { 'pkg:pypi/six@1.0': 'opened' });
});

test('of nested node_modules the innermost package is in use', () => {
  const index = indexOf([
    found('npm', 'outer', '/app/node_modules/outer/package.json'),
    found('npm', 'inner', '/app/node_modules/outer/node_modules/inner/package.json'),
    found('npm', '@s/scoped', '/app/node_modules/@s/scoped/package.json'),
  ]);
  assert.deepEqual(grades(index, touch('/app/node_modules/outer/node_modules/inner/lib/a.js')), {
    'pkg:npm/inner@1.0': 'opened',
  });
  assert.deepEqual(grades(index, touch('/app/node_modules/@s/scoped/i.js')), {
    'pkg:npm/@s/scoped@1.0': 'opened',
  });
  assert.deepEqual(grades(index, touch('/app/index.js')), {});
});

test('programs and archives stand for all packages that are in them', () => {
  const index = indexOf([
    found('golang', 'a/b', '/bin/server'),
    found('golang', 'c/d', '/bin/server'),
    found('maven', 'g:core', '/app/web.war!/WEB-INF/lib/core.jar'),
  ]);
  assert.deepEqual(grades(index, touch('/bin/server', 'executed'), touch('/app/web.war')), {
    'pkg:golang/a/b@1.0': 'executed',
    'pkg:golang/c/d@1.0': 'executed',
    'pkg:maven/g:core@1.0': 'opened',
  });
});

test('gems, composer packages and conda packages are found by their conventions', () => {
  const index = indexOf(
    [
      found('gem', 'rack', '/g/specifications/rack-1.0.gemspec'),
      found('gem', 'net-http', '/usr/local/lib/ruby/gems/3.1.0/specifications/default/net-http-1.0.gemspec'),
      found('composer', 'acme/lib', '/app/vendor/composer/installed.json'),
      found('conda', 'numpy', '/opt/conda/conda-meta/numpy.json'),
    ],
    {},
    { '/opt/conda/conda-meta/numpy.json': ['/opt/conda/lib/np.so'] },
  );
  assert.deepEqual(
    grades(
      index,
      touch('/g/gems/rack-1.0/lib/rack.rb'),
      touch('/usr/local/lib/ruby/3.1.0/net/http/response.rb'),
      touch('/app/vendor/acme/lib/src/A.php'),
      touch('/opt/conda/lib/np.so', 'loaded'),
    ),
    {
      'pkg:gem/rack@1.0': 'opened',
      'pkg:gem/net-http@1.0': 'opened',
      'pkg:composer/acme/lib@1.0': 'opened',
      'pkg:conda/numpy@1.0': 'loaded',
    },
  );
});

test('a language package that a system package brought is used as that one is', () => {
  const python = { ...found('pypi', 'yaml', '/usr/lib/x.dat'), ownedBy: 'pkg:deb/python3-yaml@1.0' };
  const index = indexOf([found('deb', 'python3-yaml'), python], {
    '/usr/lib/y.py': 'pkg:deb/python3-yaml@1.0',
  });
  assert.deepEqual(grades(index, touch('/usr/lib/y.py')), {
    'pkg:deb/python3-yaml@1.0': 'opened',
    'pkg:pypi/yaml@1.0': 'opened',
  });
});

test('packages whose files nobody knows are unknown, not untouched', () => {
  const index = indexOf([
    found('npm', 'locked', '/app/package-lock.json'),
    found('golang', 'mod', '/src/go.mod'),
    found('deb', 'bare'),
  ]);
  assert.deepEqual(grades(index), {
    'pkg:npm/locked@1.0': 'unknown',
    'pkg:golang/mod@1.0': 'unknown',
    'pkg:deb/bare@1.0': 'unknown',
  });
});

test('a system package without its list of files is unknown, though others have theirs', () => {
  const packages = [found('deb', 'curl'), found('deb', 'slimmed'), found('deb', 'documents')];
  const owners = new Map([['/usr/bin/curl', 'pkg:deb/curl@1.0']]);
  const unlisted = new Set(['pkg:deb/slimmed@1.0']);
  const index = openOwnership(
    encodeOwnership(packageFiles({ packages, owners, unlisted, lists: new Map() })),
  );
  assert.ok(index !== undefined);
  assert.deepEqual(grades(index), { 'pkg:deb/slimmed@1.0': 'unknown' });
});

test('any set of owned paths gives exactly their owners back', () => {
  const path = fc
    .array(fc.stringMatching(/^[a-z0-9._ ü-]{1,8}$/), { minLength: 2, maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(
      fc.dictionary(path, fc.constantFrom('p1', 'p2', 'p3'), { maxKeys: 60 }),
      path,
      (owners, other) => {
        const index = indexOf([], owners);
        for (const [owned, purl] of Object.entries(owners)) {
          assert.ok(index.ownersOf(owned).some((number) => index.purls[number] === purl));
        }
        if (owners[other] === undefined && !/^\/(?:usr|s?bin|lib)/.test(other))
          assert.deepEqual(index.ownersOf(other), []);
      },
    ),
    { numRuns: 200 },
  );
});

test('what is no index, or cut off, is refused', () => {
  const bytes = encodeOwnership({
    owned: [{ path: '/a/b', isFolder: false, purl: 'p' }],
    aliases: new Map(),
    unknown: [],
  });
  for (let length = 0; length < bytes.length; length++)
    assert.equal(openOwnership(bytes.subarray(0, length)), undefined);
  assert.ok(openOwnership(bytes) !== undefined);
  assert.equal(openOwnership(new TextEncoder().encode('something else entirely')), undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => openOwnership(noise) === undefined));
});

test('an index of a hundred thousand files takes little more than a megabyte and answers at once', () => {
  const owned = Array.from({ length: 100_000 }, (_, n) => ({
    path: `/usr/lib/p${n % 400}/f${n}.so`,
    isFolder: false,
    purl: `pkg:deb/p${n % 400}@1`,
  }));
  const bytes = encodeOwnership({ owned, aliases: new Map(), unknown: [] });
  assert.ok(bytes.length < 1.3e6, String(bytes.length));
  const index = openOwnership(bytes);
  for (const { path, purl } of owned)
    assert.deepEqual(
      index?.ownersOf(path).map((number) => index.purls[number]),
      [purl],
    );
});
