import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { composerAnalyzer } from './index.ts';

describe('composer', () => {
  const LOCK = JSON.stringify({
    packages: [
      { name: 'Symfony/HTTP-Kernel', version: 'v6.2.1', license: ['MIT'] },
      { name: 'x', version: '1' },
    ],
    'packages-dev': [{ name: 'phpunit/phpunit', version: '9.6.0', license: ['BSD-3-Clause'] }],
  });

  it('reads composer.lock with names in lower case and versions without v', () => {
    const { packages } = analyzeFiles(composerAnalyzer, { '/app/composer.lock': LOCK });
    assert.deepEqual(packages, [
      {
        name: 'symfony/http-kernel',
        version: '6.2.1',
        type: 'composer',
        purl: 'pkg:composer/symfony/http-kernel@6.2.1',
        locations: [{ path: '/app/composer.lock' }],
        licenses: ['MIT'],
      },
      {
        name: 'phpunit/phpunit',
        version: '9.6.0',
        type: 'composer',
        purl: 'pkg:composer/phpunit/phpunit@9.6.0',
        locations: [{ path: '/app/composer.lock' }],
        licenses: ['BSD-3-Clause'],
        dev: true,
      },
    ]);
  });

  it('reads installed.json of both versions and joins it with the lock', () => {
    const entry = { name: 'monolog/monolog', version: '2.9.1', license: 'MIT' };
    const one = analyzeFiles(composerAnalyzer, {
      '/a/vendor/composer/installed.json': JSON.stringify([entry]),
    });
    const two = analyzeFiles(composerAnalyzer, {
      '/a/composer.lock': JSON.stringify({ packages: [entry] }),
      '/a/vendor/composer/installed.json': JSON.stringify({ packages: [entry], 'dev-package-names': [] }),
    });
    assert.equal(one.packages[0]?.purl, 'pkg:composer/monolog/monolog@2.9.1');
    assert.deepEqual(
      two.packages.map((found) => found.locations.map((location) => location.path)),
      [['/a/vendor/composer/installed.json', '/a/composer.lock']],
    );
  });

  it('reports what is no JSON as a problem and survives any other shape', () => {
    assert.equal(analyzeFiles(composerAnalyzer, { '/composer.lock': LOCK.slice(0, 40) }).problems.size, 1);
    const list = fc.array(
      fc.oneof(
        fc.string(),
        fc.constant(null),
        fc.dictionary(fc.constantFrom('name', 'version', 'license'), fc.jsonValue()),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ packages: fc.oneof(list, fc.jsonValue()) })),
        (document) => {
          for (const path of ['/composer.lock', '/vendor/composer/installed.json']) {
            analyzeFiles(composerAnalyzer, { [path]: JSON.stringify(document) });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
