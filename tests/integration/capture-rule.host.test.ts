// A rule with `capture: true`: what the container did before and after the match lies in a file that the alert names.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCapture } from '@guardcell/capture';
import type { Alert } from '@guardcell/core';
import { ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { BUSYBOX_IMAGE } from '../support/images.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { command } from '../support/run-command.ts';
import { ensureSysdig, readWithSysdig } from '../support/sysdig.ts';
import { sensorSkipReason } from './sensor-recorder.ts';

const RULE = 'Marker made in a Container';
const RULES = `- rule: ${RULE}
  desc: d
  condition: evt.type in (mkdir, mkdirat) and container.id != host and evt.arg.path endswith gc-marker
  output: marker made (command=%proc.cmdline)
  priority: WARNING
  capture: true
  capture_duration: 2500
- rule: Marker removed
  desc: d
  condition: evt.type = rmdir and container.id != host and evt.arg.path endswith gc-marker
  output: marker removed (command=%proc.cmdline)
  priority: WARNING
`;

const docker = await ensureDocker();
const skip = sensorSkipReason() || (docker.available ? false : docker.reason);
const folder = mkdtempSync(join(tmpdir(), 'gc-capture-rule-'));

/** Commands that succeeded in the container, in the capture's order. */
async function commandsIn(path: string, containerId: string): Promise<{ own: string[]; others: number }> {
  const own: string[] = [];
  let others = 0;
  const stats = await openCapture(path).read({
    onEvent({ thread, type, result }) {
      // tells of the container before any of its events
      if (type === 'container') return;
      if (!containerId.startsWith(thread.container.id.slice(0, 12))) others++;
      else if (type === 'execve' && result === 0) own.push([thread.comm, ...thread.args].join(' '));
    },
  });
  assert.equal(stats.fault, undefined);
  return { own, others };
}

describe('a rule with capture: true', { skip, timeout: 120_000 }, () => {
  let platform: Platform;
  before(async () => {
    await ensureImage(BUSYBOX_IMAGE);
    const rules = join(folder, 'rules.yaml');
    writeFileSync(rules, RULES);
    platform = await startPlatform({ rules: [rules] });
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
    await docker.stop();
  });

  function alertsOf(rule: string, containerId: string): Promise<readonly Alert[]> {
    const query = new URLSearchParams({ rule, container: containerId });
    return callApi<{ items: readonly Alert[] }>(platform, 'GET', `/api/v1/events?${query}`).then(
      ({ items }) => items,
    );
  }

  test('records the container around the match, nothing else, and the alert says where', async () => {
    const run = (name: string): ReturnType<typeof runContainer> =>
      runContainer({ name, image: BUSYBOX_IMAGE, args: [], command: ['sh', '-c', 'sleep 600'] });
    await using victim = await run('gc-capture-victim');
    await using other = await run('gc-capture-other');
    await sleep(3000);
    const exec = (id: string, ...words: readonly string[]): Promise<string> =>
      command('docker', ['exec', id, ...words]);
    await exec(victim.id, '/bin/cat', '/etc/gc-before-the-match').catch(() => '');
    await exec(other.id, '/bin/ls', '/gc-of-the-other').catch(() => '');
    await exec(victim.id, '/bin/mkdir', '/tmp/gc-marker');
    await exec(victim.id, '/bin/ls', '/tmp/gc-marker');
    await exec(victim.id, '/bin/rmdir', '/tmp/gc-marker');
    await sleep(3500);
    await exec(victim.id, '/bin/ls', '/gc-long-after').catch(() => '');

    const [alert] = await eventually('the alert', 10_000, async () => {
      const found = await alertsOf(RULE, victim.id);
      return found.length > 0 ? found : undefined;
    });
    const path = alert?.capture ?? '';
    assert.match(path, /\/captures\/\d{8}T\d{6}Z-marker-made-in-a-container-[0-9a-f]{8}\.scap\.gz$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);

    const { own, others } = await commandsIn(path, victim.id);
    assert.equal(others, 0);
    for (const wanted of [
      'cat /etc/gc-before-the-match',
      'mkdir /tmp/gc-marker',
      'ls /tmp/gc-marker',
      'rmdir /tmp/gc-marker',
    ]) {
      assert.ok(own.includes(wanted), `${wanted} is not among ${own.join(', ')}`);
    }
    assert.ok(!own.some((words) => words.includes('gc-long-after')));

    const removed = await alertsOf('Marker removed', victim.id);
    assert.equal(removed.length, 1);
    assert.equal(removed[0]?.capture, undefined);

    const { captures } = await platform.json<{ captures: readonly { path: string }[] }>('capture', 'list');
    assert.deepEqual(
      captures.map((capture) => capture.path),
      [path],
    );

    if ((await ensureSysdig()) !== '') return;
    const rows = await readWithSysdig(path, ['evt.type', 'proc.cmdline', 'container.name']);
    assert.ok(
      rows.some(
        (row) => row[0]?.startsWith('mkdir') && row[1] === 'mkdir /tmp/gc-marker' && row[2] === victim.name,
      ),
      rows.slice(0, 20).join('\n'),
    );
  });
});
