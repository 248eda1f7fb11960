// Files in use: kept over a killed agent, bounded, and honest about what was lost.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import { type ContainerEvidence, type Evidence, openEvidence } from './evidence.ts';
import type { TouchedInContainer } from './touched-files.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gc-evidence-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string): Evidence {
  return openEvidence(folder, () => 5000, silentLogger);
}

function touch(
  containerId: string,
  path: string,
  grade: TouchedInContainer['grade'] = 'opened',
  lastMs = 1000,
): TouchedInContainer {
  return { containerId, path, grade, lastMs };
}

function one(evidence: Evidence, id: string): ContainerEvidence {
  const found = evidence.list().find((kept) => kept.id === id);
  assert.ok(found !== undefined, `${id} is not there`);
  return found;
}

test('the strongest use of a file is kept, with the last time of it', (t) => {
  const evidence = open(folderOf(t));
  evidence.note([
    touch('a', '/x', 'loaded', 10),
    touch('a', '/x', 'opened', 30),
    touch('a', '/x', 'loaded', 20),
  ]);
  assert.deepEqual([...one(evidence, 'a').files()], [{ path: '/x', grade: 'loaded', lastMs: 20 }]);
  evidence.note([touch('a', '/x', 'executed', 40)]);
  assert.deepEqual([...one(evidence, 'a').files()], [{ path: '/x', grade: 'executed', lastMs: 40 }]);
});

test('an agent that is killed goes on with everything that was noted', (t) => {
  const folder = folderOf(t);
  const before = open(folder);
  before.note([touch('a', '/x', 'executed', 7), touch('b', '/y')]);
  before.setImage('a', { manifestDigest: 'sha256:m', imageId: 'sha256:i' });
  before.noteLost(3);
  before.gone('b');
  // Not closed; and the last write was cut off.
  appendFileSync(join(folder, 'in-use.journal'), '["a",0,9,"/cu');
  const after = open(folder);
  const { fromMs, image, lost, isGone } = one(after, 'a');
  assert.deepEqual(
    { fromMs, image, lost, isGone },
    {
      fromMs: 7,
      image: { manifestDigest: 'sha256:m', imageId: 'sha256:i' },
      lost: 3,
      isGone: false,
    },
  );
  assert.deepEqual([...one(after, 'a').files()], [{ path: '/x', grade: 'executed', lastMs: 7 }]);
  assert.equal(one(after, 'b').isGone, true);
});

test('a journal of noise is survived', (t) => {
  const folder = folderOf(t);
  appendFileSync(
    join(folder, 'in-use.journal'),
    '[]\n7\nnull\n["a"]\n["a",9,9]\n{"x":1}\n["a",0,1,"/fine"]\n\u0000\u0001\n',
  );
  assert.deepEqual(
    [...one(open(folder), 'a').files()].map(({ path }) => path),
    ['/fine'],
  );
});

test('a container that is gone stays until it was uploaded, and one that runs again stays after', (t) => {
  const folder = folderOf(t);
  const evidence = open(folder);
  evidence.note([touch('a', '/x'), touch('b', '/x')]);
  evidence.gone('a');
  evidence.gone('b');
  evidence.back('b');
  for (const { id, version } of evidence.list()) evidence.uploaded(id, version, 0);
  assert.deepEqual(
    evidence.list().map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(
    open(folder)
      .list()
      .map(({ id }) => id),
    ['b'],
  );
});

test('what changes while an upload is under way is uploaded again', (t) => {
  const evidence = open(folderOf(t));
  evidence.note([touch('a', '/x')]);
  const { version } = one(evidence, 'a');
  evidence.note([touch('a', '/y')]);
  evidence.uploaded('a', version, 0);
  assert.equal(one(evidence, 'a').isChanged, true);
  evidence.uploaded('a', one(evidence, 'a').version, 0);
  assert.equal(one(evidence, 'a').isChanged, false);
});

test('losses are told once', (t) => {
  const folder = folderOf(t);
  const evidence = open(folder);
  evidence.note([touch('a', '/x')]);
  evidence.noteLost(5);
  evidence.uploaded('a', one(evidence, 'a').version, 3);
  assert.equal(one(evidence, 'a').lost, 2);
  assert.equal(one(open(folder), 'a').lost, 2);
});

test('a container that touches very many files takes no more memory than the bound, and the rest counts as lost', (t) => {
  const evidence = open(folderOf(t));
  evidence.note(Array.from({ length: 9000 }, (_, n) => touch('a', `/f${n}`)));
  assert.equal([...one(evidence, 'a').files()].length, 8000);
  assert.equal(one(evidence, 'a').lost, 1000);
  evidence.keepOnly('a', new Set(['/f1']));
  evidence.note([touch('a', '/new')]);
  assert.deepEqual(
    [...one(evidence, 'a').files()].map(({ path }) => path),
    ['/f1', '/new'],
  );
});

test('very many containers and files stay within the bounds together, and so does the journal', (t) => {
  const folder = folderOf(t);
  const evidence = open(folder);
  for (let n = 0; n < 2500; n++)
    evidence.note(Array.from({ length: 40 }, (_, at) => touch(`c${n}`, `/some/where/f${at}`)));
  const all = evidence.list();
  assert.equal(all.length, 2000);
  assert.equal(
    all.reduce((sum, kept) => sum + [...kept.files()].length, 0),
    60_000,
  );
  for (let round = 0; round < 30; round++)
    evidence.note(
      Array.from({ length: 5000 }, (_, at) => touch('c1', `/some/where/f${at % 40}`, 'opened', round)),
    );
  assert.ok(statSync(join(folder, 'in-use.journal')).size < 9e6);
  assert.match(readFileSync(join(folder, 'in-use.journal'), 'utf8'), /^\["c0","f",/);
});

test('a loss is charged to its container alone, one that was not known too, and to all only when it may be of any', (t) => {
  const folder = folderOf(t);
  const evidence = open(folder);
  evidence.note([touch('a', '/x'), touch('b', '/x'), touch('gone', '/x')]);
  evidence.gone('gone');
  evidence.noteLost(3, 'a');
  evidence.noteLost(2, 'new');
  const lost = (from: Evidence): unknown => from.list().map((kept) => [kept.id, kept.lost]);
  const charged = [
    ['a', 3],
    ['b', 0],
    ['gone', 0],
    ['new', 2],
  ];
  assert.deepEqual(lost(evidence), charged);
  assert.deepEqual(lost(open(folder)), charged);
  assert.equal(one(open(folder), 'new').fromMs, 5000);
  evidence.noteLost(1);
  assert.deepEqual(lost(evidence), [
    ['a', 4],
    ['b', 1],
    ['gone', 0],
    ['new', 3],
  ]);
});
