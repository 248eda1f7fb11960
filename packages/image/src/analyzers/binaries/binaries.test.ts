// Versions of well-known programs, from texts like those the real ones carry.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'node:test';
import { heldContent } from '../../content/file-content.ts';
import { buildElf } from '../executable/testing.ts';
import { analyzeFiles } from '../testing.ts';
import { findVersions } from './find-version.ts';
import { binariesAnalyzer } from './index.ts';

const found = (name: string, text: string): readonly string[] =>
  findVersions(heldContent(Buffer.from(`\0noise 9.9.9\0${text}\0more`, 'latin1')), name).map(
    (p) => `${p.name} ${p.version}`,
  );

test('finds each program by its own text', () => {
  const cases: [string, string, string][] = [
    ['nginx', 'nginx version: nginx/1.22.1', 'nginx 1.22.1'],
    ['nginx', 'nginx version: openresty/1.21.4.1', 'openresty 1.21.4.1'],
    ['node', 'node.js/v20.20.2', 'node 20.20.2'],
    ['python3.11', '3.11.2', 'python 3.11.2'],
    ['libpython2.7.so.1.0', '2.7.18', 'python 2.7.18'],
    ['php8.2', 'X-Powered-By: PHP/8.2.7', 'php 8.2.7'],
    ['php-fpm', 'X-Powered-By: PHP/7.4.3', 'php 7.4.3'],
    ['apache2', 'Apache/2.4.57 (Debian)', 'apache 2.4.57'],
    ['postgres', 'PostgreSQL 15.3 (Debian 15.3-1) on x86_64', 'postgresql 15.3'],
    ['mariadbd', '10.11.4-MariaDB-1~deb12u1', 'mariadb 10.11.4'],
    ['mysqld', '/build/mysql-8.0.33/sql', 'mysql 8.0.33'],
    ['libcrypto.so.1.1', 'OpenSSL 1.1.1n  15 Mar 2022', 'openssl 1.1.1n'],
    ['busybox', 'BusyBox v1.35.0 (2022-08-01)', 'busybox 1.35.0'],
    ['bash', '@(#)Bash version 5.2.15(1) release GNU', 'bash 5.2.15'],
    ['perl', 'v5.36.0', 'perl 5.36.0'],
    ['libruby-3.1.so.3.1', 'ruby 3.1.2 (2022-04-12 revision 4491bb740a)', 'ruby 3.1.2'],
    ['haproxy', 'HAProxy version 2.6.12-1 2023/12/16', 'haproxy 2.6.12'],
    ['haproxy', 'HA-Proxy version 1.8.4-1deb90d, released 2018/02/08', 'haproxy 1.8.4'],
    ['memcached', 'memcached 1.6.18', 'memcached 1.6.18'],
    ['libcurl.so.4', 'libcurl/7.88.1', 'curl 7.88.1'],
    ['envoy', '1.27.0\0envoy.config.bootstrap', 'envoy 1.27.0'],
    ['redis-server', 'redis_version:%s\x007.0.3\x007.0.15\x006.2.0', 'redis 7.0.15'],
  ];
  for (const [name, text, expected] of cases) assert.deepEqual(found(name, text), [expected], name);
});

test('claims nothing when the name, the text or the interpreter’s minor version do not fit', () => {
  assert.deepEqual(found('nginx-prometheus-exporter', 'nginx version: nginx/1.22.1'), []);
  assert.deepEqual(found('python3.11', '3.12.1'), []);
  assert.deepEqual(found('redis-server', '7.0.15'), []);
  assert.deepEqual(found('envoy', '1.27.0\0envoy.config.bootstrap\x001.28.0'), []);
});

test('comes to an end on a file full of beginnings', () => {
  const bytes = Buffer.from('\x003.'.repeat(4_000_000), 'latin1');
  assert.deepEqual(findVersions(heldContent(bytes), 'python3.11'), []);
});

test('looks only into programs, and reads the release file of Java runtimes', () => {
  const text = Buffer.concat([Buffer.from('nginx version: nginx/1.2.3'), Buffer.alloc(8192)]);
  const entry = { path: '/usr/sbin/nginx', size: text.length, mode: 0o755, uid: 0, gid: 0 };
  assert.equal(binariesAnalyzer.wants(entry), true);
  assert.equal(binariesAnalyzer.wants({ ...entry, path: '/usr/sbin/other' }), false);
  assert.equal(binariesAnalyzer.analyze({ ...entry, bytes: text }), undefined);
  const bytes = buildElf([{ name: '.rodata', content: text }]).bytes;
  assert.deepEqual(binariesAnalyzer.analyze({ ...entry, bytes }), {
    value: [{ name: 'nginx', version: '1.2.3' }],
  });
  const { packages } = analyzeFiles(binariesAnalyzer, {
    '/opt/java/release': 'IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n',
    '/etc/release': 'DISTRIB_ID=Ubuntu\n',
  });
  assert.deepEqual(
    packages.map((p) => p.purl),
    ['pkg:generic/java@17.0.15'],
  );
});

const REAL = [
  '/usr/bin/bash',
  '/usr/bin/perl',
  '/usr/sbin/nginx',
  '/usr/bin/redis-server',
  '/usr/bin/openssl',
];
for (const path of REAL) {
  test(`finds a version in the real ${path}`, {
    skip: existsSync(path) ? false : 'not installed here',
  }, () => {
    const real = realpathSync(path);
    assert.equal(findVersions(heldContent(readFileSync(real)), basename(real)).length, 1);
  });
}
