// The walk over folders that may be hostile: never out, never stuck, nothing unread in silence.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LAYER_LIMITS } from './limits.ts';
import { readTree } from './read-layers.ts';
import { toyAnalyzer } from './testing/toy-analyzer.ts';

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'gc-walk-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('finds files by their path within the root', async (t) => {
  const root = temporary(t);
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/b/x.pkg'), 'x');
  writeFileSync(join(root, 'y.pkg'), 'y');
  writeFileSync(join(root, 'z.txt'), 'z');
  const { packages, bytes, errors } = await readTree(root, [toyAnalyzer()]);
  assert.deepEqual(
    packages.map(({ name, locations }) => [name, locations]),
    [
      ['y', [{ path: '/y.pkg' }]],
      ['x', [{ path: '/a/b/x.pkg' }]],
    ],
  );
  assert.equal(bytes, 3);
  assert.deepEqual(errors, []);
});

test('follows no link: not to files, not to folders, not in circles', async (t) => {
  const outside = temporary(t);
  writeFileSync(join(outside, 'secret.pkg'), 'secret');
  const root = temporary(t);
  symlinkSync(join(outside, 'secret.pkg'), join(root, 'file.pkg'));
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync('.', join(root, 'circle'));
  const { packages } = await readTree(root, [toyAnalyzer()]);
  assert.deepEqual(packages, []);
});

test('is not kept by FIFOs, and leaves out what it is told to', async (t) => {
  const root = temporary(t);
  execFileSync('mkfifo', [join(root, 'fifo.pkg')]);
  for (const dir of ['.git', 'proc', 'sub/proc']) {
    mkdirSync(join(root, dir), { recursive: true });
    writeFileSync(join(root, dir, 'x.pkg'), dir.replace('/', '-'));
  }
  const { packages } = await readTree(root, [toyAnalyzer()], {
    skip: new Set(['/proc']),
    skipNames: new Set(['.git']),
  });
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['sub-proc'],
  );
});

const NOBODY = 65_534;

/** As a user for whom permissions count: root may read everything. */
async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return await work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('folders and files without permission are named', async (t) => {
  const root = temporary(t);
  chmodSync(root, 0o755);
  writeFileSync(join(root, 'a.pkg'), 'a');
  chmodSync(join(root, 'a.pkg'), 0);
  mkdirSync(join(root, 'dir'), { mode: 0 });
  const { errors } = await asNobody(() => readTree(root, [toyAnalyzer()]));
  assert.deepEqual(
    errors.map(({ at }) => at),
    ['/a.pkg', '/dir'],
  );
});

test('very deep trees end in a named error, not in a crash', async (t) => {
  const root = temporary(t);
  mkdirSync(join(root, 'd/'.repeat(600)), { recursive: true });
  writeFileSync(join(root, 'a.pkg'), 'a');
  const { packages, errors } = await readTree(root, [toyAnalyzer()]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['a'],
  );
  assert.equal(errors.length, 1);
  assert.match(errors[0]?.message ?? '', /more than 512 deep/);
});

test('a tree beyond its bounds is read up to there and says so; roots that are none are coded errors', async (t) => {
  const root = temporary(t);
  for (let i = 0; i < 11; i += 1) writeFileSync(join(root, `${i}.pkg`), 'x');
  for (const [limit, code] of [
    ['entries', 'GC_LAYER_TOO_MANY_ENTRIES'],
    ['fragments', 'GC_LAYER_TOO_MANY_FINDINGS'],
  ] as const) {
    const limits = { ...LAYER_LIMITS, [limit]: 10 };
    const { packages, errors } = await readTree(root, [toyAnalyzer()], { limits });
    assert.equal(packages.length, 10);
    assert.deepEqual(
      errors.map((error) => error.code),
      [code],
    );
  }
  await assert.rejects(readTree(join(root, 'none'), [toyAnalyzer()]), { code: 'GC_TREE_UNREADABLE' });
  await assert.rejects(readTree(join(root, '1'), [toyAnalyzer()]), { code: 'GC_TREE_UNREADABLE' });
});

test('what others put into a tree hides nothing of its owner, however much it is', async (t) => {
  const root = temporary(t);
  for (const dir of ['a/shared/deep', 'b', 'z/lib']) mkdirSync(join(root, dir), { recursive: true });
  chmodSync(join(root, 'a/shared'), 0o1777);
  writeFileSync(join(root, 'z/lib/own.pkg'), 'own');
  writeFileSync(join(root, 'b/first.pkg'), 'first');
  writeFileSync(join(root, 'a/shared/deep/theirs.pkg'), 'theirs');
  const names = async (limits = LAYER_LIMITS): Promise<readonly string[]> => {
    const { packages } = await readTree(root, [toyAnalyzer()], { limits });
    return packages.map(({ name }) => name);
  };
  assert.deepEqual(await names(), ['first', 'own', 'theirs']);
  for (let i = 0; i < 20; i += 1) writeFileSync(join(root, `a/shared/${i}.pkg`), 'x');
  assert.deepEqual((await names({ ...LAYER_LIMITS, fragments: 10 })).slice(0, 2), ['first', 'own']);
  if (process.getuid?.() !== 0) return;
  chmodSync(join(root, 'a/shared'), 0o755);
  chownSync(join(root, 'a/shared'), 65534, 65534);
  assert.deepEqual((await names({ ...LAYER_LIMITS, fragments: 10 })).slice(0, 2), ['first', 'own']);
});

test('folders are noted with the bits that they have themselves', async (t) => {
  const root = temporary(t);
  mkdirSync(join(root, 'shared'));
  chmodSync(join(root, 'shared'), 0o1777);
  mkdirSync(join(root, 'own'), { mode: 0o750 });
  const noting = toyAnalyzer({
    notice: ({ path, mode }, isDirectory) => (isDirectory ? `${path} ${mode.toString(8)}` : undefined),
  });
  const { packages } = await readTree(root, [noting]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['/own 750', '/shared 1777'],
  );
});

/** A memory file system of its own on almost every Linux. */
const SHARED_MEMORY = '/dev/shm';
const isMount = existsSync(SHARED_MEMORY) && statSync(SHARED_MEMORY).dev !== statSync('/dev').dev;

test('other file systems are left out when that is asked for, and only then', {
  skip: isMount ? false : '/dev/shm is no file system of its own here',
}, async (t) => {
  const inside = mkdtempSync(join(SHARED_MEMORY, 'gc-walk-'));
  t.after(() => rmSync(inside, { recursive: true, force: true }));
  writeFileSync(join(inside, 'x.pkg'), 'x');
  const place = join(inside, 'x.pkg').slice('/dev'.length);
  const found = async (oneFileSystem: boolean): Promise<boolean> => {
    const { packages } = await readTree('/dev', [toyAnalyzer()], { oneFileSystem });
    return packages.some(({ locations }) => locations[0]?.path === place);
  };
  assert.equal(await found(false), true);
  assert.equal(await found(true), false);
});

test('whoever stops a walk does not wait for the files that are left', async (t) => {
  const root = temporary(t);
  for (let at = 0; at < 100; at += 1) writeFileSync(join(root, `${at}.pkg`), 'x');
  const stop = new AbortController();
  let looked = 0;
  const analyzer = toyAnalyzer();
  const slow = {
    ...analyzer,
    analyze(...file: Parameters<typeof analyzer.analyze>) {
      looked += 1;
      const until = performance.now() + 5;
      while (performance.now() < until);
      return analyzer.analyze(...file);
    },
  };
  // Said while the walk is at it, as a signal is.
  setTimeout(() => stop.abort(new Error('called off')), 1);
  await assert.rejects(readTree(root, [slow], { signal: stop.signal }), /called off/);
  assert.ok(looked < 100, `${looked} files were still looked at`);
});

test('folders that are left out are not opened, and each is told once', async (t) => {
  const root = temporary(t);
  mkdirSync(join(root, 'old/deep'), { recursive: true });
  writeFileSync(join(root, 'old/deep/x.pkg'), 'x');
  writeFileSync(join(root, 'y.pkg'), 'y');
  writeFileSync(join(root, 'z.pkg'), 'z');
  // Others may write to it: it comes last, in another turn.
  chmodSync(join(root, 'old'), 0o777);
  const asked: string[] = [];
  const told: unknown[] = [];
  const { packages, bytes } = await readTree(root, [toyAnalyzer()], {
    exclusion: {
      isExcluded(path) {
        asked.push(path);
        return path === '/old' || path === '/z.pkg';
      },
      onExcluded: (path, isDirectory) => told.push([path, isDirectory]),
    },
  });
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['y'],
  );
  assert.deepEqual(told, [
    ['/z.pkg', false],
    ['/old', true],
  ]);
  assert.ok(!asked.some((path) => path.startsWith('/old/')));
  assert.equal(bytes, 1);
});
