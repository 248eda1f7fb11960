// Discovery and metadata against the real Docker Engine, a real containerd and its Kubernetes interface.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionKind, type Container, exposureOfContainer } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { type EnforcementResult, type Inventory, openActuators, openInventory } from '@guardcell/sensor';
import { containerdProblem, startContainerd, type TestContainerd } from '../support/containerd.ts';
import { ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { PAUSE_IMAGE } from '../support/images.ts';
import { startPod } from '../support/pods.ts';
import { command } from '../support/run-command.ts';

const IMAGE = 'gc-test/busybox:1';
const ONE_SHOTS = 100;
const PARALLEL = 4;
const docker = await ensureDocker();

async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 15_000;
  while (!(await check())) {
    if (Date.now() > until) assert.fail(`not within 15 s: ${what}`);
    await sleep(50);
  }
}

describe('containers of docker', { skip: docker.available ? false : docker.reason }, () => {
  let inventory: Inventory;
  const seen = new Map<string, Container>();
  before(async () => {
    await ensureImage(IMAGE);
    const sockets = { containerd: [], cri: [] };
    inventory = openInventory({ logger: silentLogger, sockets, onChange: (item) => seen.set(item.id, item) });
    await inventory.ready;
  });
  after(() => inventory.close());

  test('how far a container can be reached hangs on where its ports are published', async () => {
    const start = (name: string, args: readonly string[]) =>
      runContainer({ image: IMAGE, name: `gc-exposure-${name}`, args: [...args], command: ['sleep', '300'] });
    await using own = await start('own', ['-p', '127.0.0.1::80']);
    await using all = await start('all', ['-p', '80']);
    await using none = await start('none', []);
    await using beside = await start('beside', ['--network', `container:${all.id}`]);
    await using host = await start('host', ['--network', 'host']);
    const started = [own, all, none, beside, host].map(({ id }) => id);
    await eventually('all run', () => started.every((id) => inventory.get(id).state === 'running'));
    const exposures = started.map((id) => exposureOfContainer(inventory.get(id), inventory.get));
    assert.deepEqual(
      exposures.map(({ level, ports, privileged }) => [level, ports, privileged]),
      [
        ['loopback', ['80/tcp'], false],
        ['published', ['80/tcp'], false],
        ['internal', [], false],
        ['published', ['80/tcp'], false],
        ['host-network', [], false],
      ],
    );
    assert.match(exposures[0]?.endpoints[0] ?? '', /^127\.0\.0\.1:\d{4,5}$/);
    assert.match(exposures[1]?.endpoints.join(' ') ?? '', /(^| )0\.0\.0\.0:\d{4,5}( |$)/);
  });

  test('a container is found with all its metadata, and its changes follow', async () => {
    const args = [
      '--label',
      'team=red',
      '--cap-add',
      'NET_ADMIN',
      '--cap-drop',
      'CHOWN',
      '-v',
      '/etc:/mnt:ro',
    ];
    const script = ['sleep', '300'];
    await using container = await runContainer({
      image: IMAGE,
      name: 'gc-containers',
      args,
      command: script,
    });
    await eventually('it runs', () => inventory.get(container.id).state === 'running');
    const found = inventory.get(container.id);
    assert.equal(found.name, container.name);
    assert.equal(found.runtime, 'docker');
    assert.deepEqual(
      [found.image.reference, found.image.repository, found.image.tag],
      [IMAGE, 'gc-test/busybox', '1'],
    );
    assert.match(found.image.id, /^sha256:[0-9a-f]{64}$/);
    assert.equal(found.labels['team'], 'red');
    assert.deepEqual(found.mounts, [{ type: 'bind', source: '/etc', destination: '/mnt', readOnly: true }]);
    assert.ok(found.capabilities.includes('CAP_NET_ADMIN') && found.capabilities.includes('CAP_KILL'));
    assert.ok(!found.capabilities.includes('CAP_CHOWN') && !found.privileged);
    assert.equal(found.networkMode, 'bridge');
    assert.match(found.ip, /^\d+\.\d+\.\d+\.\d+$/);
    assert.ok(found.pid > 1 && found.createdAtMs > 0 && found.startedAtMs >= found.createdAtMs);
    for (const text of [container.id, container.id.slice(0, 12), container.name]) {
      assert.equal(inventory.resolve(text)?.id, container.id);
    }
    await command('docker', ['pause', container.id]);
    await eventually('it is paused', () => inventory.get(container.id).state === 'paused');
    await command('docker', ['unpause', container.id]);
    await eventually('it runs again', () => inventory.get(container.id).state === 'running');
    await command('docker', ['rm', '-f', container.id]);
    await eventually('it is removed', () => inventory.get(container.id).state === 'removed');
    assert.equal(inventory.get(container.id).name, container.name, 'its identity stays known');
    assert.ok(!inventory.list().some(({ id }) => id === container.id));
  });

  test('the capabilities we compute are those the kernel grants', async () => {
    for (const args of [[], ['--cap-drop', 'ALL', '--cap-add', 'net_raw'], ['--cap-add', 'SYS_PTRACE']]) {
      const name = 'gc-containers-caps';
      await using container = await runContainer({ image: IMAGE, name, args, command: ['sleep', '60'] });
      const found = await inventory.whenComplete(container.id, 5000);
      const status = await command('docker', ['exec', container.id, 'cat', '/proc/1/status']);
      const granted = BigInt(`0x${/CapBnd:\s*([0-9a-f]+)/.exec(status)?.[1] ?? '0'}`);
      const count = [...granted.toString(2)].filter((bit) => bit === '1').length;
      assert.equal(found.capabilities.length, count);
    }
  });

  test('a privileged container is seen as such, also before it runs', async () => {
    const name = `gc-containers-privileged-${process.pid}`;
    const id = (await command('docker', ['create', '--privileged', '--name', name, IMAGE, 'true'])).trim();
    try {
      await eventually('it is known', () => inventory.get(id).complete);
      const found = inventory.get(id);
      assert.deepEqual([found.privileged, found.state, found.pid], [true, 'created', 0]);
      assert.ok(found.capabilities.includes('CAP_SYS_ADMIN'));
    } finally {
      await command('docker', ['rm', '-f', id]);
    }
  });

  test(`${ONE_SHOTS} of ${ONE_SHOTS} short-lived containers are known with all their metadata`, async () => {
    const names = Array.from({ length: ONE_SHOTS }, (_, at) => `gc-oneshot-${process.pid}-${at}`);
    const left = [...names];
    async function worker(): Promise<void> {
      for (let name = left.pop(); name !== undefined; name = left.pop()) {
        await command('docker', ['run', '--rm', '--name', name, '--label', `shot=${name}`, IMAGE, 'true']);
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    await eventually('all are removed', () => {
      const removed = new Set(
        [...seen.values()].filter((item) => item.state === 'removed').map((item) => item.name),
      );
      return names.every((name) => removed.has(name));
    });
    for (const name of names) {
      const found = inventory.resolve(name);
      assert.ok(found?.complete, name);
      assert.equal(found.labels['shot'], name);
      assert.equal(found.image.reference, IMAGE);
      assert.match(found.image.id, /^sha256:/, `${name} was inspected, not only announced`);
      assert.ok(found.createdAtMs > 0 && found.capabilities.length > 0);
    }
  });
});

test('a runtime is picked up when its socket appears, and again after it was away', {
  skip: docker.available ? false : docker.reason,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-inventory-'));
  const socket = join(folder, 'docker.sock');
  await using early = await runContainer({
    image: IMAGE,
    name: 'gc-containers-early',
    args: [],
    command: ['sleep', '300'],
  });
  const inventory = openInventory({
    logger: silentLogger,
    sockets: { docker: [socket], containerd: [], cri: [] },
  });
  /** Passes everything on to the real engine, so that it can be away without stopping it. */
  function listen(): { readonly close: () => Promise<void> } {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect('/var/run/docker.sock');
      for (const end of [near, far]) {
        sockets.add(end);
        end.on('error', () => undefined);
      }
      near.pipe(far).pipe(near);
    });
    server.listen(socket);
    return {
      close: async () => {
        for (const end of sockets) end.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }
  try {
    await inventory.ready;
    assert.deepEqual(inventory.list(), []);
    assert.deepEqual([inventory.reports()[0]?.connected, inventory.reports()[0]?.socket], [false, '']);
    const first = listen();
    await eventually('it is found', () => inventory.get(early.id).complete);
    assert.equal(inventory.reports()[0]?.connected, true);
    await using gone = await runContainer({
      image: IMAGE,
      name: 'gc-containers-gone',
      args: [],
      command: ['sleep', '300'],
    });
    await eventually('it is found', () => inventory.get(gone.id).complete);
    await first.close();
    await eventually('the loss is noticed', () => inventory.reports()[0]?.connected !== true);
    await command('docker', ['rm', '-f', gone.id]);
    await using late = await runContainer({
      image: IMAGE,
      name: 'gc-containers-late',
      args: [],
      command: ['sleep', '300'],
    });
    const second = listen();
    await eventually('what came meanwhile is found', () => inventory.get(late.id).complete);
    await eventually('what went meanwhile is noticed', () => inventory.get(gone.id).state === 'removed');
    await second.close();
  } finally {
    inventory.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

const containerdSkip = docker.available ? containerdProblem() : docker.reason;

describe('containers of containerd and Kubernetes', {
  skip: containerdSkip === '' ? false : containerdSkip,
}, () => {
  let containerd: TestContainerd;
  let inventory: Inventory;
  before(async () => {
    await ensureImage(IMAGE);
    await ensureImage(PAUSE_IMAGE);
    containerd = await startContainerd(`docker.io/${PAUSE_IMAGE}`);
    await containerd.importImage('k8s.io', PAUSE_IMAGE);
    const sockets = { docker: [], containerd: [containerd.socket], cri: [containerd.socket] };
    inventory = openInventory({ logger: silentLogger, sockets });
    await inventory.ready;
  });
  after(async () => {
    inventory.close();
    await containerd[Symbol.asyncDispose]();
  });

  function act(action: ActionKind, containerId: string): Promise<EnforcementResult> {
    const actuators = openActuators({
      inventory,
      logger: silentLogger,
      protectedPids: [],
      protectedContainers: [],
    });
    const target = {
      kind: 'container',
      containerId,
      containerName: '',
      pid: 0,
      processStartedAt: '',
    } as const;
    const settings = action === 'stop' ? { graceSeconds: 1 } : {};
    return actuators.run({ id: action, action, target, with: settings }, AbortSignal.timeout(30_000));
  }

  test('a container of its own namespace is found, paused, resumed and stopped', async () => {
    const image = await containerd.importImage('gctest', IMAGE);
    const id = await containerd.run('gctest', image, ['--label', 'team=blue'], ['sleep', '300']);
    await eventually('it runs', () => inventory.get(id).state === 'running');
    const found = inventory.get(id);
    assert.deepEqual([found.runtime, found.runtimeNamespace], ['containerd', 'gctest']);
    assert.deepEqual([found.image.reference, found.image.tag], [image, '1']);
    assert.match(found.image.digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal(found.labels['team'], 'blue');
    assert.ok(found.capabilities.includes('CAP_CHOWN') && !found.privileged);
    assert.ok(found.pid > 1 && found.createdAtMs > 0 && found.startedAtMs > 0);
    assert.equal(inventory.reports().find(({ runtime }) => runtime === 'containerd')?.connected, true);

    const paused = await act('pause', id);
    assert.deepEqual([paused.state, paused.mechanism], ['succeeded', 'containerd-api'], paused.detail);
    await eventually('it is paused', () => inventory.get(id).state === 'paused');
    const resumed = await act('resume', id);
    assert.deepEqual([resumed.state, resumed.mechanism], ['succeeded', 'containerd-api'], resumed.detail);
    const stopped = await act('stop', id);
    assert.deepEqual([stopped.state, stopped.mechanism], ['succeeded', 'containerd-api'], stopped.detail);
    await eventually('it has ended', () => inventory.get(id).state === 'exited');
    await containerd.ctr('-n', 'gctest', 'tasks', 'rm', '-f', id);
    await containerd.ctr('-n', 'gctest', 'containers', 'rm', id);
    await eventually('it is removed', () => inventory.get(id).state === 'removed');
    assert.equal(inventory.get(id).image.reference, image);
  });

  test('a privileged container is recognised by what it may do', async () => {
    const image = await containerd.importImage('gctest', IMAGE);
    const id = await containerd.run('gctest', image, ['--privileged'], ['sleep', '300']);
    await eventually('it runs', () => inventory.get(id).state === 'running');
    assert.equal(inventory.get(id).privileged, true);
    assert.equal((await act('stop', id)).state, 'succeeded');
  });

  test('a container of a pod carries pod, namespace and labels', async () => {
    const image = await containerd.importImage('k8s.io', IMAGE);
    await using pod = await startPod({
      socket: containerd.socket,
      namespace: 'shop',
      name: 'cart-0',
      labels: { app: 'cart' },
      containerName: 'web',
      image,
      command: ['sleep', '300'],
      portMappings: [{ container_port: 80, host_port: 18_080, host_ip: '127.0.0.1' }],
    });
    await eventually('it runs', () => inventory.get(pod.containerId).state === 'running');
    await eventually(
      'its pod is known',
      () => inventory.get(pod.containerId).kubernetes?.podLabels['app'] === 'cart',
    );
    const found = inventory.get(pod.containerId);
    assert.deepEqual([found.runtime, found.name], ['cri', 'web']);
    assert.deepEqual(found.kubernetes, {
      namespace: 'shop',
      podName: 'cart-0',
      podUid: pod.uid,
      containerName: 'web',
      podLabels: { app: 'cart' },
    });
    assert.match(found.image.digest, /^sha256:/);
    assert.ok(found.mounts.some(({ destination, readOnly }) => destination === '/host-etc' && readOnly));
    assert.equal(found.networkMode, 'host');
    assert.deepEqual(found.ports, [
      { address: '127.0.0.1', hostPort: 18_080, containerPort: 80, protocol: 'tcp' },
    ]);
    const paused = await act('pause', pod.containerId);
    assert.deepEqual([paused.state, paused.mechanism], ['succeeded', 'containerd-api'], paused.detail);
    await eventually('it is paused', () => inventory.get(pod.containerId).state === 'paused');
    assert.equal((await act('resume', pod.containerId)).state, 'succeeded');
    const stopped = await act('stop', pod.containerId);
    assert.equal(stopped.state, 'succeeded', stopped.detail);
  });
});
