// Low noise: an idle machine, a web server and a database under load raise no alert in ten minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, HOST } from '@guardcell/core';
import { ensureDocker, runContainer } from '../support/docker.ts';
import { ensureServerImages } from '../support/images.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { command } from '../support/run-command.ts';

const MINUTES = 10;
const ALERTS_MAX = 50_000;
interface Page {
  readonly items: readonly Alert[];
  readonly nextCursor: string | null;
}

const docker = (args: readonly string[]): Promise<string> => command('docker', args);
const dockerReady = await ensureDocker();

async function ipOf(id: string): Promise<string> {
  const stdout = await docker(['inspect', '--format', '{{.NetworkSettings.IPAddress}}', id]);
  return stdout.trim();
}

async function allAlerts(platform: Platform): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  let cursor = '';
  do {
    const page: Page = await callApi(platform, 'GET', `/api/v1/events?limit=500${cursor}`);
    alerts.push(...page.items);
    cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '' && alerts.length < ALERTS_MAX);
  return alerts;
}

/** Bounded load: some requests, a pause, until `endMs`. */
async function load(endMs: number, once: () => Promise<unknown>): Promise<number> {
  let count = 0;
  while (Date.now() < endMs) {
    await Promise.all(Array.from({ length: 10 }, once));
    count += 10;
    await sleep(50);
  }
  return count;
}

test(`nginx and redis under load raise nothing in ${MINUTES} minutes`, {
  skip: dockerReady.available ? false : dockerReady.reason,
  timeout: (MINUTES + 5) * 60_000,
}, async () => {
  const images = await ensureServerImages();
  await using platform = await startPlatform();
  await using web = await runContainer({
    image: images.nginx,
    name: `gc-e2e-nginx-${process.pid}`,
    args: [],
    command: [],
  });
  await using database = await runContainer({
    image: images.redis,
    name: `gc-e2e-redis-${process.pid}`,
    args: [],
    command: [],
  });
  const webUrl = `http://${await ipOf(web.id)}/`;
  await eventually('nginx answers', 20_000, () =>
    fetch(webUrl).then(
      (response) => response.text().then(() => true),
      () => undefined,
    ),
  );

  const endMs = Date.now() + MINUTES * 60_000;
  const [requests, commands] = await Promise.all([
    load(endMs, async () => (await fetch(webUrl)).text()),
    (async () => {
      let rounds = 0;
      while (Date.now() < endMs) {
        await docker([
          'exec',
          database.id,
          'redis-benchmark',
          '-q',
          '-n',
          '5000',
          '-c',
          '10',
          '-t',
          'set,get,incr',
        ]);
        await docker(['exec', database.id, 'redis-cli', 'bgsave']).catch(() => undefined);
        rounds++;
        await sleep(2000);
      }
      return rounds * 15_000;
    })(),
  ]);
  const status = await platform.json<{ sensor: { events: number; drops: number } }>('status');
  const alerts = await allAlerts(platform);
  // Other tests may attack their own containers meanwhile; what processes of the host raise always counts.
  const own = new Set([HOST.id, web.id, database.id]);
  const seen = alerts
    .filter(({ container }) => own.has(container.id))
    // What lies on this machine's disk is its owner's: keys in its temporary folder are truly there.
    .filter(({ source, container }) => source !== 'scan' || container.id !== HOST.id)
    .map(({ container, rule, message }) => `${container.name}: ${rule}: ${message}`);
  for (const line of new Set(seen)) console.log(`    ${line}`);
  console.log(
    `    ${requests} requests, ${commands} database commands, ${status.sensor.events} events, ` +
      `${seen.length} alerts, ${alerts.length - seen.length} of containers of others`,
  );
  assert.deepEqual(seen, []);
  assert.equal(status.sensor.drops, 0);
  assert.ok(requests > 1000);
});
