// Where advisories for a package are looked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OsRelease, SoftwarePackage } from '@guardcell/core';
import { distributionOf } from './distribution.ts';
import { lookupsOf } from './lookup.ts';

function os(id: string, versionId: string, codename = ''): OsRelease {
  return { id, idLike: [], versionId, codename, prettyName: '' };
}

function names(type: SoftwarePackage['type'], name: string, version = '1.0'): string[] {
  return lookupsOf({ type, name, version, purl: '', locations: [], licenses: [] }, undefined).map(
    (lookup) => `${lookup.ecosystems[0]} ${lookup.name} ${lookup.version}`,
  );
}

test('releases of distributions have the names under which feeds file them', () => {
  const cases: readonly (readonly [OsRelease, string])[] = [
    [os('debian', '12'), 'Debian:12'],
    [os('debian', '', 'trixie'), 'Debian:13'],
    [os('debian', '', 'sid'), 'Debian:sid'],
    [os('ubuntu', '24.04'), 'Ubuntu:24.04'],
    [os('alpine', '3.20.3'), 'Alpine:v3.20'],
    [os('alpine', '3.21_alpha20240606'), 'Alpine:edge'],
    [os('almalinux', '9.4'), 'AlmaLinux:9'],
    [os('rocky', '9.3'), 'Rocky Linux:9'],
    [os('rhel', '9.2'), 'Red Hat:9'],
    [os('ol', '8.9'), 'Oracle Linux:8'],
    [os('amzn', '2023'), 'Amazon Linux:2023'],
    [os('sles', '15.5'), 'SUSE:15.5'],
    [os('opensuse-leap', '15.6'), 'openSUSE:15.6'],
    [os('wolfi', '20230201'), 'Wolfi'],
    [os('chainguard', '20230214'), 'Chainguard'],
  ];
  for (const [release, ecosystem] of cases) assert.equal(distributionOf(release)?.ecosystems[0], ecosystem);
  assert.ok(distributionOf(os('ubuntu', '24.04'))?.ecosystems.includes('Ubuntu:24.04:LTS'));
  assert.equal(distributionOf(os('linuxmint', '21')), undefined);
  assert.equal(distributionOf(os('constructor', '1')), undefined);
});

test('languages are asked by the names of their registries', () => {
  assert.deepEqual(names('pypi', 'Flask_Login.Ext'), ['PyPI flask-login-ext 1.0']);
  assert.deepEqual(names('maven', 'org.a:b'), ['Maven org.a:b 1.0']);
  assert.deepEqual(names('nuget', 'Newtonsoft.Json'), ['NuGet newtonsoft.json 1.0']);
  assert.deepEqual(names('composer', 'Vendor/Pack'), ['Packagist vendor/pack 1.0']);
  assert.deepEqual(names('golang', 'stdlib', 'go1.21.3'), ['Go stdlib go1.21.3']);
  assert.deepEqual(names('swift', 'https://github.com/Apple/swift-nio.git'), [
    'SwiftURL github.com/apple/swift-nio 1.0',
  ]);
  assert.deepEqual(names('githubactions', 'actions/checkout/sub', 'v4'), [
    'GitHub Actions actions/checkout 4.999999.999999',
  ]);
  assert.deepEqual(names('binary', 'redis-server', '7.0.1'), ['Bitnami redis 7.0.1']);
  assert.deepEqual(names('conda', 'numpy'), []);
});

test('a program written in Go is asked for as its module and as the application, a library of that name is not', () => {
  const prometheus = (path: string, direct: boolean): readonly string[] =>
    lookupsOf(
      {
        type: 'golang',
        name: 'github.com/prometheus/prometheus',
        version: 'v2.45.0',
        purl: '',
        locations: [{ path }],
        licenses: [],
        ...(direct ? { direct } : {}),
      },
      undefined,
    ).map(({ ecosystems, name, version }) => `${ecosystems[0]} ${name} ${version}`);
  const library = ['Go github.com/prometheus/prometheus v2.45.0'];
  assert.deepEqual(prometheus('/bin/prometheus', true), [...library, 'Bitnami prometheus 2.45.0']);
  assert.deepEqual(prometheus('/bin/other', false), library);
  assert.deepEqual(prometheus('/src/go.mod', true), library);
});

test('a system package without release, or with the release of another family, is not asked for', () => {
  assert.deepEqual(names('deb', 'openssl'), []);
  const deb: SoftwarePackage = {
    type: 'deb',
    name: 'x',
    version: '1',
    purl: '',
    locations: [],
    licenses: [],
  };
  assert.deepEqual(lookupsOf(deb, os('alpine', '3.20')), []);
  assert.equal(lookupsOf(deb, os('debian', '12')).length, 1);
});

test('packages of Ubuntu Pro are judged by its advisories, and by the free ones where those say nothing', () => {
  const asked = (version: string) =>
    lookupsOf(
      {
        type: 'deb',
        name: 'libssl1.1',
        version,
        purl: '',
        locations: [],
        licenses: [],
        source: { name: 'openssl', version },
      },
      os('ubuntu', '18.04'),
    ).map(({ ecosystems, name, fallback }) => `${ecosystems[0]} ${name}${fallback ? ' otherwise' : ''}`);
  assert.deepEqual(asked('1.1.1-1ubuntu2.1~18.04.23'), ['Ubuntu:18.04 openssl']);
  const both = ['Ubuntu Pro:18.04 openssl', 'Ubuntu:18.04 openssl otherwise'];
  assert.deepEqual(asked('1.1.1-1ubuntu2.1~18.04.23+esm4'), both);
  assert.deepEqual(asked('1.1.1-1ubuntu2.1~18.04.23~esm1'), both);
});
