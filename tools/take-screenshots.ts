// Takes the pictures in docs/screenshots from a real platform: containers, attacks, response rules, scans. Needs root and docker.
//   node tools/take-screenshots.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDocker } from '../tests/support/docker.ts';
import { BUSYBOX_IMAGE, ensureImage, ensureServerImages } from '../tests/support/images.ts';
import { startPlatform } from '../tests/support/platform.ts';
import { tryCommand } from '../tests/support/run-command.ts';
import { fillRegistry, showScans } from './screenshot-scans.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ATTACKS_SHOWN = 34;
const VICTIMS = ['shop-api-1', 'billing-worker-1', 'ci-runner-7', 'shop-api-1'];

const RESPONSES = `apiVersion: guardcell/v1
kind: ResponseRule
metadata: { name: pause-on-account-file-write }
spec:
  description: Freeze a container that changes its account files
  trigger: { tags: [T1098], minSeverity: high }
  actions: [{ do: pause }]
  cooldown: 5m
---
apiVersion: guardcell/v1
kind: ResponseRule
metadata: { name: quarantine-miners }
spec:
  description: Cut miners off the network
  trigger: { tags: [T1496], minSeverity: high }
  actions: [{ do: quarantine }]
  mode: dry-run
`;

interface Attack {
  readonly sh: string;
  readonly runArgs: readonly string[];
  readonly needs?: unknown;
}

interface Demo {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly command: readonly string[];
}

const SERVE = ['sh', '-c', 'httpd -p 80 -h /etc; sleep 900'];
const DEMOS: readonly Demo[] = [
  { name: 'shop-web-1', image: 'shop/web:2.4', args: [], command: [] },
  { name: 'shop-cache-1', image: 'shop/cache:7.2', args: [], command: [] },
  { name: 'shop-api-1', image: 'shop/api:1.18', args: [], command: SERVE },
  { name: 'shop-api-2', image: 'shop/api:1.18', args: [], command: SERVE },
  { name: 'billing-worker-1', image: 'shop/api:1.18', args: [], command: SERVE },
  {
    name: 'ci-runner-7',
    image: 'shop/api:1.18',
    args: ['--cap-add', 'SYS_PTRACE'],
    command: ['sh', '-c', 'sleep 900'],
  },
];

async function startDemos(): Promise<void> {
  const servers = await ensureServerImages();
  await tryCommand('docker', ['tag', servers.nginx, 'shop/web:2.4']);
  await tryCommand('docker', ['tag', servers.redis, 'shop/cache:7.2']);
  await tryCommand('docker', ['tag', await ensureImage(BUSYBOX_IMAGE), 'shop/api:1.18']);
  for (const { name, image, args, command } of DEMOS) {
    await tryCommand('docker', ['run', '-d', '--name', name, '-l', 'app=shop', ...args, image, ...command]);
  }
}

async function removeDemos(): Promise<void> {
  for (const { name } of DEMOS) {
    await tryCommand('docker', ['unpause', name]);
    await tryCommand('docker', ['rm', '-f', name]);
  }
  await tryCommand('docker', ['rmi', ...new Set(DEMOS.map(({ image }) => image))]);
}

async function attack(): Promise<void> {
  const attacks = JSON.parse(readFileSync(join(ROOT, 'content/attacks.json'), 'utf8')) as Attack[];
  const usable = attacks.filter(
    ({ runArgs, needs, sh }) => runArgs.length === 0 && needs === undefined && !sh.includes('passwd'),
  );
  for (const [index, { sh }] of usable.slice(0, ATTACKS_SHOWN).entries()) {
    const victim = VICTIMS[index % VICTIMS.length] ?? '';
    await tryCommand('docker', ['exec', victim, 'sh', '-c', sh], { timeoutMs: 12_000 });
  }
  const flagship = 'echo x:x:0:0::/:/bin/sh >> /etc/passwd; sleep 60';
  await tryCommand('docker', ['exec', '-d', 'shop-api-2', 'sh', '-c', flagship]);
}

const docker = await ensureDocker();
const scratch = mkdtempSync(join(tmpdir(), 'guardcell-pictures-'));
try {
  const responses = join(scratch, 'responses.yaml');
  writeFileSync(responses, RESPONSES);
  await using registry = await fillRegistry(join(scratch, 'application'));
  await using platform = await startPlatform({ responses: [responses] });
  await startDemos();
  if (registry === undefined) console.error('no registry or no Debian here: screens of scanning stay empty');
  else await showScans(platform, registry);
  await attack();
  await sleep(2500);
  const password = join(scratch, 'password');
  writeFileSync(password, platform.adminPassword, { mode: 0o600 });
  const script = join(ROOT, 'apps/web/tools/screenshots.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, platform.url, 'admin', password];
  const result = spawnSync(process.execPath, [...args, join(ROOT, 'docs/screenshots')], { stdio: 'inherit' });
  process.exitCode = result.status ?? 1;
} finally {
  await removeDemos();
  rmSync(scratch, { recursive: true, force: true });
  await docker.stop();
}
