// Settings that a distribution's package brought and nobody changed hold no secret of anybody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { scanTarget } from './scan.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'gc-settings-'));
const SHIPPED = `# the project's own\nclient_secret="q7Xz0KpV3mWc${'9RtY2uHs'}8LbN4d"\n`;

after(() => rmSync(ROOT, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

test('a secret in settings counts when somebody changed them, not as their package brought them', async () => {
  const md5 = createHash('md5').update(SHIPPED).digest('hex');
  put('etc/os-release', 'ID=debian\nVERSION_ID="13"\n');
  put(
    'var/lib/dpkg/status',
    `Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nConffiles:\n /etc/app/kept.conf ${md5}\n /etc/app/own.conf ${md5}\n`,
  );
  put('var/lib/dpkg/info/app.list', '/.\n/etc\n/etc/app\n/etc/app/kept.conf\n/etc/app/own.conf\n');
  put('etc/app/kept.conf', SHIPPED);
  put('etc/app/own.conf', `${SHIPPED}# ours\n`);
  put('etc/app/other.conf', SHIPPED);
  const report = await scanTarget({ kind: 'filesystem', path: ROOT }, { only: new Set(['secrets']) });
  assert.deepEqual(report.errors, []);
  assert.deepEqual(
    report.secrets.map(({ path, suppressed }) => `${path} ${suppressed?.reason ?? 'open'}`).sort(),
    [
      "/etc/app/kept.conf The file is part of the distribution's package app: what it holds is published.",
      '/etc/app/other.conf open',
      '/etc/app/own.conf open',
    ],
  );
});
