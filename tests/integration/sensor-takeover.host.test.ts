// A sensor that is killed again and again loses nothing: its successor reads the ring where it stopped.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sensorSkipReason } from './sensor-recorder.ts';

const skip = sensorSkipReason();
const PINS = '/sys/fs/bpf/guardcell';
const CHILD = fileURLToPath(new URL('sensor-takeover-child.ts', import.meta.url));
const KILLS = 10;

interface Incarnation {
  readonly process: ChildProcess;
  readonly isResumed: boolean;
}

interface Place extends Disposable {
  readonly folder: string;
  readonly seenFile: string;
  readonly instance: string;
}

function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'gc-takeover-'));
  const instance = `test${randomBytes(6).toString('hex')}`;
  return {
    folder,
    seenFile: join(folder, 'seen'),
    instance,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startSensor(at: Place, marker: string, ringSize = 16_777_216): Promise<Incarnation> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CHILD, at.instance, at.seenFile, marker, `${ringSize}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { process: child, isResumed: text.toString().startsWith('ready true') };
}

async function end(incarnation: Incarnation, signal: NodeJS.Signals): Promise<void> {
  const ended = once(incarnation.process, 'exit');
  incarnation.process.kill(signal);
  await ended;
}

/** A process that makes `<marker>1`, `<marker>2` … at about a thousand a second until told to stop; resolves to how many. */
function startLoad(folder: string, marker: string): () => Promise<number> {
  const script = `$| = 1; $stop = 0; $SIG{TERM} = sub { $stop = 1 };
    while (!$stop) { $n++; open(F, '>', "${folder}/${marker}$n"); close F; unlink "${folder}/${marker}$n"; select(undef, undef, undef, 0.0008); }
    print $n;`;
  const load = spawn('perl', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  load.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return async () => {
    const closed = once(load, 'close');
    load.kill('SIGTERM');
    await closed;
    return Number(output);
  };
}

function seenIn(at: Place): { marker: string; identity: string }[] {
  return readFileSync(at.seenFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes(' '))
    .map((line) => {
      const [marker = '', identity = ''] = line.split(' ');
      return { marker, identity };
    });
}

function assertComplete(at: Place, marker: string, count: number): void {
  const seen = seenIn(at);
  const identities = new Map(seen.map((each) => [each.identity, each.marker]));
  const markers = [...identities.values()];
  const missing: number[] = [];
  const known = new Set(markers);
  for (let n = 1; n <= count; n++) if (!known.has(`${marker}${n}`)) missing.push(n);
  assert.deepEqual(missing, [], `${missing.length} of ${count} markers were not seen`);
  assert.equal(markers.length, count, 'by identity, each marker was seen exactly once');
}

describe('a sensor with an instance', { skip }, () => {
  test('continues after being killed at any moment, and nothing is lost or counted twice', {
    timeout: 180_000,
  }, async () => {
    using at = place();
    let sensor = await startSensor(at, 'marker-');
    assert.equal(sensor.isResumed, false);
    const stopLoad = startLoad(at.folder, 'marker-');
    let resumed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(randomInt(50, 700));
      await end(sensor, 'SIGKILL');
      sensor = await startSensor(at, 'marker-');
      if (sensor.isResumed) resumed++;
    }
    await sleep(200);
    const count = await stopLoad();
    await end(sensor, 'SIGTERM');
    assert.equal(resumed, KILLS);
    assert.ok(count > 1000, `${count} markers`);
    assertComplete(at, 'marker-', count);
    assert.ok(!existsSync(join(PINS, at.instance)), 'a clean end leaves nothing');
  });

  test('also when it is killed while it starts', { timeout: 60_000 }, async () => {
    using at = place();
    let sensor = await startSensor(at, 'early-');
    const stopLoad = startLoad(at.folder, 'early-');
    await end(sensor, 'SIGKILL');
    for (let attempt = 0; attempt < 5; attempt++) {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', CHILD, at.instance, at.seenFile, 'early-'],
        { stdio: 'ignore' },
      );
      await sleep(randomInt(150, 500));
      await end({ process: child, isResumed: false }, 'SIGKILL');
    }
    sensor = await startSensor(at, 'early-');
    assert.equal(sensor.isResumed, true);
    const count = await stopLoad();
    await end(sensor, 'SIGTERM');
    assertComplete(at, 'early-', count);
  });

  test('does not disturb another one beside it', { timeout: 60_000 }, async () => {
    using one = place();
    using two = place();
    const sensors = await Promise.all([startSensor(one, 'side-'), startSensor(two, 'side-')]);
    const stopLoad = startLoad(one.folder, 'side-');
    await sleep(200);
    await end(sensors[0] as Incarnation, 'SIGKILL');
    const successor = await startSensor(one, 'side-');
    assert.equal(successor.isResumed, true);
    await sleep(200);
    const count = await stopLoad();
    await end(successor, 'SIGTERM');
    assert.ok(existsSync(join(PINS, two.instance)));
    await end(sensors[1] as Incarnation, 'SIGTERM');
    assertComplete(one, 'side-', count);
    assertComplete(two, 'side-', count);
  });

  test('starts anew where what is left belongs to another object or other settings', {
    timeout: 60_000,
  }, async () => {
    using at = place();
    const first = await startSensor(at, 'none-');
    await end(first, 'SIGKILL');
    const pins = join(PINS, at.instance);
    const seal = readdirSync(pins).find((name) => name.startsWith('seal-')) ?? '';
    rmSync(join(pins, seal), { recursive: true });
    mkdirSync(join(pins, `seal-${'0'.repeat(32)}`));
    const second = await startSensor(at, 'none-');
    assert.equal(second.isResumed, false);
    assert.ok(readdirSync(pins).includes(seal), 'the folder belongs to the new sensor');
    await end(second, 'SIGKILL');
    const third = await startSensor(at, 'none-', 4_194_304);
    assert.equal(third.isResumed, false, 'another size of the ring');
    await end(third, 'SIGTERM');
    assert.ok(!existsSync(pins));
  });
});
