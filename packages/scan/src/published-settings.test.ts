// Settings that a distribution's package brought and nobody changed hold no secret of anybody.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { scanTarget } from './scan.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'gc-settings-'));
const SHIPPED = `# the project's own\nclient_secret="q7Xz0KpV3mWc${'9RtY2uHs'}8LbN4d"\n`;

after(() => rmSync(ROOT, { recursive: true, force: true }));

type Put = (path: string, content: string | Uint8Array) => void;

const MARKED = "The file is part of the distribution's package app: what it holds is published.";

/** The package `app` with two settings. For rpm see tests/integration/os-packages.host.test.ts, where rpm itself writes. */
const DATABASES: readonly (readonly [string, (root: Put) => void])[] = [
  [
    'dpkg',
    (put) => {
      const md5 = hash('md5', SHIPPED);
      put(
        'var/lib/dpkg/status',
        `Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nConffiles:\n /etc/app/kept.conf ${md5}\n /etc/app/own.conf ${md5}\n`,
      );
      put('var/lib/dpkg/info/app.list', '/.\n/etc\n/etc/app\n/etc/app/kept.conf\n/etc/app/own.conf\n');
    },
  ],
  [
    'apk',
    (put) => {
      const z = `Z:Q1${hash('sha1', SHIPPED, 'base64')}`;
      put('lib/apk/db/installed', `P:app\nV:1\nF:etc/app\nR:kept.conf\n${z}\nR:own.conf\n${z}\n\n`);
    },
  ],
  [
    'apk, third format',
    (put) => {
      const start = Buffer.from(hash('sha256', SHIPPED), 'hex').subarray(0, 20);
      const z = `Z:Q1${start.toString('base64')}`;
      put('usr/lib/apk/db/installed', `P:app\nV:1\nf:S\nF:etc/app\nR:kept.conf\n${z}\nR:own.conf\n${z}\n\n`);
    },
  ],
];

for (const [kind, database] of DATABASES) {
  test(`a secret in settings counts when somebody changed them, not as their package brought them (${kind})`, async () => {
    const root = join(ROOT, kind);
    const put: Put = (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    };
    put('etc/os-release', 'ID=some\nVERSION_ID="13"\n');
    database(put);
    put('etc/app/kept.conf', SHIPPED);
    put('etc/app/own.conf', `${SHIPPED}# ours\n`);
    put('etc/app/other.conf', SHIPPED);
    const report = await scanTarget({ kind: 'filesystem', path: root }, { only: new Set(['secrets']) });
    assert.deepEqual(report.errors, []);
    assert.deepEqual(
      report.secrets.map(({ path, suppressed }) => `${path} ${suppressed?.reason ?? 'open'}`).sort(),
      [`/etc/app/kept.conf ${MARKED}`, '/etc/app/other.conf open', '/etc/app/own.conf open'],
    );
  });
}
