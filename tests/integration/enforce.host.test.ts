// Enforcement on real containers: every action acts on its target, is verified, and touches nothing else.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionKind } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import {
  type Actuators,
  type EnforcementResult,
  type Inventory,
  openActuators,
  openInventory,
} from '@guardcell/sensor';
import { ensureDocker, ensureImage, type RunningContainer, runContainer } from '../support/docker.ts';
import { command, tryCommand } from '../support/run-command.ts';

const IMAGE = 'gc-test/busybox:1';
const docker = await ensureDocker();

async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > until) assert.fail(`not within 10 s: ${what}`);
    await sleep(50);
  }
}

async function inspect(id: string, format: string): Promise<string> {
  return (await command('docker', ['inspect', '--format', format, id])).trim();
}

function start(args: readonly string[] = [], script = 'sleep 300'): Promise<RunningContainer> {
  return runContainer({ image: IMAGE, name: 'gc-enforce', args, command: ['sh', '-c', script] });
}

/** Host pids of the container's processes with this name. */
async function pidsNamed(id: string, comm: string): Promise<readonly number[]> {
  const rows = (await command('docker', ['top', id, '-o', 'pid,comm'])).split('\n').slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, name]) => name === comm)
    .map(([pid]) => Number(pid));
}

describe('enforcement on real containers', { skip: docker.available ? false : docker.reason }, () => {
  let inventory: Inventory;
  let actuators: Actuators;
  const protectedContainers: string[] = [];

  before(async () => {
    await ensureImage(IMAGE);
    inventory = openInventory({
      logger: silentLogger,
      onChange: (container) => void actuators.noteChanged(container),
    });
    actuators = openActuators({
      inventory,
      logger: silentLogger,
      protectedPids: [],
      protectedContainers: () => protectedContainers,
    });
    await inventory.ready;
  });
  after(() => inventory.close());

  function act(
    action: ActionKind,
    containerId: string,
    more: { pid?: number; startedAt?: string; with?: Record<string, number> } = {},
  ): Promise<EnforcementResult> {
    return actuators.run(
      {
        id: `test-${action}`,
        action,
        target: {
          kind: more.pid === undefined ? 'container' : 'process',
          containerId,
          containerName: '',
          pid: more.pid ?? 0,
          processStartedAt: more.startedAt ?? '',
        },
        with: more.with ?? {},
      },
      AbortSignal.timeout(60_000),
    );
  }

  test('pause brings a container to a standstill, twice is once, and resume undoes it', async () => {
    await using container = await start([], 'while :; do :; done');
    const paused = await act('pause', container.id);
    assert.deepEqual([paused.state, paused.mechanism], ['succeeded', 'docker-api'], paused.detail);
    assert.equal(await inspect(container.id, '{{.State.Paused}}'), 'true');
    await eventually('the inventory shows it', () => inventory.get(container.id).state === 'paused');
    const again = await act('pause', container.id);
    assert.deepEqual([again.state, again.detail], ['succeeded', 'the container is already paused']);
    const resumed = await act('resume', container.id);
    assert.deepEqual([resumed.state, resumed.mechanism], ['succeeded', 'docker-api'], resumed.detail);
    assert.equal(await inspect(container.id, '{{.State.Paused}}'), 'false');
    assert.match((await act('resume', container.id)).detail, /already running/);
  });

  test('a container that something else froze is resumed through the freezer', async () => {
    await using container = await start();
    const state = `/sys/fs/cgroup/freezer/docker/${container.id}/freezer.state`;
    try {
      writeFileSync(state, 'FROZEN');
    } catch {
      return; // No v1 freezer on this host: docker sees every freeze there.
    }
    const resumed = await act('resume', container.id);
    assert.deepEqual([resumed.state, resumed.mechanism], ['succeeded', 'cgroup-freezer'], resumed.detail);
    assert.equal(readFileSync(state, 'utf8').trim(), 'THAWED');
  });

  test('without a runtime, pause, resume and stop work through the cgroup', async () => {
    await using container = await start([], 'while :; do sleep 1; done');
    // asked for now: what was heard of it so far may be that it was created
    const known = await inventory.refresh(container.id);
    assert.ok(known);
    const lonely: Inventory = {
      ...inventory,
      controlsOf: () => [],
      refresh: () => Promise.resolve({ ...known }),
    };
    const alone = openActuators({
      inventory: lonely,
      logger: silentLogger,
      protectedPids: [],
      protectedContainers: [],
    });
    const target = {
      kind: 'container',
      containerId: container.id,
      containerName: '',
      pid: 0,
      processStartedAt: '',
    } as const;
    const signal = AbortSignal.timeout(30_000);
    const pause = await alone.run({ id: 'a', action: 'pause', target, with: {} }, signal);
    assert.deepEqual([pause.state, pause.mechanism], ['succeeded', 'cgroup-freezer'], pause.detail);
    const frozen = await tryCommand('docker', ['exec', container.id, 'true'], { timeoutMs: 1500 });
    assert.notEqual(frozen.code, 0, 'nothing runs in a frozen container');
    const frozenView: Inventory = {
      ...lonely,
      refresh: () => Promise.resolve({ ...known, state: 'paused' }),
    };
    const later = openActuators({
      inventory: frozenView,
      logger: silentLogger,
      protectedPids: [],
      protectedContainers: [],
    });
    const resume = await later.run({ id: 'b', action: 'resume', target, with: {} }, signal);
    assert.deepEqual([resume.state, resume.mechanism], ['succeeded', 'cgroup-freezer'], resume.detail);
    const stop = await alone.run({ id: 'c', action: 'stop', target, with: { graceSeconds: 0 } }, signal);
    assert.deepEqual([stop.state, stop.mechanism], ['succeeded', 'cgroup-kill'], stop.detail);
    await eventually(
      'docker sees the end',
      async () => (await inspect(container.id, '{{.State.Running}}')) === 'false',
    );
  });

  test('stop ends a container within its grace, also one that ignores SIGTERM, and then has nothing to do', async () => {
    await using container = await start([], 'trap "" TERM; while :; do sleep 1; done');
    const startedMs = Date.now();
    const stopped = await act('stop', container.id, { with: { graceSeconds: 1 } });
    assert.deepEqual([stopped.state, stopped.mechanism], ['succeeded', 'docker-api'], stopped.detail);
    assert.ok(Date.now() - startedMs < 10_000);
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'false');
    const again = await act('stop', container.id);
    assert.deepEqual([again.state, again.errorCode], ['skipped', 'GC_TARGET_NOT_RUNNING']);
  });

  test('a paused container is stopped without running on', async () => {
    await using container = await start([], 'trap "echo survived" TERM; while :; do sleep 1; done');
    await act('pause', container.id);
    const stopped = await act('stop', container.id);
    assert.equal(stopped.state, 'succeeded', stopped.detail);
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'false');
    assert.equal((await tryCommand('docker', ['logs', container.id])).stdout, '');
  });

  test('kill ends one process and leaves its container running', async () => {
    await using container = await start([], 'sleep 1000 & sleep 1001 & while :; do sleep 300; done');
    await eventually('three sleeps run', async () => (await pidsNamed(container.id, 'sleep')).length === 3);
    const [victim = 0] = await pidsNamed(container.id, 'sleep');
    const killed = await act('kill', container.id, { pid: victim, startedAt: new Date().toISOString() });
    assert.deepEqual([killed.state, killed.mechanism], ['succeeded', 'pidfd'], killed.detail);
    assert.ok(!(await pidsNamed(container.id, 'sleep')).includes(victim));
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'true');
    const again = await act('kill', container.id, { pid: victim });
    assert.deepEqual([again.state, again.errorCode], ['skipped', 'GC_TARGET_GONE'], again.detail);
  });

  test('kill spares a process with another start time, of another container, of the host, and protected ones', async () => {
    await using container = await start();
    await using other = await start();
    const [pid = 0] = [Number(await inspect(container.id, '{{.State.Pid}}'))];
    const reused = await act('kill', container.id, { pid, startedAt: '2020-01-01T00:00:00Z' });
    assert.deepEqual([reused.state, reused.errorCode], ['skipped', 'GC_TARGET_CHANGED'], reused.detail);
    const foreign = await act('kill', other.id, { pid });
    assert.deepEqual([foreign.state, foreign.errorCode], ['skipped', 'GC_TARGET_CHANGED'], foreign.detail);
    const own = await act('kill', container.id, { pid: process.pid });
    assert.deepEqual([own.state, own.errorCode], ['skipped', 'GC_TARGET_PROTECTED']);
    const init = await act('kill', container.id, { pid: 1 });
    assert.deepEqual([init.state, init.errorCode], ['skipped', 'GC_TARGET_PROTECTED']);
    const host = await act('kill', 'host', { pid });
    assert.deepEqual([host.state, host.errorCode], ['skipped', 'GC_TARGET_HOST']);
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'true');
  });

  test('protected and unknown containers are left alone', async () => {
    await using container = await start();
    protectedContainers.push(container.name);
    const refused = await act('pause', container.id);
    assert.deepEqual([refused.state, refused.errorCode], ['skipped', 'GC_TARGET_PROTECTED']);
    const gone = await act('pause', 'f'.repeat(64));
    assert.deepEqual([gone.state, gone.errorCode], ['skipped', 'GC_TARGET_GONE']);
    assert.equal(await inspect(container.id, '{{.State.Paused}}'), 'false');
  });

  test('quarantine cuts existing and new connections of one container alone; release restores them', async () => {
    const serve = 'while :; do echo hello | nc -l -p 8080; done';
    await using container = await start([], serve);
    await using bystander = await start([], serve);
    const address = (id: string): Promise<string> => inspect(id, '{{.NetworkSettings.IPAddress}}');
    const [ip, otherIp] = [await address(container.id), await address(bystander.id)];
    const reaches = async (from: string, to: string): Promise<boolean> => {
      const args = ['exec', from, 'sh', '-c', `echo | nc -w 1 ${to} 8080`];
      return (await tryCommand('docker', args)).stdout.includes('hello');
    };
    const pings = async (from: string, to: string): Promise<boolean> =>
      (await tryCommand('docker', ['exec', from, 'ping', '-c', '1', '-W', '1', to])).code === 0;
    assert.ok(await reaches(bystander.id, ip));
    assert.ok(await pings(container.id, otherIp));

    const cut = await act('quarantine', container.id);
    assert.deepEqual([cut.state, cut.mechanism], ['succeeded', 'nftables'], cut.detail);
    assert.ok(actuators.isQuarantined(container.id));
    assert.ok(!(await reaches(bystander.id, ip)), 'nothing comes in');
    assert.ok(!(await reaches(container.id, otherIp)), 'nothing goes out');
    assert.ok(!(await pings(container.id, otherIp)));
    assert.ok(await pings(container.id, '127.0.0.1'), 'loopback still works');
    const hosts = await tryCommand('nft', ['list', 'table', 'inet', 'guardcell_quarantine']);
    assert.notEqual(hosts.code, 0, "the host's own rules are untouched");
    await using third = await start();
    assert.ok(await reaches(third.id, otherIp), 'others are untouched');
    assert.deepEqual(await actuators.recover(), [container.id], 'a new Guardcell would find it');
    const again = await act('quarantine', container.id);
    assert.match(again.detail, /already/);

    const released = await act('release', container.id);
    assert.deepEqual([released.state, released.mechanism], ['succeeded', 'nftables'], released.detail);
    assert.ok(!actuators.isQuarantined(container.id));
    assert.ok(await pings(container.id, otherIp));
    assert.ok(await reaches(bystander.id, ip));
    assert.match((await act('release', container.id)).detail, /was not cut off/);
  });

  test('a connection that stands already is cut as well', async () => {
    const stream = 'while :; do echo tick; sleep 0.1; done | nc -l -p 9000; sleep 300';
    await using sender = await start([], stream);
    const ip = await inspect(sender.id, '{{.NetworkSettings.IPAddress}}');
    await using receiver = await start([], `sleep 0.5; nc ${ip} 9000 > /tmp/ticks; sleep 300`);
    const received = async (): Promise<number> =>
      Number(await command('docker', ['exec', receiver.id, 'sh', '-c', 'wc -c < /tmp/ticks || echo 0']));
    await eventually('data flows', async () => (await received()) > 20);
    assert.equal((await act('quarantine', receiver.id)).state, 'succeeded');
    const atCut = await received();
    await sleep(1000);
    assert.equal(await received(), atCut);
    assert.equal((await act('release', receiver.id)).state, 'succeeded');
    const ping = ['exec', receiver.id, 'ping', '-c', '1', '-W', '1', ip];
    await eventually('the network is back', async () => (await tryCommand('docker', ping)).code === 0);
  });

  test('a quarantined container that restarts is cut off again', async () => {
    await using container = await start();
    await using bystander = await start();
    const otherIp = await inspect(bystander.id, '{{.NetworkSettings.IPAddress}}');
    await act('quarantine', container.id);
    await command('docker', ['restart', '-t', '0', container.id]);
    await eventually('it is cut off again', async () => (await actuators.recover()).includes(container.id));
    const ping = await tryCommand('docker', ['exec', container.id, 'ping', '-c', '1', '-W', '1', otherIp]);
    assert.notEqual(ping.code, 0);
  });

  test('a paused container can be cut off', async () => {
    await using container = await start();
    await act('pause', container.id);
    assert.equal((await act('quarantine', container.id)).state, 'succeeded');
    assert.equal((await act('resume', container.id)).state, 'succeeded');
    assert.equal((await act('release', container.id)).state, 'succeeded');
  });

  test("the host's network and a shared network are never cut off", async () => {
    await using hostNetwork = await start(['--network', 'host']);
    const host = await act('quarantine', hostNetwork.id);
    assert.deepEqual([host.state, host.errorCode], ['skipped', 'GC_TARGET_HOST_NETWORK'], host.detail);
    await using owner = await start();
    await using guest = await start(['--network', `container:${owner.name}`]);
    await inventory.whenComplete(guest.id, 5000);
    await eventually('both run', () => inventory.get(guest.id).pid > 0 && inventory.get(owner.id).pid > 0);
    const shared = await act('quarantine', guest.id);
    assert.deepEqual([shared.state, shared.errorCode], ['skipped', 'GC_TARGET_SHARED_NETWORK']);
    assert.match(shared.detail, new RegExp(owner.name));
  });

  test('an action that is called off says so', async () => {
    await using container = await start();
    const target = {
      kind: 'container',
      containerId: container.id,
      containerName: '',
      pid: 0,
      processStartedAt: '',
    } as const;
    const result = await actuators.run({ id: 'x', action: 'pause', target, with: {} }, AbortSignal.abort());
    assert.deepEqual([result.state, result.errorCode], ['failed', 'GC_ACTION_ABORTED']);
  });

  test('every action names the mechanism it will use here', async () => {
    const rungs = await actuators.rungs();
    assert.deepEqual(
      rungs.map(({ action, mechanism, available }) => [action, mechanism, available]),
      [
        ['kill', 'pidfd', true],
        ['pause', 'docker-api', true],
        ['resume', 'docker-api', true],
        ['stop', 'docker-api', true],
        ['quarantine', 'nftables', true],
        ['release', 'nftables', true],
      ],
    );
    assert.ok(rungs.every(({ detail }) => detail !== ''));
  });
});
