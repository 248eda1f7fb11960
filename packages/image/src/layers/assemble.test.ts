// What becomes of findings and problems once all layers are read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretFinding, SoftwarePackage } from '@guardcell/core';
import type { Analyzer } from '../analyzer.ts';
import { assembleContents } from './assemble.ts';
import { toyAnalyzer } from './testing/toy-analyzer.ts';

function packageOf(purl: string): SoftwarePackage {
  return { name: purl, version: '1', type: 'deb', purl, locations: [], licenses: [] };
}

test('programs of the distribution that are too large to look into are no gap, those of others are', () => {
  const own = packageOf('pkg:deb/debian/browser@1');
  const foreign = { ...packageOf('pkg:deb/vendor/tool@1'), thirdParty: 'vendor' };
  const owners = new Map([
    ['/usr/bin/browser', own.purl],
    ['/usr/bin/tool', foreign.purl],
  ]);
  const owning: Analyzer = {
    ...toyAnalyzer(),
    assemble: () => ({ packages: [own, foreign], owners }),
  };
  const message = 'golang: the file has 2000000000 bytes, at most 1073741824 are read';
  const problems = ['/bin/browser', '/usr/bin/tool', '/opt/tool'].map((path) => ({ path, message }));
  problems.push({ path: '/usr/bin/browser', message: 'secrets: the file has 300000000 bytes' });
  const { errors } = assembleContents([owning], new Map([[owning.id, []]]), problems);
  assert.deepEqual(
    errors.map(({ at, level }) => `${at} ${level ?? 'gap'}`),
    ['/bin/browser note', '/usr/bin/tool gap', '/opt/tool gap', '/usr/bin/browser gap'],
  );
});

test('what stands in files of the distribution is published; changed settings and files of others are not', () => {
  const own = packageOf('pkg:deb/debian/python@1');
  const foreign = { ...packageOf('pkg:deb/vendor/tool@1'), thirdParty: 'vendor' };
  const owners = new Map([
    ['/usr/lib/python3/urllib.py', own.purl],
    ['/etc/python/site.conf', own.purl],
    ['/etc/python/unchanged.conf', own.purl],
    ['/etc/tool/unchanged.conf', foreign.purl],
    ['/usr/share/tool/x.conf', foreign.purl],
  ]);
  const secrets = [...owners.keys(), '/lib/python3/urllib.py', '/usr/lib/python3/own.py'].map(
    (path): SecretFinding => ({
      rule: 'generic-password',
      title: 'Password',
      severity: 'medium',
      path,
      line: 1,
      excerpt: 'password=***',
    }),
  );
  const owning: Analyzer = {
    ...toyAnalyzer(),
    assemble: () => ({
      packages: [own, foreign],
      owners,
      secrets,
      shipped: new Map([
        ['/etc/python/site.conf', 'a'],
        ['/etc/python/unchanged.conf', 'b'],
        ['/etc/tool/unchanged.conf', 'c'],
      ]),
      digests: new Map([
        ['/etc/python/site.conf', ['changed']],
        ['/etc/python/unchanged.conf', ['a', 'b']],
        ['/etc/tool/unchanged.conf', ['c']],
      ]),
    }),
  };
  const contents = assembleContents([owning], new Map([[owning.id, []]]), []);
  assert.deepEqual(
    contents.secrets.filter(({ suppressed }) => suppressed !== undefined).map(({ path }) => path),
    ['/usr/lib/python3/urllib.py', '/etc/python/unchanged.conf', '/lib/python3/urllib.py'],
  );
});
