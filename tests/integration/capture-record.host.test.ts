// Captures that Guardcell writes, read by a program of somebody else and by our own reader: what a container did is there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openCapture } from '@guardcell/capture';

import { ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { BUSYBOX_IMAGE } from '../support/images.ts';
import { eventually, runGuardcell, spawnGuardcell } from '../support/platform.ts';
import { command } from '../support/run-command.ts';
import { ensureSysdig, readWithSysdig } from '../support/sysdig.ts';
import { sensorSkipReason } from './sensor-recorder.ts';

const WORKLOAD = [
  '/bin/cat /etc/hostname',
  'cd /tmp',
  '/bin/cp /etc/passwd gc-copied',
  '/bin/mv gc-copied gc-moved',
  '/bin/chmod 700 gc-moved',
  '/bin/nc -w 1 127.0.0.1 7',
  '/bin/sleep 1',
].join('; ');
const SECRET = 'gc-secret-of-the-test';
const RULES = `- rule: gc moved
  desc: d
  condition: evt.type in (rename, renameat, renameat2) and container.image.repository = gc-test/busybox and evt.arg.newpath endswith gc-moved
  output: moved %evt.arg.oldpath (command=%proc.cmdline parent=%proc.pname container=%container.name user=%user.name)
  priority: NOTICE
`;

const docker = await ensureDocker();
const skip = sensorSkipReason() || (docker.available ? false : docker.reason);
const folder = mkdtempSync(join(tmpdir(), 'gc-capture-'));

interface Recorded {
  readonly path: string;
  readonly name: string;
  readonly log: string;
}

/** Records while a container does the workload. */
async function recordWorkload(file: string, ...args: readonly string[]): Promise<Recorded> {
  const path = join(folder, file);
  // not on a command line, which is recorded
  const variables = join(folder, 'variables');
  writeFileSync(variables, `TOKEN=${SECRET}\n`);
  const recorder = spawnGuardcell(['capture', 'record', path, '--seconds', '60', ...args]);
  let log = '';
  recorder.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = once(recorder, 'exit');
  try {
    await eventually(
      'the recording begins',
      30_000,
      () => /recording \d+ event types/.exec(log) ?? undefined,
    );
    await using container = await runContainer({
      name: 'gc-capture-workload',
      image: BUSYBOX_IMAGE,
      args: ['--env-file', variables],
      command: ['sh', '-c', WORKLOAD],
    });
    await command('docker', ['wait', container.id]);
    recorder.kill('SIGINT');
    await ended;
    return { path, name: container.name, log };
  } finally {
    if (recorder.exitCode === null && recorder.signalCode === null) {
      recorder.kill('SIGKILL');
      await ended;
    }
  }
}

describe('guardcell capture record', { skip }, () => {
  let recorded: Recorded;
  before(async () => {
    await ensureImage(BUSYBOX_IMAGE);
    recorded = await recordWorkload('workload.scap.gz');
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await docker.stop();
  });

  test('says how many events it wrote, how large the file is and that none was lost', () => {
    assert.match(recorded.log, /\d+ events, .* on disk, 0 dropped \(0 in the kernel/);
    assert.equal(statSync(recorded.path).mode & 0o777, 0o600);
  });

  test('sysdig reads commands, users, folders, files and the container', { timeout: 90_000 }, async (t) => {
    const missing = await ensureSysdig();
    if (missing !== '') return t.skip(missing);
    const fields = ['evt.type', 'proc.name', 'proc.cmdline', 'proc.cwd', 'user.name', 'fd.name', 'evt.args'];
    const own = await readWithSysdig(recorded.path, fields, `container.name=${recorded.name}`);
    const has = (what: string, wanted: Partial<Record<(typeof fields)[number], string | RegExp>>): void => {
      const found = own.some((row) =>
        Object.entries(wanted).every(([field, value]) => {
          const actual = row[fields.indexOf(field)] ?? '';
          return value instanceof RegExp ? value.test(actual) : value === actual;
        }),
      );
      assert.ok(found, `${what} is not among\n${own.map((row) => row.join(' | ')).join('\n')}`);
    };
    has('the first program', {
      'evt.type': 'execve',
      'proc.cmdline': `sh -c ${WORKLOAD}`,
      'user.name': 'root',
    });
    has('a program', { 'evt.type': 'execve', 'proc.cmdline': 'cat /etc/hostname', 'proc.cwd': '/' });
    has('a read file', { 'evt.type': /^open/, 'proc.name': 'cat', 'fd.name': '/etc/hostname' });
    has('a written file', {
      'proc.cmdline': 'cp /etc/passwd gc-copied',
      'proc.cwd': '/tmp/',
      'fd.name': '/tmp/gc-copied',
    });
    has('a move', { 'proc.name': 'mv', 'evt.args': /res=0 oldpath=\S*gc-copied\S* newpath=\S*gc-moved/ });
    has('a mode', { 'proc.name': 'chmod', 'evt.args': /filename=\S*gc-moved\S* mode=0700/ });
    has('a connection', { 'evt.type': 'connect', 'proc.name': 'nc', 'fd.name': /->127\.0\.0\.1:7$/ });
    return undefined;
  });

  test('our own reader sees the same process as the parent of all, and every container event has its image', async () => {
    const commands: string[] = [];
    const images = new Set<string>();
    const stats = await openCapture(recorded.path).read({
      onEvent(event) {
        const { thread } = event;
        if (thread.container.name !== recorded.name) return;
        images.add(thread.container.image.reference);
        if (event.type === 'execve' && event.result === 0 && thread.parent()?.comm === 'sh') {
          commands.push([thread.comm, ...thread.args].join(' '));
        }
      },
    });
    assert.equal(stats.fault, undefined);
    assert.deepEqual([...images], [BUSYBOX_IMAGE]);
    assert.deepEqual(commands.slice(0, 3), [
      'cat /etc/hostname',
      'cp /etc/passwd gc-copied',
      'mv gc-copied gc-moved',
    ]);
  });

  test('rules replay fires on it what fires live', { timeout: 60_000 }, async () => {
    const rules = join(folder, 'rules.yaml');
    writeFileSync(rules, RULES);
    const replay = await runGuardcell(['rules', 'replay', '-r', rules, '-o', 'text', recorded.path]);
    assert.equal(replay.code, 0, replay.err);
    const lines = replay.out.split('\n').filter((line) => line.includes(recorded.name));
    assert.equal(lines.length, 1, replay.out);
    assert.match(lines[0] ?? '', /command=mv gc-copied gc-moved parent=sh .* user=root\)$/);
  });

  test('environment variables are not in the file', () => {
    assert.equal(gunzipSync(readFileSync(recorded.path)).includes(SECRET), false);
  });

  test('with --container and --with-environment, only that container is there, with its variables', async () => {
    const only = await recordWorkload('other.scap', '--container', 'gc-capture-nobody');
    assert.match(only.log, /^0 events/m);
    const all = await recordWorkload('environment.scap', '--with-environment', '--events', 'execve');
    assert.ok(readFileSync(all.path).includes(SECRET));
  });

  test('a full file ends the recording, or begins the next and removes the oldest', {
    timeout: 90_000,
  }, async () => {
    const small = await runGuardcell(['capture', 'record', join(folder, 'small.scap'), '--max-size', '1kB']);
    assert.equal(small.code, 0);
    assert.match(small.err, /has reached its size/);
    const ring = join(folder, 'ring.scap');
    const rotated = await runGuardcell([
      'capture',
      'record',
      ring,
      '--max-size',
      '1kB',
      '--rotate',
      '2',
      '--seconds',
      '4.5',
    ]);
    assert.equal(rotated.code, 0, rotated.err);
    assert.match(rotated.err, /old files removed/);
    const kept = readdirSync(folder).filter((name) => name.startsWith('ring.'));
    assert.equal(kept.length, 2, kept.join(' '));
    for (const name of kept) {
      const stats = await openCapture(join(folder, name)).read({ onEvent: () => undefined });
      assert.equal(stats.fault, undefined);
      assert.ok(stats.threads > 0);
    }
  });

  test('a file that exists is not overwritten, and nobody but root can record', {
    timeout: 60_000,
  }, async () => {
    const again = await runGuardcell(['capture', 'record', recorded.path, '--seconds', '2']);
    assert.match(again.err, /GC_CAPTURE_EXISTS/);
    assert.equal(again.code, 2);
    const nobody = await runGuardcell(['capture', 'record', '/tmp/gc-nobody.scap'], { uid: 65_534 });
    assert.match(nobody.err, /GC_CAPTURE_NEEDS_ROOT/);
    const typo = await runGuardcell(['capture', 'record', '/tmp/gc-typo.scap', '--events', 'opne']);
    assert.match(typo.err, /GC_USAGE.*opne/);
  });
});
