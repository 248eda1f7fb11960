// Evidence and the files of packages become what the server is told.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import { encodeOwnership } from '@guardcell/vuln/in-use';
import { type Evidence, openEvidence } from './evidence.ts';
import { nextInUse } from './in-use-upload.ts';
import { type OwnershipStore, openOwnershipStore } from './ownership-store.ts';

function setUp(t: TestContext): { evidence: Evidence; owners: OwnershipStore } {
  const folder = mkdtempSync(join(tmpdir(), 'gc-in-use-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const evidence = openEvidence(folder, () => 1000, silentLogger);
  const owners = openOwnershipStore(join(folder, 'owners'), Date.now);
  const owned = [
    { path: '/usr/bin/curl', isFolder: false, purl: 'pkg:deb/curl@1' },
    { path: '/app/node_modules/a', isFolder: true, purl: 'pkg:npm/a@1' },
  ];
  const bytes = encodeOwnership({ owned, aliases: new Map(), unknown: ['pkg:npm/locked@1'] });
  for (const key of ['sha256:image', 'host']) writeFileSync(owners.fileOf(key), bytes);
  return { evidence, owners };
}

const IMAGE = { manifestDigest: '', imageId: 'sha256:image' };

test('a container is told of with the grade of each package, and again only when something changes', (t) => {
  const { evidence, owners } = setUp(t);
  const files = [
    { containerId: 'c', path: '/usr/bin/curl', grade: 'executed', lastMs: 5000 },
    { containerId: 'c', path: '/app/node_modules/a/x.js', grade: 'opened', lastMs: 6000 },
  ] as const;
  evidence.note(files);
  evidence.setImage('c', IMAGE);
  const [first, ...rest] = nextInUse(evidence, owners, 9000);
  assert.deepEqual(rest, []);
  assert.deepEqual(first?.upload, {
    containerId: 'c',
    ...IMAGE,
    from: new Date(5000).toISOString(),
    to: new Date(9000).toISOString(),
    lost: 0,
    packages: [
      {
        purl: 'pkg:deb/curl@1',
        grade: 'executed',
        lastAt: new Date(5000).toISOString(),
        example: '/usr/bin/curl',
      },
      {
        purl: 'pkg:npm/a@1',
        grade: 'opened',
        lastAt: new Date(6000).toISOString(),
        example: '/app/node_modules/a/x.js',
      },
      { purl: 'pkg:npm/locked@1', grade: 'unknown', lastAt: new Date(5000).toISOString(), example: '' },
    ],
  });
  evidence.uploaded('c', first?.version ?? 0, 0);
  assert.deepEqual(nextInUse(evidence, owners, 9000), []);
  evidence.note([{ containerId: 'c', path: '/new', grade: 'loaded', lastMs: 7000 }]);
  assert.equal(nextInUse(evidence, owners, 9000).length, 1);
});

test('of a thousand files of a package one is remembered; those that nobody owns wait for the next scan', (t) => {
  const { evidence, owners } = setUp(t);
  evidence.note(
    Array.from({ length: 1000 }, (_, n) => ({
      containerId: 'host',
      path: `/app/node_modules/a/${n}.js`,
      grade: 'opened',
      lastMs: n + 1,
    })),
  );
  evidence.note([{ containerId: 'host', path: '/opt/odd', grade: 'executed', lastMs: 1 }]);
  nextInUse(evidence, owners, 9000);
  assert.deepEqual(
    [...(evidence.list()[0]?.files() ?? [])].map(({ path }) => path),
    ['/app/node_modules/a/999.js', '/opt/odd'],
  );
  assert.equal(nextInUse(evidence, owners, 9000)[0]?.upload.packages.length, 2);
});

test('without a scan nothing is said; what ends before one is forgotten', (t) => {
  const { evidence, owners } = setUp(t);
  for (const containerId of ['waits', 'ends'])
    evidence.note([{ containerId, path: '/x', grade: 'executed', lastMs: 1 }]);
  evidence.setImage('waits', { manifestDigest: 'sha256:other', imageId: '' });
  evidence.gone('ends');
  assert.deepEqual(nextInUse(evidence, owners, 9000), []);
  assert.deepEqual(
    evidence.list().map(({ id }) => id),
    ['waits'],
  );
});

test('an index that is damaged is as good as none, and the least used are removed', (t) => {
  const { evidence, owners } = setUp(t);
  evidence.note([{ containerId: 'host', path: '/usr/bin/curl', grade: 'executed', lastMs: 1 }]);
  writeFileSync(owners.fileOf('host'), 'rubbish');
  assert.deepEqual(nextInUse(evidence, owners, 9000), []);
  for (let n = 0; n < 300; n++) writeFileSync(owners.fileOf(`k${n}`), 'x');
  owners.trim();
  const left = Array.from({ length: 300 }, (_, n) => owners.has(`k${n}`)).filter(Boolean).length;
  assert.ok(left <= 256 && left > 250, String(left));
});
