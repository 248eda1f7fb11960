import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { analyzeFiles } from '../testing.ts';
import { strictJson } from './bun-lock.ts';
import { npmAnalyzer } from './index.ts';
import { splitKey } from './pnpm-lock.ts';
import { parsePnpmYaml } from './pnpm-yaml.ts';

const packagesOf = (files: Readonly<Record<string, string>>): readonly SoftwarePackage[] =>
  analyzeFiles(npmAnalyzer, files).packages;

/** `name@version`, with `dev` and `direct` as marks. */
function briefly(files: Readonly<Record<string, string>>): string[] {
  return packagesOf(files)
    .map(
      (entry) => `${entry.name}@${entry.version}${entry.dev ? ' dev' : ''}${entry.direct ? ' direct' : ''}`,
    )
    .sort();
}

describe('npm', () => {
  const LOCK = JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': {
        name: 'app',
        version: '1.0.0',
        dependencies: { a: '^1', alias: 'npm:real@2' },
        devDependencies: { d: '1' },
      },
      'node_modules/a': { version: '1.2.3', license: 'MIT' },
      'node_modules/a/node_modules/@s/b': { version: '2.0.0-rc.1' },
      'node_modules/d': { version: '1.0.0', dev: true },
      'node_modules/alias': { name: 'real', version: '2.0.1' },
      'node_modules/w': { resolved: 'packages/w', link: true },
      'packages/w': { version: '0.1.0', dependencies: { e: '*' } },
      'node_modules/e': { version: '5.0.0', devOptional: true },
    },
  });

  it('reads package-lock versions 2 and 3 with scopes, aliases, workspaces and development packages', () => {
    assert.deepEqual(briefly({ '/app/package-lock.json': LOCK }), [
      '@s/b@2.0.0-rc.1',
      'a@1.2.3 direct',
      'd@1.0.0 dev direct',
      'e@5.0.0 direct',
      'real@2.0.1 direct',
    ]);
  });

  it('writes the purl with an encoded scope', () => {
    const found = packagesOf({ '/app/package-lock.json': LOCK }).find((entry) => entry.name === '@s/b');
    assert.equal(found?.purl, 'pkg:npm/%40s/b@2.0.0-rc.1');
  });

  it('reads the tree of version 1, without packages that no registry knows', () => {
    const lock = JSON.stringify({
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dependencies: { b: { version: '2.0.0', dev: true } } },
        x: { version: 'npm:@real/y@3.0.0' },
        g: { version: 'git+ssh://git@example.org/g.git#abc' },
        f: { version: 'file:../f' },
      },
    });
    assert.deepEqual(briefly({ '/npm-shrinkwrap.json': lock }), ['@real/y@3.0.0', 'a@1.0.0', 'b@2.0.0 dev']);
  });

  it('reads yarn.lock of the classic format', () => {
    const lock = `# yarn lockfile v1


"@babel/core@^7.0.0", "@babel/core@^7.1.0":
  version "7.24.0"
  resolved "https://registry.yarnpkg.com/@babel/core/-/core-7.24.0.tgz#abc"
  dependencies:
    version "1.0.0"
    lodash "^4"

lodash@^4, lodash@^4.17.0:
  version "4.17.21"

alias@npm:real@^1.0.0:
  version "1.5.0"
`;
    assert.deepEqual(briefly({ '/yarn.lock': lock }), ['@babel/core@7.24.0', 'lodash@4.17.21', 'real@1.5.0']);
  });

  it('reads yarn.lock of berry, without the workspaces of the project', () => {
    const lock = `__metadata:
  version: 8
  cacheKey: 10

"@types/node@npm:*, @types/node@npm:^20.0.0":
  version: 20.1.0
  resolution: "@types/node@npm:20.1.0"
  dependencies:
    version: "npm:^1.0.0"
  languageName: node
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."

"patched@patch:patched@npm%3A1.0.0#~/.yarn/patches/x.patch":
  version: 1.0.0
  resolution: "patched@patch:patched@npm%3A1.0.0#~/.yarn/patches/x.patch::version=1.0.0&hash=1"
`;
    assert.deepEqual(briefly({ '/yarn.lock': lock }), ['@types/node@20.1.0', 'patched@1.0.0']);
  });

  it('reads pnpm-lock.yaml of version 5, 6 and 9', () => {
    const five = `lockfileVersion: 5.4
specifiers: {a: ^1.0.0}
dependencies:
  a: 1.0.0_b@2.0.0
packages:
  /a/1.0.0_b@2.0.0:
    dev: false
  /@s/c/3.0.0:
    dev: true
  file:local:
    name: local
    version: 0.0.0
`;
    const six = `lockfileVersion: '6.0'
dependencies:
  a: {specifier: ^1.0.0, version: 1.0.0(b@2.0.0)}
packages:
  /a@1.0.0(b@2.0.0):
    dev: false
  /@s/c@3.0.0:
    dev: true
`;
    const nine = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.0(b@2.0.0)}
    devDependencies:
      '@s/c': {specifier: ^3.0.0, version: 3.0.0}
packages:
  a@1.0.0: {resolution: {integrity: x}}
  b@2.0.0: {resolution: {integrity: x}}
  '@s/c@3.0.0': {resolution: {integrity: x}}
snapshots:
  a@1.0.0(b@2.0.0):
    dependencies: {b: 2.0.0}
  b@2.0.0: {}
  '@s/c@3.0.0': {}
`;
    assert.deepEqual(briefly({ '/pnpm-lock.yaml': five }), [
      '@s/c@3.0.0 dev',
      'a@1.0.0 direct',
      'local@0.0.0',
    ]);
    assert.deepEqual(briefly({ '/pnpm-lock.yaml': six }), ['@s/c@3.0.0 dev', 'a@1.0.0 direct']);
    assert.deepEqual(briefly({ '/pnpm-lock.yaml': nine }), [
      '@s/c@3.0.0 dev direct',
      'a@1.0.0 direct',
      'b@2.0.0',
    ]);
  });

  it('reads long keys, block scalars, lists and several documents of pnpm-lock.yaml', () => {
    const lock = `---
lockfileVersion: '9.0'
packages:
  not-this@1.0.0: {}
---
lockfileVersion: '9.0'
packages:
  ? a@1.0.0(${'p@1'.repeat(400)})
  : resolution: {integrity: x}
    deprecated: |-
      packages:
        b@2.0.0: {}
    cpu: [x64, 'a, b']
    os:
      - linux: x
  c@3.0.0:
    engines: {node: '>=10, <12', version: 4.0.0}
`;
    assert.deepEqual(briefly({ '/pnpm-lock.yaml': lock }), ['a@1.0.0 dev', 'c@3.0.0 dev']);
  });

  it('agrees with a whole YAML parser on what pnpm writes', () => {
    const word = fc.stringMatching(/^[a-z@/][a-z0-9@/.()_-]{0,12}[a-z0-9]$/);
    const flat = fc.dictionary(word, word, { maxKeys: 4 });
    const lock = fc.record({
      lockfileVersion: fc.constant('9.0'),
      packages: fc.dictionary(word, flat, { minKeys: 1 }),
    });
    fc.assert(
      fc.property(lock, (document) => {
        const text = stringify(document);
        assert.deepEqual(
          JSON.parse(JSON.stringify(parsePnpmYaml(text))),
          JSON.parse(JSON.stringify(parse(text))),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('splits the keys of pnpm with and without registry host and peers', () => {
    assert.deepEqual(splitKey('registry.example.org/@s/n/1.0.0-rc.1_x@1', 5), {
      name: '@s/n',
      version: '1.0.0-rc.1',
    });
    assert.deepEqual(splitKey('/@s/n@1.0.0(@p/q@2.0.0)', 6), { name: '@s/n', version: '1.0.0' });
    assert.equal(splitKey('file:x', 9), undefined);
  });

  it('reads bun.lock with its trailing commas', () => {
    const lock = `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "x", "dependencies": { "a": "^1.0.0", }, }, },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "@s/b": "1" } }, "sha512-,]},"],
    "@s/b": ["@s/b@2.0.0", "", {}, "sha"],
    "w": ["w@workspace:packages/w"],
  }
}`;
    assert.deepEqual(briefly({ '/bun.lock': lock }), ['@s/b@2.0.0', 'a@1.0.0 direct']);
  });

  it('leaves JSON as it is when it has no trailing commas', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        assert.deepEqual(JSON.parse(strictJson(text)), JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it('reads installed packages at their root only', () => {
    const found = packagesOf({
      '/app/node_modules/a/package.json': '{"name":"a","version":"v1.0.0","license":"MIT"}',
      '/app/node_modules/a/dist/esm/package.json': '{"name":"a","version":"9.9.9"}',
      '/app/node_modules/.pnpm/@s+b@2.0.0/node_modules/@s/b/package.json':
        '{"name":"@s/b","version":"2.0.0"}',
      '/app/node_modules/c/package.json': '{"type":"module"}',
      '/app/node_modules/old/package.json':
        '{"name":"old","version":"0.1.0","licenses":[{"type":"BSD"},{"type":"MIT"}]}',
      '/usr/share/nodejs/semver/package.json': '{"name":"semver","version":"7.3.5"}',
      '/app/package.json': '{"name":"app","version":"1.0.0"}',
    });
    assert.deepEqual(found.map((entry) => `${entry.name}@${entry.version} ${entry.licenses.join()}`).sort(), [
      '@s/b@2.0.0 ',
      'a@1.0.0 MIT',
      'old@0.1.0 BSD,MIT',
      'semver@7.3.5 ',
    ]);
  });

  it('joins what is locked and what is installed, installed first', () => {
    const [found, ...others] = packagesOf({
      '/app/package-lock.json': '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
      '/app/node_modules/a/package.json': '{"name":"a","version":"1.0.0","license":"ISC"}',
    });
    assert.deepEqual(others, []);
    assert.deepEqual(
      found?.locations.map((location) => location.path),
      ['/app/node_modules/a/package.json', '/app/package-lock.json'],
    );
    assert.deepEqual(found?.licenses, ['ISC']);
  });

  it('is not misled by names that objects have by themselves', () => {
    const lock =
      '{"packages":{"node_modules/__proto__":{"version":"1.0.0"},"node_modules/constructor":{"version":"1.0.0"}}}';
    assert.deepEqual(briefly({ '/package-lock.json': lock }), ['__proto__@1.0.0', 'constructor@1.0.0']);
  });

  it('reports broken, cut off and deeply nested locks as problems', () => {
    const nested = '['.repeat(200_000);
    const files = {
      '/a/package-lock.json': LOCK.slice(0, -20),
      '/b/package-lock.json': nested,
      '/c/pnpm-lock.yaml': `packages: ${nested}`,
      '/e/bun.lock': '{"packages": {',
    };
    assert.deepEqual([...analyzeFiles(npmAnalyzer, files).problems.keys()], Object.keys(files));
  });

  it('never throws, whatever shape a lock file has', () => {
    const path = fc.constantFrom(
      '/package-lock.json',
      '/yarn.lock',
      '/pnpm-lock.yaml',
      '/bun.lock',
      '/node_modules/a/package.json',
    );
    const key = fc.constantFrom(
      'packages',
      'dependencies',
      'version',
      'node_modules/a',
      'name',
      'importers',
      'snapshots',
      '/a/1.0.0',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(path, value.object, (path, document) => {
        analyzeFiles(npmAnalyzer, { [path]: JSON.stringify(document) });
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(path, fc.string({ maxLength: 200 }), (path, text) => {
        analyzeFiles(npmAnalyzer, { [path]: text });
      }),
      { numRuns: 200 },
    );
  });
});
