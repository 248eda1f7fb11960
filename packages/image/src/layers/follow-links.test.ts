// Databases of packages behind links: found wherever they really lie, once, and links that go nowhere do no harm.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { ANALYZERS } from '../analyzers/registry.ts';
import { ndbDatabase, samplePackage } from '../analyzers/rpm/testing/databases.ts';
import { realPath } from './fixed-places.ts';
import { openLayerCache } from './layer-cache.ts';
import { type ReadContents, type ReadLayersOptions, readLayers, readTree } from './read-layers.ts';
import { layerOf } from './testing/toy-analyzer.ts';
import { tar, tarEntry } from './testing/write-tar.ts';

/** Text or bytes of a file, or where a link leads. */
type Tree = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

const STATUS = 'Package: bash\nStatus: install ok installed\nVersion: 5.2-1\n';
const APK = 'P:musl\nV:1.2.5-r0\n\n';
const RELEASE = 'ID=debian\nVERSION_ID=12\n';
const isLink = (value: Tree[string]): value is { readonly link: string } =>
  typeof value === 'object' && 'link' in value;

function layer(tree: Tree): ReturnType<typeof layerOf> {
  const parts = Object.entries(tree).map(([name, value]) =>
    isLink(value) ? { name, type: '2', link: value.link } : { name, body: value },
  );
  return layerOf(tar(...parts));
}

async function namesOf(contents: Promise<ReadContents>): Promise<string[]> {
  const { packages, errors } = await contents;
  assert.deepEqual(errors, []);
  return packages.map(({ name, version }) => `${name} ${version}`).sort();
}

const inLayers = (trees: readonly Tree[], options: ReadLayersOptions = {}): Promise<string[]> =>
  namesOf(readLayers(trees.map(layer), ANALYZERS, options));

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'gc-links-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function treeOf(t: TestContext, tree: Tree): string {
  const root = temporary(t);
  for (const [name, value] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    if (isLink(value)) symlinkSync(value.link, join(root, name));
    else writeFileSync(join(root, name), value);
  }
  return root;
}

/** Each as one layer, one file a layer upwards and downwards, and as a folder. */
const CASES: readonly (readonly [string, Tree, string])[] = [
  ['dpkg elsewhere', { 'srv/dpkg/status': STATUS, 'var/lib/dpkg': { link: '/srv/dpkg' } }, 'bash 5.2-1'],
  [
    'dpkg of distroless images elsewhere',
    { 'srv/dpkg/status.d/bash': STATUS, 'var/lib/dpkg': { link: '../../srv/dpkg' } },
    'bash 5.2-1',
  ],
  [
    'all of /var elsewhere',
    { 'mnt/state/lib/dpkg/status': STATUS, var: { link: 'mnt/state' } },
    'bash 5.2-1',
  ],
  [
    'the database itself is a link',
    { 'var/lib/dpkg/real': STATUS, 'var/lib/dpkg/status': { link: 'real' } },
    'bash 5.2-1',
  ],
  ['merged /usr', { 'usr/lib/apk/db/installed': APK, lib: { link: 'usr/lib' } }, 'musl 1.2.5-r0'],
  ['apk elsewhere', { 'opt/apk/db/installed': APK, 'lib/apk': { link: '../opt/apk' } }, 'musl 1.2.5-r0'],
  [
    'rpm as SUSE and Fedora have it',
    {
      'usr/lib/sysimage/rpm/Packages.db': ndbDatabase([samplePackage('zlib', 1)]),
      'var/lib/rpm': { link: '../../usr/lib/sysimage/rpm' },
    },
    'zlib 1.2.3-4.el9',
  ],
  [
    'rpm elsewhere',
    { 'data/rpm/Packages.db': ndbDatabase([samplePackage('zlib', 1)]), 'var/lib/rpm': { link: '/data/rpm' } },
    'zlib 1.2.3-4.el9',
  ],
  [
    'a link to a link to a link',
    {
      'd/status': STATUS,
      c: { link: 'd' },
      'b/x': { link: '../c' },
      a: { link: '/b/x' },
      'var/lib/dpkg': { link: '/a' },
    },
    'bash 5.2-1',
  ],
];

for (const [title, tree, expected] of CASES) {
  test(`packages are found through links: ${title}`, async (t) => {
    const single = Object.entries(tree).map(([name, value]) => ({ [name]: value }));
    assert.deepEqual(await inLayers([tree]), [expected]);
    assert.deepEqual(await inLayers(single), [expected]);
    assert.deepEqual(await inLayers(single.toReversed()), [expected]);
    assert.deepEqual(await namesOf(readTree(treeOf(t, tree), ANALYZERS)), [expected]);
  });
}

test('what lies elsewhere stands at its place: file, release and layer', async () => {
  const layers = [
    layer({ 'nix/release': RELEASE, 'etc/os-release': { link: '/nix/release' } }),
    layer({ 'srv/dpkg/status': STATUS, 'var/lib/dpkg': { link: '/srv/dpkg' } }),
  ];
  const { packages, os } = await readLayers(layers, ANALYZERS);
  assert.equal(os?.id, 'debian');
  assert.equal(packages[0]?.purl, 'pkg:deb/debian/bash@5.2-1?distro=debian-12');
  assert.deepEqual(packages[0]?.locations, [{ path: '/var/lib/dpkg/status', layer: layers[1]?.diffId }]);
});

test('a link that a higher layer took away leads nowhere', async () => {
  const below: Tree = { 'srv/dpkg/status': STATUS, 'var/lib/dpkg': { link: '/srv/dpkg' } };
  assert.deepEqual(await inLayers([below, { 'var/lib/.wh.dpkg': '' }]), []);
  assert.deepEqual(await inLayers([below, { 'srv/.wh.dpkg': '' }]), []);
  assert.deepEqual(await inLayers([below, { 'var/lib/dpkg': { link: '/nowhere' } }]), []);
});

test('a file that a higher layer wrote through a link of a lower one replaces what was there', async () => {
  const lower: Tree = { lib: { link: 'usr/lib' }, 'usr/lib/apk/db/installed': 'P:musl\nV:1.2.4-r0\n\n' };
  assert.deepEqual(await inLayers([lower, { 'lib/apk/db/installed': APK }]), ['musl 1.2.5-r0']);
});

test('problems of a database elsewhere are told once, under the name of their analyzer', async () => {
  const trees: Tree = { 'data/rpm/Packages.db': 'no database', 'var/lib/rpm': { link: '/data/rpm' } };
  const { errors } = await readLayers([layer(trees)], ANALYZERS);
  assert.deepEqual(
    errors.map(({ at, message }) => [at, message]),
    [['/data/rpm/Packages.db', 'rpm: not an rpm database of a known kind, or cut off']],
  );
});

test('links in a circle, and links without end, are left alone', async (t) => {
  const circles: Tree[] = [
    { 'var/lib/dpkg': { link: '/srv/a' }, 'srv/a': { link: '/srv/b' }, 'srv/b': { link: 'a' } },
    { var: { link: 'var' } },
    { 'var/lib/dpkg': { link: 'dpkg/dpkg' } },
  ];
  for (const tree of circles) {
    assert.deepEqual(await inLayers([tree, { 'lib/apk/db/installed': APK }]), ['musl 1.2.5-r0']);
    assert.deepEqual(await namesOf(readTree(treeOf(t, tree), ANALYZERS)), []);
  }
  const chain = Array.from({ length: 20 }, (_, i) => [`l${i}`, { link: `l${i + 1}` }] as const);
  const endless = layer({ ...Object.fromEntries(chain), 'var/lib/dpkg': { link: '/l0' } });
  const { errors } = await readLayers([endless], ANALYZERS);
  assert.ok(errors.some(({ at, message }) => at === '/var/lib/dpkg/status' && message.includes('links')));
  assert.ok(endless.opened <= 6);
});

test('a link that leads out of a folder stays within it', async (t) => {
  const outside = treeOf(t, { 'dpkg/status': STATUS });
  const tree: Tree = { 'var/lib/dpkg': { link: `${outside}/dpkg` }, 'x/y': '' };
  assert.deepEqual(await namesOf(readTree(treeOf(t, tree), ANALYZERS)), []);
  const upwards: Tree = { 'var/lib/dpkg': { link: '../../../../../../etc' }, 'x/y': '' };
  assert.deepEqual(await namesOf(readTree(treeOf(t, upwards), ANALYZERS)), []);
});

test('artifacts whose links lead to known places are read once, from the cache too', async (t) => {
  const cache = openLayerCache({ directory: join(temporary(t), 'cache') });
  const usual = layer({
    lib: { link: 'usr/lib' },
    'usr/lib/apk/db/installed': APK,
    'etc/os-release': { link: '../usr/lib/os-release' },
    'usr/lib/os-release': RELEASE,
  });
  const odd = layer({ 'srv/dpkg/status': STATUS, 'var/lib/dpkg': { link: '/srv/dpkg' } });
  for (const opened of [1, 1]) {
    await readLayers([usual, odd], ANALYZERS, { cache });
    assert.equal(usual.opened, opened + 1);
    assert.equal(odd.opened, opened + 1);
  }
  const alone = layer({ lib: { link: 'usr/lib' }, 'usr/lib/apk/db/installed': APK });
  await readLayers([alone], ANALYZERS);
  assert.equal(alone.opened, 1);
});

test('names beyond ASCII and bytes that are no names break nothing', async () => {
  const odd = tarEntry({ name: 'var/lib/dpkg', type: '2', link: '/srv/däta\u0001' });
  const { packages } = await readLayers(
    [layerOf(tar(odd, { name: 'srv/däta\u0001/status', body: STATUS }))],
    ANALYZERS,
  );
  assert.equal(packages.length, 1);
});

test('paths with links end, whatever the links say, and stay below the root', () => {
  const part = fc.constantFrom('a', 'b', 'c', '..', '.', '');
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  const place = fc.constantFrom('/a', '/b', '/a/b', '/c/a', '/b/c');
  fc.assert(
    fc.property(fc.dictionary(place, path), path, (links, start) => {
      const real = realPath(start, new Map(Object.entries(links)));
      if (real === undefined) return;
      assert.match(real, /^\/(?:[abc](?:\/[abc])*)?$/);
      assert.equal(realPath(real, new Map(Object.entries(links))), real);
    }),
    { numRuns: 500 },
  );
});
