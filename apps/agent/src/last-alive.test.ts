import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import { openLastAlive } from './last-alive.ts';

test('the next agent knows when the one before was last alive', () => {
  const dir = mkdtempSync(join(tmpdir(), 'guardcell-alive-'));
  try {
    let now = 1_700_000_000_000;
    const first = openLastAlive(dir, () => now, silentLogger);
    assert.equal(first.previousMs, undefined);
    first.start();
    now += 5000;
    first.stop();
    assert.equal(openLastAlive(dir, () => now, silentLogger).previousMs, now);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a folder that cannot be written is no reason to fail', () => {
  const alive = openLastAlive(join(tmpdir(), 'guardcell-no-such-folder'), () => 0, silentLogger);
  alive.start();
  alive.stop();
  assert.equal(alive.previousMs, undefined);
});
