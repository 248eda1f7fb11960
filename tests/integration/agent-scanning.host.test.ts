// The agent scans real containers and tells which of their packages are in use, from what the sensor sees. The test plays the
// server.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DesiredState, InUseUpload, ScanningState, ScanUpload } from '@guardcell/contract';
import { probeKernel } from '@guardcell/sensor';
import { type AgentProcess, scanProcessOf, startAgentProcess } from '../support/agent-process.ts';
import { type AgentServer, startAgentServer } from '../support/agent-server.ts';
import { type DockerAvailability, ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { BUSYBOX_IMAGE } from '../support/images.ts';
import { ensureInUseImage, inUseImageProblem } from '../support/in-use-image.ts';
import { eventually } from '../support/platform.ts';
import { command, tryCommand } from '../support/run-command.ts';

const RULES = `- rule: Never
  desc: Keeps the sensor running.
  condition: evt.type = execve and proc.name = "no such program"
  output: never
  priority: NOTICE
`;
const HUGE_IMAGE = `gc-test/huge-${process.pid}:1`;
const HUGE_FILES = 60_000;
/** What the issue promises from the start of a container to its packages in use. */
const PROMISE_MS = 90_000;

function reasonToSkip(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const { ok } = probeKernel();
  if (!ok) return 'this kernel cannot run the sensor';
  return inUseImageProblem() || false;
}

function desired(scanning: Partial<ScanningState>): DesiredState {
  return {
    policy: { revision: 'r1', ruleFiles: [{ name: 'never.yaml', content: RULES }], disabledRules: [] },
    commands: [],
    scanning: { enabled: true, containers: true, host: false, everyMinutes: 600, requests: [], ...scanning },
  };
}

type InUse = InUseUpload['containers'][number];

describe('scanning by the agent', { skip: reasonToSkip() }, () => {
  let docker: DockerAvailability;
  let folder: string;
  let server: AgentServer;
  let agent: AgentProcess;

  before(async () => {
    docker = await ensureDocker();
    if (!docker.available) return;
    folder = mkdtempSync(join(tmpdir(), 'gc-agent-scan-'));
    server = await startAgentServer(folder, desired({}));
    agent = startAgentProcess(folder, server);
    await agent.ready;
  });

  after(async () => {
    await agent?.end('SIGTERM');
    await server?.[Symbol.asyncDispose]();
    await docker?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function lastInUse(containerId: string): InUse | undefined {
    return server.inUse
      .flatMap(({ containers }) => containers)
      .findLast((one) => one.containerId === containerId);
  }

  function gradesOf(one: InUse): ReadonlyMap<string, string> {
    return new Map(one.packages.map(({ purl, grade }) => [purl.replace(/@.*/, ''), grade]));
  }

  /** Another container of the image may be the one that is looked into. */
  function scanOf(imageId: string): ScanUpload | undefined {
    return server.scans.find(({ subject }) => subject.imageId === imageId);
  }

  async function imageIdOf(image: string): Promise<string> {
    return (await command('docker', ['image', 'inspect', '--format', '{{.Id}}', image])).trim();
  }

  test('packages are executed, loaded, opened or untouched, also over a killed agent', async (t) => {
    if (!docker.available) return t.skip(docker.reason);
    const image = await ensureInUseImage();
    const imageId = await imageIdOf(image);
    const startedMs = performance.now();
    await using container = await runContainer({
      image,
      args: [],
      name: 'gc-in-use',
      command: ['/bin/sh', '-c', 'curl --version; exec /bin/sh -c "while :; do /bin/busybox sleep 1; done"'],
    });
    await sleep(2000);
    await agent.end('SIGKILL');
    // Nobody reads, but the kernel goes on recording.
    await command('docker', ['exec', container.id, '/usr/bin/python3.11', '-c', 'import used']);
    agent = startAgentProcess(folder, server);
    await agent.ready;

    const scan = await eventually('the image is scanned', PROMISE_MS, () => scanOf(imageId));
    assert.equal(scan.problem, undefined);
    const purls = scan.report?.packages.map(({ purl }) => purl) ?? [];
    for (const start of [
      'pkg:deb/debian/curl@',
      'pkg:deb/debian/openssl@',
      'pkg:pypi/used@',
      'pkg:pypi/unused@',
    ]) {
      assert.ok(
        purls.some((purl) => purl.startsWith(start)),
        `${start} is listed: ${JSON.stringify(scan.report?.errors)} ${purls.join(' ')}`,
      );
    }
    assert.deepEqual(scan.report?.vulnerabilities, []);

    // What the kernel kept may still be read when the first upload is made.
    const inUse = await eventually('what is in use is known', PROMISE_MS, () => {
      const last = lastInUse(container.id);
      return last !== undefined && gradesOf(last).has('pkg:pypi/used') ? last : undefined;
    });
    assert.ok(performance.now() - startedMs < PROMISE_MS, 'within the time that is promised');
    const grades = gradesOf(inUse);
    assert.equal(grades.get('pkg:deb/debian/curl'), 'executed');
    assert.equal(grades.get('pkg:deb/debian/python3.11-minimal'), 'executed');
    assert.equal(grades.get('pkg:deb/debian/libssl3'), 'loaded');
    assert.equal(grades.get('pkg:pypi/used'), 'opened');
    assert.equal(grades.get('pkg:pypi/unused'), undefined);
    assert.equal(grades.get('pkg:deb/debian/openssl'), undefined);
    assert.equal(inUse.lost, 0, 'nothing was lost while the agent was away');

    await command('docker', ['exec', container.id, '/usr/bin/openssl', 'version']);
    const later = await eventually('a package that is used later', PROMISE_MS, () => {
      const last = lastInUse(container.id);
      return last !== undefined && gradesOf(last).has('pkg:deb/debian/openssl') ? last : undefined;
    });
    assert.equal(gradesOf(later).get('pkg:deb/debian/openssl'), 'executed');
    assert.equal(gradesOf(later).get('pkg:deb/debian/curl'), 'executed', 'what was known before stays');
  });

  test('what people ask for is scanned at once, and a request that cannot be fulfilled is answered', async (t) => {
    if (!docker.available) return t.skip(docker.reason);
    const image = await ensureImage(BUSYBOX_IMAGE);
    await using container = await runContainer({
      image,
      args: [],
      name: 'gc-ask',
      command: ['/bin/sleep', '1000'],
    });
    const expiresAtMs = Date.now() + 60_000;
    const requests = [
      { id: 'ask-1', target: container.id, expiresAtMs },
      { id: 'ask-2', target: 'f'.repeat(64), expiresAtMs },
    ];
    server.setDesired(desired({ enabled: true, requests }));
    const found = await eventually('the answer', 60_000, () =>
      server.scans.find(({ requestId }) => requestId === 'ask-1'),
    );
    assert.equal(found.subject.containerId, container.id);
    assert.ok(found.report !== undefined);
    const refused = await eventually('the refusal', 60_000, () =>
      server.scans.find(({ requestId }) => requestId === 'ask-2'),
    );
    assert.equal(refused.problem?.code, 'GC_TARGET_NOT_FOUND');
    await sleep(3000);
    assert.equal(server.scans.filter(({ requestId }) => requestId === 'ask-1').length, 1, 'once');
    server.setDesired(desired({}));
  });

  test('containers that live for seconds are not scanned, and nothing of them is kept', async (t) => {
    if (!docker.available) return t.skip(docker.reason);
    const image = await ensureInUseImage();
    const scansBefore = server.scans.length;
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 4 }, () =>
          tryCommand('docker', ['run', '--rm', '--network=none', image, '/usr/bin/curl', '--version']),
        ),
      );
    }
    await sleep(3000);
    assert.equal(scanProcessOf(agent.pid), undefined);
    assert.equal(server.scans.length, scansBefore);
  });

  test('a very large tree is scanned at the lowest priority and within its budget', async (t) => {
    if (!docker.available) return t.skip(docker.reason);
    const root = join(folder, 'huge');
    for (let n = 0; n < HUGE_FILES; n++) {
      if (n % 500 === 0) mkdirSync(join(root, `usr/lib/d${n / 500}`), { recursive: true });
      writeFileSync(join(root, `usr/lib/d${Math.floor(n / 500)}/f${n}.py`), 'x = 1\n');
    }
    mkdirSync(join(root, 'bin'));
    await command('cp', ['/bin/busybox', join(root, 'bin/busybox')]);
    const archive = join(folder, 'huge.tar');
    await command('tar', ['--owner=0', '--group=0', '-cf', archive, '-C', root, '.'], { timeoutMs: 120_000 });
    await command('docker', ['import', archive, HUGE_IMAGE], { timeoutMs: 180_000 });
    t.after(() => tryCommand('docker', ['image', 'rm', '-f', HUGE_IMAGE]));
    rmSync(root, { recursive: true });
    await using _container = await runContainer({
      image: HUGE_IMAGE,
      args: [],
      name: 'gc-huge',
      command: ['/bin/busybox', 'sleep', '1000'],
    });
    const child = await eventually('its scan runs', 60_000, () => scanProcessOf(agent.pid));
    const imageId = await imageIdOf(HUGE_IMAGE);
    let most = child.residentBytes;
    let niceness = child.niceness;
    const scan = await eventually('it is scanned', 240_000, () => {
      const now = scanProcessOf(agent.pid);
      most = Math.max(most, now?.residentBytes ?? 0);
      niceness = Math.max(niceness, now?.niceness ?? 0);
      return scanOf(imageId);
    });
    assert.ok(scan.report !== undefined, JSON.stringify(scan.problem));
    assert.equal(niceness, 19);
    assert.ok(most < 512 * 1024 * 1024, `${most} bytes`);
  });

  test('scans wait for a server that is away', async (t) => {
    if (!docker.available) return t.skip(docker.reason);
    const image = await ensureImage(BUSYBOX_IMAGE);
    server.answer(503);
    await using container = await runContainer({
      image,
      args: [],
      name: 'gc-wait',
      command: ['/bin/sleep', '1000'],
    });
    const requests = [{ id: 'wait-1', target: container.id, expiresAtMs: Date.now() + 60_000 }];
    server.setDesired(desired({ requests }));
    const outbox = join(folder, 'agent/scanning/outbox');
    await eventually('the report waits', 60_000, () =>
      readdirSync(outbox).some((name) => name.endsWith('.gz')) ? true : undefined,
    );
    server.answer(200);
    await eventually('the report arrives', 60_000, () =>
      server.scans.find(({ requestId }) => requestId === 'wait-1'),
    );
    assert.deepEqual(readdirSync(outbox), []);
  });

  test('everything that was uploaded is as the contract says', () => {
    assert.deepEqual(server.broken, []);
  });
});
