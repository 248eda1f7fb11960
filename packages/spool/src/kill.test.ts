// A process that spools is killed again and again: every alert that it reported as spooled is readable exactly once, with
// the content that it had, and no seq comes back with another alert.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@guardcell/kit';
import { keyOfText, REMEMBERED } from './recent-keys.ts';
import { openSpool } from './spool.ts';

const KILLS = Number(process.env['GC_TEST_KILLS'] ?? 6);

const CHILD = fileURLToPath(new URL('./spool-until-killed.ts', import.meta.url));
/** Runs the child for a while, kills it, gives the lines that it had printed. */
async function killedAfter(dir: string, run: number, ms: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dir, String(run)], {
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

test(`every alert is there exactly once after ${KILLS} kills`, { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gc-spool-kill-'));
  try {
    const spooled = new Map<number, string>();
    const delivered = new Map<number, string>();
    for (let run = 0; run < KILLS; run++) {
      for (const line of await killedAfter(dir, run, 20 + ((run * 37) % 200))) {
        const delivery = /^d (\d+) (\S+)$/.exec(line);
        const append = /^(\d+) (\d+:\d+)$/.exec(line);
        if (delivery !== null) {
          const [seq, text = ''] = [Number(delivery[1]), delivery[2]];
          assert.equal(delivered.get(seq) ?? text, text, 'a seq was delivered with two alerts');
          delivered.set(seq, text);
        }
        if (append !== null) {
          assert.equal(spooled.has(Number(append[1])), false, 'a seq was given to two alerts');
          spooled.set(Number(append[1]), append[2] ?? '');
        }
      }
    }
    using spool = openSpool({ dir, clock: systemClock, logger: silentLogger });
    const found = new Map<number, string>();
    for (let next = 1; ; ) {
      const entries = spool.read(next, 1000, 1e7);
      for (const { seq, payload } of entries) {
        assert.equal(found.has(seq), false);
        found.set(seq, String(JSON.parse(payload)).split(':', 2).join(':'));
        next = seq + 1;
      }
      if (entries.length === 0) break;
    }
    assert.ok(spooled.size > 100);
    assert.deepEqual(spool.pendingGaps(), []);
    const keys = new Set(spool.recentKeys);
    for (const [seq, text] of found) {
      if (seq > spool.stats().lastSeq - REMEMBERED) assert.ok(keys.has(keyOfText(text)), `the key of ${seq}`);
    }
    const texts = new Set([...found.values(), ...delivered.values(), ...spooled.values()].map(keyOfText));
    assert.deepEqual(
      [...keys].filter((key) => !texts.has(key)),
      [],
      'no alert is known that was not spooled',
    );
    for (const [seq, text] of spooled) {
      assert.equal(found.get(seq) ?? delivered.get(seq), text, `seq ${seq}`);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});
