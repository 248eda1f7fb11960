// A process that stores alerts is killed again and again: what it reported as stored is there, once, with all counts
// agreeing, and positions grow over all of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EVERYTHING } from '@guardcell/core';
import { silentLogger, systemClock } from '@guardcell/kit';
import { NOON_MS } from '../conformance/sample-alert.ts';
import { allPages } from '../conformance/store-case.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const KILLS = Number(process.env['GC_TEST_KILLS'] ?? 6);

const CHILD = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));
async function killedAfter(dir: string, first: number, ms: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    if (lines.length === 0) setTimeout(() => child.kill('SIGKILL'), ms);
    lines.push(line);
  });
  await Promise.all([once(child, 'close'), once(reader, 'close')]);
  return lines;
}

test(`nothing stored is lost or doubled after ${KILLS} kills`, { timeout: 300_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gc-store-kill-'));
  try {
    const acknowledged = new Set<number>();
    const positions = new Set<number>();
    let highest = 0;
    for (let run = 0; run < KILLS; run++) {
      for (const line of await killedAfter(dir, Math.max(0, highest - 100), 10 + ((run * 53) % 250))) {
        const [seq, position] = line.split(' ').map(Number);
        if (seq === undefined || position === undefined) continue;
        acknowledged.add(seq);
        highest = Math.max(highest, seq);
        if (position > 0) assert.equal(positions.has(position), false, 'a position was given twice');
        if (position > 0) positions.add(position);
      }
    }
    const store = await openSqliteEventStore({ dir, logger: silentLogger, clock: systemClock });
    try {
      const ids = await allPages(store, EVERYTHING, 500);
      const stored = new Set(ids);
      assert.ok(acknowledged.size > 100);
      assert.equal(stored.size, ids.length, 'an alert is there twice');
      for (const seq of acknowledged) assert.ok(stored.has(`sensor1-1-${seq}`), `alert ${seq} is lost`);
      assert.equal(await store.count(EVERYTHING), ids.length);
      assert.equal((await store.stats()).events, ids.length);
      assert.equal(
        (await store.severityCounts(NOON_MS - 1, NOON_MS + highest * 80_000 + 1e9)).high,
        ids.length,
      );
      assert.equal(await store.count({ any: {}, words: ['passwd'] }), ids.length);
      const inOrder = await store.after(0, EVERYTHING, ids.length + 1);
      assert.deepEqual(new Set(inOrder.map((item) => item.position)).size, ids.length);
    } finally {
      await store.close();
    }
  } finally {
    await rm(dir, { recursive: true });
  }
});
