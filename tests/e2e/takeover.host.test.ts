// kill -9 of the agent while attacks go on: the kernel keeps recording, the next agent continues, and every attack has
// its one alert, whenever the kill came: before an alert was spooled, after it, or before the kernel was told.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Status } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { ensureDocker, runContainer } from '../support/docker.ts';
import { ensureImage } from '../support/images.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { childrenOf } from '../support/process-tree.ts';
import { command, tryCommand } from '../support/run-command.ts';

const PINS = '/sys/fs/bpf/guardcell';
const IMAGE = 'gc-test/busybox:1';
const RULE_NAME = 'Takeover test marker';
const RULE = `- rule: ${RULE_NAME}
  desc: A marker file of the takeover test was created in a container
  condition: evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.name startswith /tmp/gc-takeover- and container.image.repository = gc-test/busybox
  output: marker %fd.name
  priority: WARNING
`;
const GAP_ATTACKS = 300;
const KILLS = 10;
/** An agent that lived this long is started again at once when it dies. */
const HEALTHY_MS = 10_500;
const dockerReady = await ensureDocker();
const skip = dockerReady.available ? false : dockerReady.reason;

function pins(): string[] {
  return existsSync(PINS) ? readdirSync(PINS) : [];
}

async function markers(platform: Platform): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      rule: RULE_NAME,
      limit: '500',
      ...(cursor !== null && { cursor }),
    });
    const page: { items: Alert[]; nextCursor: string | null } = await callApi(
      platform,
      'GET',
      `/api/v1/events?${query}`,
    );
    for (const { message, container } of page.items) {
      assert.equal(container.image, IMAGE, 'the container is known');
      found.push(message.slice('marker /tmp/gc-takeover-'.length));
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

const status = (platform: Platform): Promise<Status> => platform.json<Status>('status');

function agentPid(platform: Platform): number | undefined {
  return childrenOf(platform.process.pid ?? 0).find(({ entry }) => entry.includes('/apps/agent/'))?.pid;
}

/** Waits until the agent that was started after `killedPid` watches. */
async function watching(platform: Platform, killedPid: number): Promise<void> {
  await eventually('another agent that watches', 60_000, async () => {
    if ((agentPid(platform) ?? killedPid) === killedPid) return undefined;
    const now = await status(platform).catch(() => undefined);
    // its own start, not a report of the one before
    return now?.sensor.state === 'running' && now.agents[0]?.epoch !== undefined ? true : undefined;
  });
}

async function arrived(platform: Platform, count: number): Promise<string[]> {
  let found: string[] = [];
  await eventually(`${count} alerts`, 60_000, async () => {
    found = await markers(platform);
    return found.length >= count ? true : undefined;
  }).catch(() => undefined);
  // one that came twice would come later
  await sleep(3000);
  return markers(platform);
}

function assertEachOnce(found: readonly string[], expected: readonly string[]): void {
  const known = new Set(found);
  const missing = expected.filter((name) => !known.has(name));
  assert.deepEqual(missing.slice(0, 20), [], `${missing.length} of ${expected.length} have no alert`);
  assert.equal(found.length, expected.length, `${found.length} alerts of ${expected.length} attacks`);
}

test('attacks between the death of an agent and the next one have their alerts, and no gap is declared', {
  skip,
  timeout: 240_000,
}, async () => {
  await ensureImage(IMAGE);
  const scratch = mkdtempSync(join(tmpdir(), 'gc-takeover-'));
  const rules = join(scratch, 'rules.yaml');
  writeFileSync(rules, RULE);
  const before = new Set(pins());
  const platform = await startPlatform({ dataDir: join(scratch, 'data'), rules: [rules] });
  try {
    await using container = await runContainer({
      image: IMAGE,
      name: `gc-takeover-gap-${process.pid}`,
      args: [],
      command: [
        'sh',
        '-c',
        `while [ ! -e /go ]; do usleep 10000; done; i=0; while [ $i -lt ${GAP_ATTACKS} ]; do i=$((i+1)); : > /tmp/gc-takeover-$i; done; : > /done; sleep 600`,
      ],
    });
    const own = pins().filter((name) => !before.has(name));
    assert.equal(own.length, 1, 'what the sensor keeps in the kernel is of one instance');
    await command('docker', ['exec', container.name, 'touch', '/tmp/gc-takeover-first']);
    await arrived(platform, 1);
    const pid = agentPid(platform);
    assert.ok(pid !== undefined);
    // Nobody starts another agent until the attacks are over.
    platform.process.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await command('docker', ['exec', container.name, 'touch', '/go']);
    await command('docker', [
      'exec',
      container.name,
      'sh',
      '-c',
      'while [ ! -e /done ]; do usleep 10000; done',
    ]);
    platform.process.kill('SIGCONT');
    await watching(platform, pid);
    const expected = ['first', ...Array.from({ length: GAP_ATTACKS }, (_, at) => `${at + 1}`)];
    assertEachOnce(await arrived(platform, expected.length), expected);
    assert.deepEqual((await status(platform)).gaps, []);
    await platform.stop();
    assert.deepEqual(
      pins().filter((name) => own.includes(name)),
      [],
      'a clean end leaves nothing in the kernel',
    );
  } finally {
    platform.process.kill('SIGCONT');
    await platform.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
});

test(`${KILLS} kills at any moment under a flood of alerts lose none and repeat none`, {
  skip,
  timeout: 400_000,
}, async () => {
  await ensureImage(IMAGE);
  const scratch = mkdtempSync(join(tmpdir(), 'gc-takeover-'));
  const rules = join(scratch, 'rules.yaml');
  writeFileSync(rules, RULE);
  const platform = await startPlatform({ dataDir: join(scratch, 'data'), rules: [rules] });
  try {
    await using container = await runContainer({
      image: IMAGE,
      name: `gc-takeover-flood-${process.pid}`,
      args: [],
      command: [
        'sh',
        '-c',
        'i=0; while [ ! -e /halt ] && [ $i -lt 200000 ]; do i=$((i+1)); : > /tmp/gc-takeover-$i; usleep 4000; done; echo $i > /count; sleep 600',
      ],
    });
    for (let kill = 0; kill < KILLS; kill++) {
      const pid = await eventually('an agent', 20_000, () => agentPid(platform));
      // Now and then while it starts, mostly while it spools; and often only so far as the ring has room meanwhile.
      await sleep(kill === KILLS / 2 ? HEALTHY_MS : kill % 4 === 3 ? 300 : 1600 + ((kill * 137) % 900));
      process.kill(pid, 'SIGKILL');
      await eventually('its end', 20_000, () => (agentPid(platform) === pid ? undefined : true));
    }
    await command('docker', ['exec', container.name, 'touch', '/halt']);
    const count = await eventually('the number of attacks', 20_000, async () => {
      const { stdout } = await tryCommand('docker', ['exec', container.name, 'cat', '/count']);
      return stdout.trim() === '' ? undefined : Number(stdout);
    });
    const { gaps } = await status(platform);
    assert.deepEqual(gaps, [], 'the ring was large enough for the time without an agent');
    const expected = Array.from({ length: count }, (_, at) => `${at + 1}`);
    assertEachOnce(await arrived(platform, count), expected);
    assert.deepEqual((await status(platform)).gaps, []);
    assert.ok(count > 1000, `the load was real: ${count} attacks`);
    console.log(`    ${KILLS} kills during ${count} attacks: ${count} alerts, 0 lost, 0 twice, no gap`);
  } finally {
    await platform.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
});
