import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { storedCredentials } from './docker-config.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-docker-config-'));
after(() => rmSync(FOLDER, { recursive: true }));

function auth(text: string): { readonly auth: string } {
  return { auth: Buffer.from(text).toString('base64') };
}

function configured(config: unknown): { readonly env: Record<string, string>; readonly authFile: string } {
  const authFile = join(FOLDER, 'config.json');
  writeFileSync(authFile, typeof config === 'string' ? config : JSON.stringify(config));
  return { env: { PATH: `${FOLDER}:/usr/bin:/bin`, HOME: FOLDER }, authFile };
}

function helper(name: string, script: string): void {
  writeFileSync(join(FOLDER, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test('the most exact entry wins, in any spelling of the host', async () => {
  const options = configured({
    auths: {
      'https://index.docker.io/v1/': auth('hub:h:1'),
      'registry.example': auth('all:a'),
      'registry.example/team': auth('team:t'),
      'token.example': { identitytoken: 'refresh' },
    },
  });
  const found = (host: string, repository: string): Promise<unknown> =>
    storedCredentials(host, repository, options);
  assert.deepEqual(await found('docker.io', 'library/x'), {
    kind: 'password',
    username: 'hub',
    password: 'h:1',
  });
  assert.deepEqual(await found('registry.example', 'team/x'), {
    kind: 'password',
    username: 'team',
    password: 't',
  });
  assert.deepEqual(await found('registry.example', 'x'), {
    kind: 'password',
    username: 'all',
    password: 'a',
  });
  assert.deepEqual(await found('token.example', 'x'), { kind: 'identity-token', token: 'refresh' });
  assert.equal(await found('other.example', 'x'), undefined);
});

test('helpers are asked on their standard input, and what they print is never shown', async () => {
  helper('good', 'read server; echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"for $server\\"}"');
  helper('empty', 'echo "credentials not found in native keychain"; exit 1');
  helper('bad', 'echo "top secret"; exit 3');
  const options = configured({
    credHelpers: { 'a.example': 'good', 'b.example': 'bad', 'd.example': '../x' },
    credsStore: 'empty',
  });
  assert.deepEqual(await storedCredentials('a.example', '', options), {
    kind: 'password',
    username: 'u',
    password: 'for a.example',
  });
  assert.equal(await storedCredentials('c.example', '', options), undefined);
  await assert.rejects(storedCredentials('b.example', '', options), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'GC_REGISTRY_CREDENTIALS');
    assert.doesNotMatch(error.message, /top secret/);
    return true;
  });
  await assert.rejects(storedCredentials('d.example', '', options), { code: 'GC_REGISTRY_CREDENTIALS' });
});

test('a store that is not installed has nothing, a helper for this very host must be there', async () => {
  const options = configured({ credHelpers: { 'a.example': 'absent' }, credsStore: 'absent' });
  assert.equal(await storedCredentials('b.example', '', options), undefined);
  await assert.rejects(storedCredentials('a.example', '', options), { code: 'GC_REGISTRY_CREDENTIALS' });
});

test('a broken configuration is an error that names the file', async () => {
  const options = configured('{"auths":');
  await assert.rejects(storedCredentials('a.example', '', options), {
    code: 'GC_REGISTRY_CREDENTIALS',
    at: options.authFile,
  });
});
