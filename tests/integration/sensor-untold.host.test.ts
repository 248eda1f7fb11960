// A ring that is full hides what is in use only of the containers whose files could not be told, and the sensor says which.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareContainer } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { openSensor } from '@guardcell/sensor';
import { ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { command } from '../support/run-command.ts';
import { sensorSkipReason } from './sensor-recorder.ts';

const IMAGE = 'gc-test/busybox:1';
const docker = await ensureDocker();
const skip = sensorSkipReason() || (docker.available ? false : docker.reason);

async function eventually(what: string, check: () => boolean): Promise<void> {
  const until = Date.now() + 15_000;
  while (!check()) {
    if (Date.now() > until) assert.fail(`not within 15 s: ${what}`);
    await sleep(50);
  }
}

test('losses are of the container whose files in use could not be told', {
  skip,
  timeout: 60_000,
}, async () => {
  await ensureImage(IMAGE);
  const options = { image: IMAGE, args: [], command: ['sleep', '300'] };
  await using busy = await runContainer({ ...options, name: 'gc-untold-busy' });
  await using quiet = await runContainer({ ...options, name: 'gc-untold-quiet' });
  const lost = new Map<string | undefined, number>();
  const touched = new Map<string, Set<string>>();
  let gaps = 0;
  using sensor = openSensor({
    ringSizeBytes: 256 * 1024,
    interest: { eventTypes: ['mkdir', 'rmdir'], filesInUse: true },
    containerById: bareContainer,
    onEvent: () => undefined,
    onTouched: (id, _how, path) => touched.set(id, (touched.get(id) ?? new Set()).add(path)),
    onTouchedLost: (id, count) => lost.set(id, (lost.get(id) ?? 0) + count),
    onGap: (gap) => {
      gaps += gap.lost;
    },
    logger: silentLogger,
  });
  const run = (id: string, script: string): Promise<unknown> =>
    command('docker', ['exec', id, 'sh', '-c', script]);

  // Each is known by an event, and nothing is lost yet.
  for (const { id } of [busy, quiet]) await run(id, '/bin/busybox true');
  sensor.drain();
  assert.ok(touched.get(busy.id)?.has('/bin/busybox') && touched.get(quiet.id)?.has('/bin/busybox'));

  // Nobody reads: events that rules want fill the ring. They say nothing of files in use.
  const folder = mkdtempSync(join(tmpdir(), 'gc-untold-'));
  const flood = spawnSync('perl', ['-e', 'for (1..4000) { mkdir "d"; rmdir "d"; }'], { cwd: folder });
  rmSync(folder, { recursive: true });
  assert.equal(flood.status, 0);
  assert.ok(sensor.report().drops > 1000);
  // Programs that are started now cannot be told either.
  await run(busy.id, 'for i in 1 2 3 4 5; do /bin/busybox true; done');

  sensor.start();
  await eventually('the losses are told', () => gaps > 0 && (lost.get(busy.id) ?? 0) >= 5);
  await sleep(1500);
  assert.ok((lost.get(busy.id) ?? 0) < 100, 'only of files in use, each once');
  assert.equal(lost.get(quiet.id), undefined);
  assert.equal(lost.get(undefined), undefined);
  await run(quiet.id, '/bin/busybox echo');
  assert.equal(lost.get(quiet.id), undefined);
});
