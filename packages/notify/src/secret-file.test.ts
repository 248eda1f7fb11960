import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readSecretFile } from './secret-file.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gc-secret-'));
});
after(async () => rm(folder, { recursive: true, force: true }));

async function secretFile(name: string, content: string, mode: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

test('reads a key without the white space around it', async () => {
  const secret = await readSecretFile(await secretFile('good', 'correct horse battery staple\n', 0o600));
  assert.ok(secret.ok);
  assert.equal(Buffer.from(secret.key).toString(), 'correct horse battery staple');
  assert.deepEqual(secret.warnings, []);
});

test('decodes keys in the whsec_ form', async () => {
  const secret = await readSecretFile(
    await secretFile('whsec', 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3', 0o400),
  );
  assert.ok(secret.ok);
  assert.equal(Buffer.from(secret.key).toString(), '0123456789abcdef01234567');
});

test('warns when others may read it and when it is short', async () => {
  const secret = await readSecretFile(await secretFile('open', 'short', 0o644));
  assert.ok(secret.ok);
  assert.equal(secret.warnings.length, 2);
});

test('says what is wrong without naming the path', async () => {
  const empty = await secretFile('empty', ' \n', 0o600);
  const large = await secretFile('large', 'x'.repeat(5000), 0o600);
  for (const path of [empty, large, folder, join(folder, 'absent'), '/dev/zero', 'nul\0byte']) {
    const secret = await readSecretFile(path);
    assert.ok(!secret.ok, path);
    assert.ok(!secret.detail.includes(folder), secret.detail);
  }
});

test('a named pipe is refused at once', { skip: process.platform === 'win32' }, async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const secret = await readSecretFile(path);
  assert.ok(!secret.ok);
});
