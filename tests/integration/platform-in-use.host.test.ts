// The whole platform, a real container and a real sensor: the agent looks into it, the server matches, and what is executed
// counts more than what nobody touches.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { ScanJob } from '@guardcell/contract';
import { probeKernel } from '@guardcell/sensor';
import { type DockerAvailability, ensureDocker, runContainer } from '../support/docker.ts';
import { ensureInUseImage, inUseImageProblem } from '../support/in-use-image.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-platform-use-'));
const DATA = join(FOLDER, 'data');
const CRITICAL = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
/** What the issue promises from the start of a container to its packages in use. */
const PROMISE_MS = 90_000;
let docker: DockerAvailability | undefined;
let platform: Platform | undefined;

interface Found {
  readonly id: string;
  readonly packageName: string;
  readonly inUse: string;
  readonly score: number;
  readonly factors: readonly { readonly name: string; readonly value: string }[];
}

function reasonToSkip(): string {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!probeKernel().ok) return 'this kernel cannot run the sensor';
  return inUseImageProblem() || (docker?.available === false ? docker.reason : '');
}

function api<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
  if (platform === undefined) throw new Error('there is no platform');
  return callApi<Reply>(platform, method, `/api/v1${path}`, body);
}

const advisory = (id: string, name: string): object => ({
  id,
  modified: '2030-01-01T00:00:00Z',
  severity: [{ type: 'CVSS_V3', score: CRITICAL }],
  affected: [{ package: { ecosystem: 'PyPI', name }, versions: ['1.2.3'] }],
});

before(async () => {
  docker = await ensureDocker();
  if (reasonToSkip() !== '') return;
  platform = await startPlatform({ dataDir: DATA });
});

after(async () => {
  await platform?.stop();
  await docker?.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

/** The same image, published for the host alone and then for everybody: its findings weigh more each time, and say why. */
async function exposureFollows(t: TestContext, artifact: string, image: string): Promise<void> {
  const findingWith = (value: string): Promise<Found> =>
    eventually(`findings say ${value}`, 30_000, async () => {
      const path = `/artifacts/${artifact}/vulnerabilities?sort=id`;
      const { items } = await api<{ items: readonly Found[] }>('GET', path);
      const exposure = items[0]?.factors.find(({ name }) => name === 'exposure');
      return exposure?.value === value ? items[0] : undefined;
    });
  const start = (name: string, port: string): ReturnType<typeof runContainer> =>
    runContainer({ image, args: ['-p', port], name, command: ['/bin/sh', '-c', '/bin/busybox sleep 300'] });
  const exposed = async (): Promise<readonly string[]> => {
    const path = `/vulnerabilities/workloads?artifact=${artifact}&exposed=true`;
    return (await api<{ items: readonly { container: string }[] }>('GET', path)).items.map(
      (one) => one.container,
    );
  };
  const internal = await findingWith('internal');
  await using own = await start('gc-f2-loopback', '127.0.0.1::80');
  const startedMs = performance.now();
  const loopback = await findingWith('loopback: 80/tcp');
  t.diagnostic(`a port on loopback counts after ${Math.round(performance.now() - startedMs)} ms`);
  assert.deepEqual(await exposed(), []);
  await using all = await start('gc-f2-published', '80');
  const published = await findingWith('published: 80/tcp');
  assert.deepEqual(await exposed(), [all.id]);
  assert.deepEqual([loopback.score - internal.score, published.score - internal.score], [2, 10]);
  const workloads = await api<{
    items: readonly { container: string; exposure: { level: string; endpoints: readonly string[] } }[];
  }>('GET', `/vulnerabilities/workloads?artifact=${artifact}`);
  const at = (id: string): string => {
    const one = workloads.items.find((each) => each.container === id);
    return `${one?.exposure.level} ${one?.exposure.endpoints.join(' ')}`;
  };
  assert.match(at(own.id), /^loopback 127\.0\.0\.1:\d+$/);
  assert.match(at(all.id), /^published .*0\.0\.0\.0:\d+/);
}

test('what runs is scanned, matched and graded; a new database tells of the container that runs it', async (t) => {
  const reason = reasonToSkip();
  if (reason !== '') return t.skip(reason);
  const feeds = join(FOLDER, 'feeds');
  mkdirSync(feeds);
  async function build(...advisories: readonly object[]): Promise<void> {
    writeFileSync(join(feeds, 'osv-pypi.json'), JSON.stringify(advisories));
    const built = await platform?.cli('db', 'build', '--feeds', feeds);
    assert.equal(built?.code, 0, built?.err ?? '');
  }
  await build(advisory('CVE-2030-20001', 'used'), advisory('CVE-2030-20002', 'unused'));
  const image = await ensureInUseImage();
  const startedMs = performance.now();
  await using container = await runContainer({
    image,
    args: [],
    name: 'gc-f2-in-use',
    command: [
      '/bin/sh',
      '-c',
      'while :; do /usr/bin/python3.11 -c "import used"; /bin/busybox sleep 1; done',
    ],
  });
  const found = await eventually('packages in use are known', 2 * PROMISE_MS, async () => {
    const page = await api<{ items: readonly { artifact: string }[] }>(
      'GET',
      `/vulnerabilities/workloads?container=${container.id}`,
    );
    const artifact = page.items[0]?.artifact ?? '';
    if (artifact === '') return undefined;
    const { items } = await api<{ items: readonly Found[] }>(
      'GET',
      `/artifacts/${artifact}/vulnerabilities?sort=id`,
    );
    return items.some(({ inUse }) => inUse === 'opened') ? { artifact, items } : undefined;
  });
  t.diagnostic(
    `in use known ${Math.round((performance.now() - startedMs) / 1000)} s after the container started`,
  );
  const { artifact, items } = found;
  assert.deepEqual(
    items.map(({ packageName, inUse }) => [packageName, inUse]),
    [
      ['used', 'opened'],
      ['unused', 'untouched'],
    ],
  );
  assert.ok((items[0]?.score ?? 0) > (items[1]?.score ?? 0), 'what is in use comes first');
  const facets = await api<{ inUse: readonly { value: string; count: number }[] }>(
    'GET',
    `/vulnerabilities/facets?artifact=${artifact}`,
  );
  assert.deepEqual(new Set(facets.inUse.map(({ value }) => value)), new Set(['opened', 'untouched']));

  await exposureFollows(t, artifact, image);
  await eventually('the others are gone', 30_000, async () => {
    const { items: left } = await api<{ items: readonly object[] }>(
      'GET',
      `/vulnerabilities/workloads?artifact=${artifact}`,
    );
    return left.length === 1 ? left : undefined;
  });

  const job = await api<ScanJob>('POST', `/artifacts/${artifact}/scan`);
  assert.equal(job.kind, 'container');
  const ended = await eventually('the agent has answered', PROMISE_MS, async () => {
    const now = await api<ScanJob>('GET', `/scan-jobs/${job.id}`);
    return now.finishedAt === '' ? undefined : now;
  });
  assert.equal(ended.state, 'succeeded', ended.detail);

  await build(
    advisory('CVE-2030-20001', 'used'),
    advisory('CVE-2030-20002', 'unused'),
    advisory('CVE-2030-20003', 'used'),
  );
  interface Alert {
    readonly rule: string;
    readonly source: string;
    readonly tags: readonly string[];
    readonly container: { readonly id: string; readonly name: string; readonly image: string };
  }
  const alert = await eventually('an alert', 60_000, async () => {
    const page = await api<{ items: readonly Alert[] }>('GET', '/events?limit=100&tag=vulnerability');
    return page.items.find(({ source }) => source === 'scan');
  });
  assert.equal(alert.rule, 'New critical vulnerability in a running image');
  assert.deepEqual([alert.container.id, alert.container.image], [container.id, image]);
  assert.ok(alert.tags.includes('in_use_opened'));
});
