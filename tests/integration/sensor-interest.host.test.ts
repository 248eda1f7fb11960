// What the sensor delivers can change at any time, and the hooks it needs have a second form.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { record, sensorSkipReason } from './sensor-recorder.ts';

const skip = sensorSkipReason();

describe('changing what a sensor delivers', { skip }, () => {
  test('loses nothing of the types that stay and delivers nothing twice', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gc-interest-'));
    try {
      using recorder = record({ eventTypes: ['mkdir', 'rmdir'] });
      recorder.sensor.start();
      const script = `$SIG{TERM} = sub { $stop = 1 }; $| = 1;
        while (!$stop) { $n++; mkdir "d$n"; rename "d$n", "e$n"; rmdir "e$n"; select(undef, undef, undef, 0.0005); } print $n;`;
      const load = spawn('perl', ['-e', script], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      load.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      let slowestMs = 0;
      for (let change = 0; change < 40; change++) {
        await sleep(30);
        const types =
          change % 2 === 0 ? ['mkdir', 'rmdir', 'rename', 'chmod', 'connect'] : ['mkdir', 'rmdir'];
        const startedMs = performance.now();
        assert.deepEqual(recorder.sensor.setEventTypes(types), []);
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
      const closed = once(load, 'close');
      load.kill('SIGTERM');
      await closed;
      recorder.settle();
      const count = Number(output);
      const own = recorder.events.filter((event) => event.pid === load.pid);
      for (const type of ['mkdir', 'rmdir']) {
        assert.equal(own.filter((event) => event.type === type).length, count, type);
      }
      const renamed = own
        .filter((event) => event.type === 'rename')
        .map((event) => basename(event.path ?? ''));
      assert.ok(renamed.length > 0 && renamed.length < count);
      assert.equal(new Set(renamed).size, renamed.length, 'no rename is reported twice');
      assert.ok(slowestMs < 1000, `${slowestMs} ms`);
      assert.equal(recorder.sensor.report().drops, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('what is wanted again at once is delivered again at once', () => {
    using recorder = record({ eventTypes: ['connect'] });
    for (let change = 0; change < 50; change++) {
      recorder.sensor.setEventTypes(['rename']);
      recorder.sensor.setEventTypes(['rename', 'connect']);
      // The kernel takes an attachment down in the background and refuses the same one meanwhile.
      assert.deepEqual(recorder.sensor.report().eventTypes.toSorted(), ['connect', 'rename'], `${change}`);
    }
    const program = 'socket(S,2,2,0);connect(S,pack("SnC4x8",2,9,127,0,0,1)) or die';
    const { pid, status } = spawnSync('perl', ['-e', program]);
    assert.equal(status, 0);
    recorder.settle();
    const own = recorder.events.filter((event) => event.pid === pid).map(({ type }) => type);
    assert.deepEqual(own, ['connect']);
  });

  test('what is wanted again while the kernel takes it down is delivered as soon as it lets it', {
    timeout: 60_000,
  }, async () => {
    using recorder = record({ eventTypes: ['connect', 'rename'] });
    const { sensor } = recorder;
    sensor.start();
    sensor.setEventTypes(['rename']);
    const folders = readdirSync('/sys/fs/bpf/guardcell').filter((name) => name.startsWith(`${process.pid}-`));
    const isPinned = (): boolean =>
      folders.some((name) => existsSync(`/sys/fs/bpf/guardcell/${name}/link-sys_exit_connect`));
    assert.ok(isPinned(), 'it stays for a while');
    while (isPinned()) await sleep(1);
    sensor.setEventTypes(['rename', 'connect']);
    while (!sensor.report().eventTypes.includes('connect')) await sleep(10);
    const { pid } = spawnSync('perl', ['-e', 'socket(S,2,2,0);connect(S,pack("SnC4x8",2,9,127,0,0,1))']);
    recorder.settle();
    const own = recorder.events.filter((event) => event.pid === pid).map(({ type }) => type);
    assert.deepEqual(own, ['connect']);
  });

  test('names that it does not know are returned and ignored, and processes are known all the same', () => {
    using recorder = record({ eventTypes: ['no-such-event'] });
    assert.deepEqual(recorder.sensor.setEventTypes(['chmod', 'syscall', 'chmod', 'Open']), [
      'syscall',
      'Open',
    ]);
    assert.deepEqual(recorder.sensor.report().eventTypes, ['chmod']);
    const { pid } = spawnSync('perl', ['-e', "chmod 0600, '/no/such/gc-file'"]);
    recorder.settle();
    const event = recorder.events.find((each) => each.pid === pid);
    assert.equal(event?.type, 'chmod');
    assert.match(event?.exePath ?? '', /\/perl[\d.]*$/);
    assert.ok(recorder.events.every((each) => each.type === 'chmod'));
  });
});

describe('on a kernel that refuses typed raw tracepoints', { skip }, () => {
  test('the raw ones tell of exec, fork and exit just the same', () => {
    using recorder = record({ hooks: 'raw' });
    const { pid } = spawnSync('/bin/sh', ['-c', 'cd /usr; /bin/true one "two three"; exit 5']);
    recorder.settle();
    const events = recorder.events.filter((event) => event.pid === pid || event.args[1] === 'one');
    const truth = events.find((event) => event.type === 'execve' && event.exePath.endsWith('/true'));
    assert.deepEqual(truth?.args.slice(1), ['one', 'two three']);
    assert.equal(truth?.thread.cwd, '/usr');
    assert.equal(truth?.parentComm, 'sh');
    assert.match(String(truth?.params['filename']), /\/true$/);
    assert.ok(events.some((event) => /^(?:v?fork|clone3?)$/.test(event.type)));
    assert.equal(events.find((event) => event.type === 'procexit' && event.pid === pid)?.params['ret'], 5);
  });
});
