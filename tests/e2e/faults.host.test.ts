// What a machine can lack or refuse: runtimes, root, a port, a folder, space on the disk. The platform says so and works on.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Status } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { ensureDocker, runContainer } from '../support/docker.ts';
import { ensureImage } from '../support/images.ts';
import { alertOf, alertsOf, marker } from '../support/marker.ts';
import { eventually, type Platform, runGuardcell, startPlatform } from '../support/platform.ts';
import { descendantsOf, isAlive } from '../support/process-tree.ts';
import { smallDisk } from '../support/small-disk.ts';

const IMAGE = 'gc-test/busybox:1';
const NOBODY = 65_534;
const PATIENCE_MS = 20_000;
const STOP_MS = 5000;
const REFUSED_MS = 5000;
const dockerReady = await ensureDocker();
const skip = process.getuid?.() !== 0 ? 'needs root' : dockerReady.available ? false : dockerReady.reason;

const statusOf = (platform: Platform): Promise<Status> => platform.json<Status>('status');

suite('faults of the machine are said, and what can work does', { skip, timeout: 300_000 }, () => {
  let scratch: string;
  before(async () => {
    await ensureImage(IMAGE);
    scratch = mkdtempSync(join(tmpdir(), 'gc-faults-'));
    chmodSync(scratch, 0o755);
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  function scratchFolder(name: string): string {
    const folder = join(scratch, name);
    mkdirSync(folder);
    return folder;
  }

  /** Runs an `up` that must end by itself with this code. */
  async function refused(code: string, args: readonly string[], uid?: number): Promise<string> {
    const startedMs = performance.now();
    const result = await runGuardcell(
      ['up', ...args],
      uid === undefined ? {} : { uid, env: { HOME: scratch } },
    );
    const tookMs = performance.now() - startedMs;
    assert.notEqual(result.code, 0);
    assert.match(result.err, new RegExp(`error ${code}: `));
    const lines = result.err.trimEnd().split('\n');
    assert.match(lines.at(-1) ?? '', /^ {2}\S/, `a hint is the last line:\n${result.err}`);
    assert.equal(result.out, '', 'nothing on stdout');
    assert.ok(tookMs < REFUSED_MS, `${code} after ${tookMs} ms`);
    return result.err;
  }

  test('without a container runtime the host is watched, and status says so', async () => {
    const own = marker(scratchFolder('no-runtime'), 'Marker without runtimes');
    writeFileSync(join(scratch, 'no-runtime.yaml'), own.yaml);
    await using platform = await startPlatform({
      rules: [join(scratch, 'no-runtime.yaml')],
      env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    });
    const status = await eventually('the agent has reported', PATIENCE_MS, async () => {
      const current = await statusOf(platform);
      return current.agents[0] === undefined ? undefined : current;
    });
    assert.equal(status.sensor.state, 'running');
    const docker = status.agents[0]?.runtimes.find(({ runtime }) => runtime === 'docker');
    assert.equal(docker?.connected, false);
    assert.match(docker?.detail ?? '', /\/nonexistent\/docker\.sock/);
    const name = own.touch();
    const alert = await eventually('an alert of the host', PATIENCE_MS, () =>
      alertOf(platform, own.rule, name),
    );
    assert.equal(alert.container.id, 'host');
    // Without metadata the id of a container is still known.
    const text = await platform.cli('status');
    assert.match(text.out, /docker: .*nonexistent/);
  });

  test('a user without rights gets everything but the sensor, and is told why', async () => {
    const dataDir = scratchFolder('nobody');
    chownSync(dataDir, NOBODY, NOBODY);
    const rules = scratchFolder('nobody-rules');
    writeFileSync(join(rules, 'secret.yaml'), '- list: x\n  items: []\n', { mode: 0o600 });
    const platform = await startPlatform({ dataDir, rules: [rules], uid: NOBODY, env: { HOME: dataDir } });
    try {
      const status = await eventually('the sensor is known to be unavailable', PATIENCE_MS, async () => {
        const current = await statusOf(platform);
        return current.sensor.state === 'unavailable' ? current : undefined;
      });
      assert.equal(status.sensor.errorCode, 'GC_SENSOR_NOT_ROOT');
      assert.match(status.sensor.detail, /root/);
      assert.ok(status.rules.loaded >= 30, 'the rules are listed all the same');
      const [problem] = status.rules.problems;
      assert.equal(problem?.code, 'GC_SOURCE_UNREADABLE');
      assert.equal(problem?.file, join(rules, 'secret.yaml'));
      assert.notEqual(problem?.hint, '');
      assert.equal((await fetch(`${platform.url}/healthz`)).status, 200);
      assert.equal((await fetch(`${platform.url}/readyz`)).status, 200);
      assert.deepEqual((await platform.json<{ items: Alert[] }>('events', 'list')).items, []);
      assert.match(platform.log(), /sensor unavailable: .*root/);
      assert.match((await platform.cli('status')).out, /sensor {6}unavailable: .*root/);
      assert.equal(await platform.stop('SIGTERM'), 0);
    } finally {
      await platform.stop();
    }
  });

  test('--no-sensor leaves the sensor out and says that it is off', async () => {
    await using platform = await startPlatform({ args: ['--no-sensor'] });
    const status = await eventually('the agent has reported', PATIENCE_MS, async () => {
      const current = await statusOf(platform);
      return current.sensor.state === 'off' ? current : undefined;
    });
    assert.match(status.sensor.detail, /--no-sensor/);
    assert.equal((await fetch(`${platform.url}/healthz`)).status, 200);
  });

  test('a taken port is refused with its code, and nothing is left running', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    try {
      const dataDir = join(scratch, 'port');
      const err = await refused('GC_PORT_IN_USE', [
        '--data',
        dataDir,
        '--listen',
        `127.0.0.1:${address.port}`,
      ]);
      assert.match(err, /--listen/);
      // The folder is free again: the next start works and still shows the password of a first start.
      await using platform = await startPlatform({ dataDir });
      assert.notEqual(platform.adminPassword, '');
    } finally {
      other.close();
    }
  });

  test('a data folder that cannot be written is refused with its code', async () => {
    const locked = scratchFolder('locked');
    chmodSync(locked, 0o555);
    await refused(
      'GC_DATA_DIR_NOT_WRITABLE',
      ['--data', join(locked, 'data'), '--listen', '127.0.0.1:0'],
      NOBODY,
    );
    await refused('GC_DATA_DIR_NOT_WRITABLE', ['--data', locked, '--listen', '127.0.0.1:0'], NOBODY);
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    await refused('GC_DATA_DIR_NOT_WRITABLE', ['--data', file, '--listen', '127.0.0.1:0']);
    await refused('GC_DATA_DIR_NOT_WRITABLE', ['--data', '/proc/guardcell', '--listen', '127.0.0.1:0']);
  });

  test('two platforms side by side see the same attack; a third cannot share their folder', async () => {
    const rules = join(scratch, 'both.yaml');
    const folder = '/tmp';
    const rule = 'Marker of two platforms';
    writeFileSync(rules, marker(folder, rule).yaml);
    const [one, two] = await Promise.all([
      startPlatform({ rules: [rules] }),
      startPlatform({ rules: [rules] }),
    ]);
    try {
      await refused('GC_DATA_DIR_IN_USE', ['--data', one.dataDir, '--listen', '127.0.0.1:0']);
      await using container = await runContainer({
        image: IMAGE,
        name: `gc-faults-${process.pid}`,
        args: ['--network', 'none'],
        command: ['sh', '-c', ': > /tmp/mark-both; sleep 60'],
      });
      for (const platform of [one, two]) {
        const alert = await eventually('the alert of the container', PATIENCE_MS, () =>
          alertOf(platform, rule, 'mark-both'),
        );
        assert.equal(alert.container.id, container.id);
        assert.equal(alert.container.name, container.name);
        assert.equal(alert.container.image, IMAGE);
      }
    } finally {
      await Promise.all([one[Symbol.asyncDispose](), two[Symbol.asyncDispose]()]);
    }
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} stops all of it in time; the next start keeps alerts, password and key`, async () => {
      const dataDir = scratchFolder(`stop-${signal}`);
      const own = marker(scratchFolder(`stop-mark-${signal}`), `Marker of ${signal}`);
      const rules = join(scratch, `stop-${signal}.yaml`);
      writeFileSync(rules, own.yaml);
      const first = await startPlatform({ dataDir, rules: [rules] });
      const port = Number(new URL(first.url).port);
      const token = first.token();
      const processes = [first.process.pid ?? 0, ...descendantsOf(first.process.pid ?? 0)];
      assert.ok(processes.length >= 3, 'supervisor, server and agent');
      assert.notEqual(first.adminPassword, '');
      const name = own.touch();
      const alert = await eventually('an alert', PATIENCE_MS, () => alertOf(first, own.rule, name));
      assert.equal(first.out(), `ready ${first.url}\n`, 'one line on stdout');
      assert.equal(statSync(dataDir).mode & 0o777, 0o700);
      assert.equal(statSync(join(dataDir, 'credential.json')).mode & 0o777, 0o600);

      const startedMs = performance.now();
      const code = await first.stop(signal);
      const tookMs = performance.now() - startedMs;
      assert.equal(code, signal === 'SIGINT' ? 130 : 0);
      assert.ok(tookMs < STOP_MS, `stopped after ${tookMs} ms`);
      assert.deepEqual(processes.filter(isAlive), [], 'nothing is left running');
      console.log(`    ${signal}: stopped after ${Math.round(tookMs)} ms`);

      const second = await startPlatform({ dataDir, rules: [rules], listen: `127.0.0.1:${port}` });
      try {
        assert.equal(second.url, first.url);
        assert.equal(second.token(), token);
        assert.equal(second.adminPassword, '', 'the password is shown only once');
        const kept = await alertOf(second, own.rule, name);
        assert.deepEqual(kept, alert);
      } finally {
        await second.stop();
      }
    });
  }

  test('on a full disk nothing acknowledged is lost, and it recovers by itself', async () => {
    using disk = smallDisk(24);
    const dataDir = join(disk.dir, 'data');
    const own = marker(scratchFolder('full'), 'Marker of the full disk');
    const rules = join(scratch, 'full.yaml');
    writeFileSync(rules, own.yaml);
    const platform = await startPlatform({ dataDir, rules: [rules] });
    try {
      let touched = 0;
      const touch = (count: number): void => {
        for (let i = 0; i < count; i++) own.touch();
        touched += count;
      };
      touch(50);
      const acknowledged = await eventually('the first alerts', PATIENCE_MS, async () => {
        const found = await alertsOf(platform, own.rule);
        return found.length === touched ? found : undefined;
      });

      disk.fillUp(256 * 1024);
      const full = await eventually('status says that the disk is full', 60_000, async () => {
        touch(200);
        disk.fillUp(16 * 1024);
        const current = await statusOf(platform);
        return current.store.state === 'full' ? current : undefined;
      });
      assert.match(full.store.detail, /full|space/i);
      assert.equal(full.sensor.state, 'running');
      const during = await alertsOf(platform, own.rule);
      const ids = new Set(during.map((alert) => alert.id));
      assert.ok(
        acknowledged.every((alert) => ids.has(alert.id)),
        'what was acknowledged is listed on a full disk',
      );
      touch(100);

      disk.makeSpace();
      const startedMs = performance.now();
      const name = own.touch();
      touched++;
      await eventually('an alert after the space came back', 30_000, () => alertOf(platform, own.rule, name));
      const lostOf = ({ gaps }: Status): number =>
        gaps.filter(({ reason }) => reason.startsWith('spool-')).reduce((sum, gap) => sum + gap.lost, 0);
      const after = await eventually('each touch is an alert or declared as lost', 30_000, async () => {
        const current = await statusOf(platform);
        const { length } = await alertsOf(platform, own.rule);
        return length + lostOf(current) >= touched ? current : undefined;
      });
      const tookMs = performance.now() - startedMs;
      const stored = await alertsOf(platform, own.rule);
      const storedIds = stored.map((alert) => alert.id);
      assert.equal(new Set(storedIds).size, storedIds.length, 'nothing is stored twice');
      assert.ok(
        during.every((alert) => storedIds.includes(alert.id)),
        'nothing that was listed is lost',
      );
      const dropped = lostOf(after);
      assert.equal(stored.length + dropped, touched);
      await eventually('status counts the same', PATIENCE_MS, async () => {
        const current = await statusOf(platform);
        const spool = current.agents[0]?.spool;
        return current.store.state === 'ok' && spool?.pending === 0 && spool.dropped === dropped
          ? true
          : undefined;
      });
      console.log(
        `    disk full: ${stored.length} alerts kept, ${dropped} declared lost, well again after ${Math.round(tookMs)} ms`,
      );
    } finally {
      await platform.stop();
    }
  });
});
