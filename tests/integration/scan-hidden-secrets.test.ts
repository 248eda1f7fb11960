// Secrets that a later layer deletes or replaces: no container sees them, whoever has the image does.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openLayerCache } from '@guardcell/image';
import { scanTarget } from '@guardcell/scan';
import { writeLayout } from '../support/oci-layout.ts';
import { scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-hidden-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

function layer(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(FOLDER, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

// Put together here: no secret stands in the source.
const key = (end: string): string => `k="AKIA${'Q3EGRIXKPLZ7'}${end}"\n`;

test('secrets of lower layers are told once, marked as gone from the files', async () => {
  const layers = [
    layer('first', {
      'app/deleted.py': key('ABCD'),
      'app/replaced.py': key('ABCE'),
      'app/touched.py': key('ABCF'),
      'old/folder/inside.py': key('ABCG'),
    }),
    layer('second', {
      'app/.wh.deleted.py': '',
      'app/replaced.py': 'k = read()\n',
      'app/touched.py': `${key('ABCF')}# changed\n`,
      'old/.wh.folder': '',
    }),
  ];
  const layout = join(FOLDER, 'layout');
  writeLayout(layout, 'it', { layers });
  const cache = openLayerCache({ directory: join(FOLDER, 'cache') });
  const target = { kind: 'image', reference: `oci:${layout}:it` } as const;
  const options = { only: new Set(['secrets'] as const), cache };
  const report = await scanTarget(target, options);
  const [lower] = report.artifact.layers;
  const told = report.secrets.map((one) => [one.path, one.removed === true, one.layer === lower]).sort();
  assert.deepEqual(told, [
    ['/app/deleted.py', true, true],
    ['/app/replaced.py', true, true],
    ['/app/touched.py', false, false],
    ['/old/folder/inside.py', true, true],
  ]);
  const cached = await scanTarget(target, options);
  assert.deepEqual(cached.secrets, report.secrets);
});

const ROTATED = [
  { 'app/rotated.py': key('ABCD'), 'app/kept.py': key('ABCE'), 'app/swapped.py': key('ABCF') },
  { 'app/rotated.py': key('ABCH'), 'app/kept.py': `${key('ABCE')}# changed\n` },
  // Back at what the lowest layer held: of two secrets one is gone.
  { 'app/rotated.py': key('ABCD'), 'app/swapped.py': key('ABCG') },
];
const TOLD_OF_ROTATED = [
  ['/app/kept.py', 1, false],
  ['/app/rotated.py', 1, true],
  ['/app/rotated.py', 2, false],
  ['/app/swapped.py', 0, true],
  ['/app/swapped.py', 2, false],
];

async function scanRotated(
  name: string,
  layers: readonly string[],
  cache: string,
  change: (layout: string) => void = () => undefined,
): Promise<unknown> {
  const layout = join(FOLDER, name);
  writeLayout(layout, 'it', { layers });
  change(layout);
  const report = await scanTarget(
    { kind: 'image', reference: `oci:${layout}:it` },
    { only: new Set(['secrets'] as const), cache: openLayerCache({ directory: cache }) },
  );
  assert.ok(report.secrets.every((one) => !Object.hasOwn(one, 'digest')));
  assert.deepEqual(report.errors, []);
  const order = report.artifact.layers;
  return report.secrets
    .map((one) => [one.path, order.indexOf(one.layer ?? ''), one.removed === true])
    .sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

test('a secret that was replaced by another one that looks the same when masked is told, too', async () => {
  const layers = ROTATED.map((files, i) => layer(`rotated-${i}`, files));
  assert.deepEqual(await scanRotated('rotated', layers, join(FOLDER, 'rotated-cache')), TOLD_OF_ROTATED);
});

/** A cache in which another process has put the lowest layer. */
async function cacheOfBase(name: string, layers: readonly string[]): Promise<string> {
  const base = join(FOLDER, `${name}-base`);
  writeLayout(base, 'it', { layers: layers.slice(0, 1) });
  const cacheHome = join(FOLDER, `${name}-cache`);
  await scanReport(['image', `oci:${base}:it`, '--only', 'secrets'], { XDG_CACHE_HOME: cacheHome });
  const cache = join(cacheHome, 'guardcell', 'layers');
  const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  assert.equal(kept.length, 1);
  return cache;
}

test('it is told, too, when another process has looked at the layer below; what is unchanged is told once', async () => {
  const layers = ROTATED.map((files, i) => layer(`elsewhere-${i}`, files));
  const cache = await cacheOfBase('elsewhere', layers);
  assert.deepEqual(await scanRotated('elsewhere', layers, cache), TOLD_OF_ROTATED);
});

test('where the layer below cannot be read again, what is known of it stands, and nothing is taken for the same', async () => {
  const layers = ROTATED.map((files, i) => layer(`gone-${i}`, files));
  const cache = await cacheOfBase('gone', layers);
  const blobs = readdirSync(join(FOLDER, 'gone-base', 'blobs', 'sha256'));
  const told = await scanRotated('gone', layers, cache, (layout) => {
    for (const blob of blobs) rmSync(join(layout, 'blobs', 'sha256', blob), { force: true });
  });
  assert.deepEqual(told, [
    ['/app/kept.py', 0, true],
    ...TOLD_OF_ROTATED.slice(0, 1),
    ['/app/rotated.py', 0, true],
    ...TOLD_OF_ROTATED.slice(1),
  ]);
});
