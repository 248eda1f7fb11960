// What the pictures of scanning show: a registry with three images of a shop, scanned, and risks that were asked about.
import { debianProblem, debianRoot } from '../tests/support/debian-root.ts';
import { callApi, eventually, type Platform } from '../tests/support/platform.ts';
import { registryProblem, startRegistry, type TestRegistry } from '../tests/support/registry.ts';
import { command, tryCommand } from '../tests/support/run-command.ts';
import { buildApplicationImage } from '../tests/support/sample-application.ts';

const SCAN_MS = 300_000;
const DAY_MS = 86_400_000;
const APPLICATION = 'shop/application:5.2';

interface Listed<Item> {
  readonly items: readonly Item[];
}

/** Fills a registry; the caller disposes of it. Undefined when a part of it cannot be had here. */
export async function fillRegistry(scratch: string): Promise<TestRegistry | undefined> {
  if ((await registryProblem()) !== '' || (await debianProblem()) !== '') return undefined;
  const registry = await startRegistry();
  try {
    await buildApplicationImage(scratch, APPLICATION);
    await registry.push(`docker-daemon:${APPLICATION}`, 'shop/application:5.2');
    for (const [release, tag] of [
      ['bullseye', 'base/debian:11'],
      ['bookworm', 'base/debian:12'],
    ] as const) {
      await command('docker', ['import', await debianRoot(release), tag]);
      await registry.push(`docker-daemon:${tag}`, tag);
      await tryCommand('docker', ['rmi', tag]);
    }
    return registry;
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  } finally {
    await tryCommand('docker', ['rmi', APPLICATION]);
  }
}

/** Adds the registry, scans it to its end and asks for two risks to be accepted. */
export async function showScans(platform: Platform, registry: TestRegistry): Promise<void> {
  const call = <Reply>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Reply> =>
    callApi<Reply>(platform, method, `/api/v1${path}`, body);
  await call('PUT', '/registries/shop', {
    url: `http://${registry.host}`,
    username: '',
    password: '',
    ca: '',
    allowInsecure: false,
    repositories: [],
    exclude: [],
    tags: [],
    newestTags: 5,
    enabled: true,
    everyMinutes: 360,
  });
  await eventually('the registry is scanned', SCAN_MS, async () => {
    const { items } = await call<Listed<{ artifacts: number }>>('GET', '/registries');
    return (items[0]?.artifacts ?? 0) >= 3 ? true : undefined;
  });
  await eventually('what was found is matched', SCAN_MS, async () => {
    const { items } = await call<Listed<{ id: string }>>('GET', '/vulnerabilities?severity=critical&limit=5');
    return items.length >= 3 ? true : undefined;
  });
  const { items } = await call<Listed<{ id: string }>>('GET', '/vulnerabilities?severity=high&limit=2');
  for (const [at, { id }] of items.entries()) {
    await call('POST', '/risk-acceptances', {
      scope: { vulnerability: id, package: '', artifact: '', image: `${registry.host}/shop/*` },
      kind: 'accept-risk',
      reason: at === 0 ? 'The part is not reachable from outside.' : 'Replaced with the release of December.',
      until: new Date(Date.now() + (30 + 60 * at) * DAY_MS).toISOString(),
    });
  }
}
