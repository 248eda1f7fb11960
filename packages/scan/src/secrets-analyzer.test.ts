import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { secretScannerFor } from './secret-scanner.ts';
import { isSecretCandidate, secretsAnalyzer } from './secrets-analyzer.ts';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
}) as string;

function suppressed(
  text: string,
  mode: number,
  isHost: boolean,
  path = '/etc/ssh/ssh_host_rsa_key',
): readonly boolean[] {
  const analyzer = secretsAnalyzer({ isProject: false, isHost, secrets: secretScannerFor({}) });
  const bytes = Buffer.from(text);
  const file = { path, size: bytes.length, mode, uid: 0, gid: 0, bytes };
  const found = analyzer.analyze(file);
  assert.ok(found !== undefined && 'value' in found, JSON.stringify(found));
  const { findings } = found.value as { findings: readonly { suppressed?: unknown }[] };
  return findings.map((finding) => finding.suppressed !== undefined);
}

test('a key of a host that only its owner can read is in its place', () => {
  assert.deepEqual(suppressed(KEY, 0o600, true), [true]);
  assert.deepEqual(suppressed(KEY, 0o640, true), [false]);
  assert.deepEqual(suppressed(KEY, 0o644, true), [false]);
});

test('a key in an image is a secret whatever its mode', () => {
  assert.deepEqual(suppressed(KEY, 0o600, false), [false]);
});

test('hashes of passwords are in their place in the shadow file of a host, as long as not everybody can read it', () => {
  const hash = `$y$j9T$F5Jx5fExrKuPp53xLKQ..1$${'7Rf0qk2Tb9'.repeat(4)}xYz`;
  const line = `ann:${hash}:19700:0:99999:7:::\n`;
  assert.deepEqual(suppressed(line, 0o640, true, '/etc/shadow'), [true]);
  assert.deepEqual(suppressed(line, 0o644, true, '/etc/shadow'), [false]);
  assert.deepEqual(suppressed(line, 0o640, true, '/srv/backup/shadow'), [false]);
  assert.deepEqual(suppressed(line, 0o640, false, '/etc/shadow'), [false]);
});

test('a token of a service is told whoever can read it', () => {
  const token = ['ghp', 'q7Xz0KpV3mWc9RtY2uHs8LbN4dFg6JhA1eZo'].join('_');
  assert.ok(suppressed(`token = ${token}\n`, 0o600, true).every((isSuppressed) => !isSuppressed));
});

test('what package managers unpacked is published and not read; what people wrote beside it is', () => {
  const isRead = (path: string): boolean => isSecretCandidate({ path, size: 100 }, false);
  for (const path of [
    '/srv/app/node_modules/debug/.coveralls.yml',
    '/root/.pyenv/versions/3.12.1/lib/python3.12/urllib/request.py',
    '/opt/venv/lib/python3.11/site-packages/x/y.py',
    '/root/.rustup/toolchains/stable/share/doc/rust/html/search.js',
    '/root/.cargo/registry/src/index/url-2.5.0/src/lib.rs',
    '/root/go/pkg/mod/example.com/x@v1.0.0/x_test.go',
    '/root/.npm/_cacache/content-v2/sha512/03/38/06',
    '/root/.bun/install/cache/debug@2.6.9/.coveralls.yml',
  ])
    assert.equal(isRead(path), false, path);
  for (const path of [
    '/root/.cargo/credentials.toml',
    '/root/.npm/_cacache/index-v5/03/38/06',
    '/root/.npmrc',
    '/root/.rustup/settings.toml',
    '/srv/lib/python/settings.py',
    '/root/go/src/example.com/x/config.yaml',
  ])
    assert.equal(isRead(path), true, path);
});
