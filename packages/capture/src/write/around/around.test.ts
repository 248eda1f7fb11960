import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bareContainer, HOST, NO_THREAD_FACTS, type RuntimeEvent, type Thread } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import fc from 'fast-check';
import { captureName, listCaptures, pruneCaptures, slug } from './capture-folder.ts';
import { eventRing } from './event-ring.ts';
import { type MatchRecorder, type MatchRecorderLimits, matchRecorder } from './match-recorder.ts';
import { scopeOf } from './scope.ts';

const NOW = 1_760_000_000_000;

function thread(pid: number, over: Partial<Thread> = {}): Thread {
  return {
    ...NO_THREAD_FACTS,
    tid: pid,
    pid,
    ppid: 1,
    vtid: pid,
    vpid: pid,
    sid: 10,
    pgid: pid,
    vpgid: pid,
    comm: `p${pid}`,
    cwd: '/',
    cgroup: '/',
    container: HOST,
    parent: () => undefined,
    ...over,
  };
}

function unlink(path: string, by: Thread, timeMs = NOW): RuntimeEvent {
  const params: Readonly<Record<string, string | number>> = { res: 0, path };
  return {
    num: 1,
    type: 'unlink',
    timeNs: BigInt(timeMs) * 1_000_000n,
    cpu: 0,
    result: 0,
    thread: by,
    fd: undefined,
    param: (name) => params[name],
    paramNames: () => Object.keys(params),
    path,
    targetPath: undefined,
  };
}

const web = { ...bareContainer('a'.repeat(64)), name: 'web', complete: true };
const db = { ...bareContainer('b'.repeat(64)), name: 'db', complete: true };

async function withRecorder(
  limits: Partial<MatchRecorderLimits>,
  use: (recorder: MatchRecorder, folder: string, clock: { nowMs: number }) => Promise<void> | void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-around-'));
  const clock = { nowMs: NOW };
  const recorder = matchRecorder({
    folder: join(folder, 'captures'),
    processTree: () => [],
    logger: silentLogger,
    nowMs: () => clock.nowMs,
    limits,
  });
  try {
    recorder.enable(true);
    await use(recorder, join(folder, 'captures'), clock);
  } finally {
    await recorder.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the ring gives back the newest events unchanged and in order, whatever their sizes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 200 }), (sizes) => {
      const ring = eventRing(8, 100);
      for (const [index, size] of sizes.entries()) {
        ring.push(Buffer.alloc(size, index & 255), index, { containerId: '', pid: index });
      }
      const seen: number[] = [];
      ring.forEach(0, (blocks, { pid }) => {
        seen.push(pid);
        assert.equal(blocks.length, sizes[pid]);
        assert.ok(blocks.every((byte) => byte === (pid & 255)));
      });
      assert.deepEqual(
        seen,
        seen.map((_, index) => sizes.length - seen.length + index),
        'the newest, without a hole',
      );
      assert.ok(sizes.length === 0 || seen.length > 0);
    }),
  );
});

test('a recording has what the container did before and after the match, and nothing of others', async () => {
  await withRecorder({}, async (recorder, folder) => {
    const inside = thread(20, { container: web });
    recorder.note(unlink('/too-old', inside, NOW - 5000));
    recorder.note(unlink('/before', inside, NOW - 1000));
    recorder.note(unlink('/elsewhere', thread(30, { container: db })));
    const match = unlink('/match', inside);
    recorder.note(match);
    const path = recorder.matched('A Rule!', 5000, match);
    recorder.note(unlink('/after', inside));
    recorder.note(unlink('/elsewhere', thread(31)));
    await recorder.close();
    assert.deepEqual(
      listCaptures(folder).map((capture) => capture.path),
      [path],
    );
    const bytes = gunzipSync(readFileSync(path ?? ''));
    for (const wanted of ['/before', '/match', '/after']) assert.ok(bytes.includes(wanted), wanted);
    for (const other of ['/too-old', '/elsewhere']) assert.ok(!bytes.includes(other), other);
  });
});

test('further matches in the same container name the same file; too many containers at once are refused and counted', async () => {
  await withRecorder({ open: 1 }, (recorder, _folder, clock) => {
    const first = recorder.matched('one', 1000, unlink('/x', thread(20, { container: web })));
    clock.nowMs += 500;
    assert.equal(recorder.matched('two', 1000, unlink('/y', thread(21, { container: web }))), first);
    assert.equal(recorder.matched('three', 1000, unlink('/z', thread(22, { container: db }))), undefined);
    assert.deepEqual(recorder.counts(), { recordings: 1, refused: 1, dropped: 0, removed: 0 });
  });
});

test('a folder that cannot be made costs the recording, not the alert', async () => {
  const recorder = matchRecorder({
    folder: '/dev/null/captures',
    processTree: () => [],
    logger: silentLogger,
  });
  assert.equal(recorder.matched('one', 1000, unlink('/x', thread(20))), undefined);
  assert.equal(recorder.counts().refused, 1);
  await recorder.close();
});

test('on the host, the scope is the tree below the highest ancestor of the same session', () => {
  const init = thread(1, { sid: 1 });
  const shell = thread(10, { parent: () => init });
  const child = thread(20, { parent: () => shell });
  const sibling = thread(21, { parent: () => shell });
  const stranger = thread(40, { sid: 40, parent: () => init });
  const trees = new Map(
    [child, sibling, stranger].map((one) => [one.pid, [one, one === stranger ? init : shell, init]]),
  );
  const scope = scopeOf(child, (pid) => trees.get(pid) ?? []);
  const has = (pid: number, containerId: string = HOST.id): boolean => scope.has({ pid, containerId });
  assert.deepEqual(
    [has(10), has(20), has(21), has(40), has(1), has(20, web.id)],
    [true, true, true, false, false, false],
  );
});

test('names are safe for file systems, and the oldest files go first, never those being written', () => {
  assert.equal(slug('Shell in /etc: "ünïcode" '.repeat(9)).length <= 48, true);
  assert.equal(slug('../..'), 'rule');
  assert.equal(captureName(0, 'A b', 'id'), '19700101T000000Z-a-b-id.scap.gz');
  const folder = mkdtempSync(join(tmpdir(), 'gc-prune-'));
  try {
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      const path = join(folder, `${name}.scap.gz`);
      writeFileSync(path, Buffer.alloc(10));
      utimesSync(path, 1000 + index, 1000 + index);
    }
    writeFileSync(join(folder, 'note.txt'), '');
    assert.equal(pruneCaptures(folder, { files: 2, bytes: 1000 }, new Set([join(folder, 'a.scap.gz')])), 1);
    assert.deepEqual(readdirSync(folder).sort(), ['a.scap.gz', 'c.scap.gz', 'd.scap.gz', 'note.txt']);
    assert.equal(pruneCaptures(folder, { files: 9, bytes: 15 }, new Set()), 2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
