// Which paths globs leave out, what reports say of it, and that a scan of a tree, an image or a history keeps to it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileExclusion } from '@guardcell/image';
import { globMatches } from '@guardcell/vuln';
import fc from 'fast-check';
import { SETTINGS, SKIP_WITHOUT_GIT, secretLine, withRepository } from './history/testing/real-repository.ts';
import { scanTarget } from './index.ts';
import { excludeProblem, leftOutPaths } from './left-out-paths.ts';

function isLeftOut(glob: string, path: string, root?: string): boolean {
  const made = leftOutPaths([{ glob }], root);
  assert.ok(made !== undefined);
  return fileExclusion(made.exclusion)(path);
}

function tree(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gc-exclude-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

test('globs begin at the root, and with a folder goes all beneath it', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['vendor', '/vendor/a/b.txt', true],
    ['vendor', '/src/vendor/b.txt', false],
    ['vendor', '/vendors/b.txt', false],
    ['./vendor/', '/vendor/a', true],
    ['vendor/', '/vendor', false],
    ['vendor/**', '/vendor/a/b', true],
    ['vendor/**', '/vendor', false],
    ['/vendor', '/vendor/a', true],
    ['**/testdata', '/testdata/x', true],
    ['**/testdata', '/a/b/testdata/c/d', true],
    ['**/testdata', '/a/mytestdata/c', false],
    ['*.md', '/README.md', true],
    ['*.md', '/docs/README.md', false],
    ['**/*.md', '/docs/a/README.md', true],
    ['src/**/fixtures', '/src/a/b/fixtures/x', true],
    ['src/**/fixtures', '/lib/src/fixtures/x', false],
    ['file-?.txt', '/file-1.txt', true],
    ['file-?.txt', '/file-10.txt', false],
    ['[id].ts', '/[id].ts', true],
    ['a.c', '/abc', false],
  ];
  for (const [glob, path, wanted] of cases) assert.equal(isLeftOut(glob, path), wanted, `${glob} ${path}`);
});

test('a glob may name the target in full', () => {
  assert.equal(isLeftOut('/srv/app/vendor', '/vendor/x', '/srv/app'), true);
  assert.equal(isLeftOut('/srv/app/vendor', '/srv/app/vendor/x', '/srv/app'), false);
  assert.equal(isLeftOut('/srv/application', '/srv/application/x', '/srv/app'), true);
});

test('globs that cannot be meant are told, and hostile names cost no time', () => {
  for (const glob of [
    '',
    ' ',
    '/',
    '.',
    '**',
    '/**/',
    '*',
    '**/*',
    '../x',
    'a/../b',
    '!a',
    'a\0b',
    'a'.repeat(1025),
  ])
    assert.notEqual(excludeProblem(glob), undefined, glob.slice(0, 10));
  for (const glob of ['a', 'a/..b', '**/a', '*/a', '*.md', '$HOME'])
    assert.equal(excludeProblem(glob), undefined, glob);
  // With backtracking this would take years.
  assert.equal(isLeftOut(`${'**/*a'.repeat(30)}?b`, `/${'a'.repeat(900)}/b/y`), false);
});

test('what is told quickly is what the glob says of the path or of a folder above it', () => {
  const text = (...parts: readonly string[]) =>
    fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(
      text('a', 'b', '/', '*', '**', '**/', '?', 'é'),
      text('a', 'b', '/', 'é', '*'),
      (raw, name) => {
        // Of one form: no empty parts, and an end that says nothing of folders.
        const glob = `${raw.split('/').filter(Boolean).join('/')}/a`;
        const path = `/${name.split('/').filter(Boolean).join('/')}/a`.replace('//', '/');
        const steps = path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
        const says = steps.some((step) => step !== '' && globMatches(`/${glob.replace(/^\//, '')}`, step));
        assert.equal(isLeftOut(glob, path), says, `${glob} ${path}`);
      },
    ),
    { numRuns: 2000, seed: 7 },
  );
});

test('a folder that is left out is not walked, and the report says what is missing', async (t) => {
  const lock = JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/left': { version: '1.0.0' } },
  });
  const root = tree(t, {
    'package-lock.json': lock,
    'old/package-lock.json': lock,
    'a.md': '',
    'old/b.md': '',
  });
  const only = new Set(['packages'] as const);
  const exclude = [{ glob: `${root}/old` }, { glob: '*.md' }, { glob: 'old/deep' }, { glob: 'docs' }];
  const { packages, errors } = await scanTarget({ kind: 'filesystem', path: root }, { only, exclude });
  assert.deepEqual(
    packages.flatMap(({ locations }) => locations.map(({ path }) => path)),
    ['/package-lock.json'],
  );
  assert.deepEqual(
    errors.map(({ code, level, message, at }) => [code, level, message, at]),
    [
      [
        'GC_PATHS_EXCLUDED',
        'note',
        '1 folders with all that is in them and 1 files are left out: /a.md, /old',
        root,
      ],
      ['GC_PATHS_EXCLUDED', 'note', 'nothing lies where something is to be left out', 'docs'],
    ],
  );
  const shared = exclude.map(({ glob }) => ({ glob, isShared: true as const }));
  const quiet = await scanTarget({ kind: 'filesystem', path: root }, { only, exclude: shared });
  assert.equal(quiet.errors.length, 1);
});

test('who leaves out the package database is told so, also where a link leads to it', async (t) => {
  const status = 'Package: base\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n\n';
  const root = tree(t, { 'srv/dpkg/status': status, 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' });
  mkdirSync(join(root, 'var/lib'), { recursive: true });
  symlinkSync('/srv/dpkg', join(root, 'var/lib/dpkg'));
  const scan = async (...globs: readonly string[]) =>
    scanTarget(
      { kind: 'filesystem', path: root },
      { only: new Set(['packages'] as const), exclude: globs.map((glob) => ({ glob })) },
    );
  assert.equal((await scan()).packages.length, 1);
  for (const glob of ['var', 'var/lib/dpkg', 'srv', '**/status']) {
    const { packages, errors } = await scan(glob);
    assert.deepEqual(packages, [], glob);
    assert.equal(errors[0]?.code, 'GC_PATHS_EXCLUDED', glob);
    // Of what a link leads to only the place is known.
    if (glob.startsWith('var'))
      assert.match(
        errors.map(({ message }) => message).join('\n'),
        /its packages is left out: .*\/var\/lib\/dpkg/,
        glob,
      );
  }
  const plain = tree(t, { 'var/lib/dpkg/status': status });
  const { errors } = await scanTarget(
    { kind: 'filesystem', path: plain },
    { only: new Set(['packages'] as const), exclude: [{ glob: '**/status' }] },
  );
  assert.match(errors[1]?.message ?? '', /its packages is left out: \/var\/lib\/dpkg\/status$/);
});

test('history is left out by the same paths, but not a content that stands elsewhere too', {
  skip: SKIP_WITHOUT_GIT,
}, async () => {
  await withRepository(async ({ folder, git, write, commit }) => {
    write('fixtures/only.env', secretLine('only a fixture'));
    write('fixtures/both.env', secretLine('both'));
    write('z/both.env', secretLine('both'));
    commit('first');
    git('rm', '-q', '-r', 'fixtures', 'z');
    commit('gone');
    write('fixtures/staged.env', secretLine('staged'));
    git('add', '.');
    const options = {
      only: new Set(['secrets'] as const),
      secretSettings: SETTINGS,
      exclude: [{ glob: '**/fixtures' }],
    };
    const { secrets, errors } = await scanTarget({ kind: 'repository', path: folder }, options);
    assert.deepEqual(
      secrets.map(({ path, removed }) => [path, removed]),
      [['/z/both.env', true]],
    );
    assert.ok(errors.some(({ message }) => message.startsWith('2 changes of files in history are left out')));
    const staged = await scanTarget({ kind: 'repository', path: folder, staged: true }, options);
    assert.deepEqual(staged.secrets, []);
    assert.match(staged.errors[0]?.message ?? '', /1 files are left out: \/fixtures\/staged\.env/);
  });
});
