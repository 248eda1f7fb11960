// Images with every kind of carelessness, as OCI layouts: what is told, where, and that no secret is in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { MisconfigurationFinding } from '@guardcell/core';
import { openLayerCache } from '@guardcell/image';
import { scanTarget } from '@guardcell/scan';
import { type LayoutImage, writeLayout } from '../support/oci-layout.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-hygiene-'));
const ONLY = new Set(['misconfig'] as const);
const MD5 = '$1$saltstri$QTO6JC6Q8mH9rFmjXsvtT.';

after(() => rmSync(FOLDER, { recursive: true, force: true }));

type Tree = Readonly<Record<string, readonly [mode: number, content: string]>>;

/** Names that end in a slash are folders. */
function tree(name: string, files: Tree): string {
  const root = join(FOLDER, name);
  mkdirSync(root);
  for (const [path, [mode, content]] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(full, content);
    chmodSync(full, mode);
  }
  return root;
}

async function findings(name: string, image: LayoutImage): Promise<readonly MisconfigurationFinding[]> {
  const layout = join(FOLDER, `${name}-layout`);
  writeLayout(layout, 'it', image);
  const cache = openLayerCache({ directory: join(FOLDER, 'cache') });
  const target = { kind: 'image', reference: `oci:${layout}:it` } as const;
  const cold = await scanTarget(target, { only: ONLY, cache });
  const cached = await scanTarget(target, { only: ONLY, cache });
  assert.deepEqual(cold.errors, []);
  assert.deepEqual(cached.misconfigurations, cold.misconfigurations);
  return cold.misconfigurations;
}

function told(found: readonly MisconfigurationFinding[]): string[] {
  return found
    .map(({ check, path, startLine }) => `${check} ${path}${startLine === 0 ? '' : `:${startLine}`}`)
    .sort();
}

const CLEAN = { User: '1000', Healthcheck: { Test: ['CMD', '/app'] } };

test('settings, history, files and accounts are told with the place and the layer, and without secrets', async () => {
  const lower = tree('lower', {
    'usr/bin/su': [0o4755, 'x'],
    'usr/local/bin/tool': [0o4755, 'x'],
    'usr/local/bin/removed-later': [0o4755, 'x'],
    'etc/app.conf': [0o666, 'x'],
    'opt/open/': [0o777, ''],
    'opt/closed-later/': [0o777, ''],
    'tmp/': [0o1777, ''],
    'var/lib/apt/lists/deb.example_dists_a_main_binary-amd64_Packages': [0o644, 'x'],
    'root/.bash_history': [0o600, 'ls'],
    'etc/passwd': [0o644, 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n'],
    'etc/shadow': [0o640, `root:*:1:0:99999:7:::\nann::1:0:99999:7:::\nbob:${MD5}:1:0:99999:7:::\n`],
  });
  const upper = tree('upper', {
    'usr/local/bin/.wh.removed-later': [0o644, ''],
    'opt/closed-later/': [0o755, ''],
  });
  const found = await findings('careless', {
    layers: [lower, upper],
    config: {
      Env: ['DB_PASSWORD=hunter2', 'LANG=C'],
      ExposedPorts: { '22/tcp': {} },
      Labels: { 'api-key': 's3cr3t' },
    },
    history: [
      { created_by: 'ADD https://example.com/rootfs.tar / # buildkit' },
      { created_by: 'ARG NPM_TOKEN', empty_layer: true },
      { created_by: 'RUN |1 NPM_TOKEN=abcd1234 /bin/sh -c curl https://x.example | sh # buildkit' },
    ],
  });
  assert.deepEqual(told(found), [
    'GC-ACCOUNT-001 /etc/shadow:2',
    'GC-ACCOUNT-003 /etc/shadow:3',
    'GC-ACCOUNT-004 /etc/passwd:2',
    'GC-ACCOUNT-006 /etc/shadow:3',
    'GC-FILE-001 /usr/local/bin/tool',
    'GC-FILE-002 /usr/bin/su',
    'GC-FILE-003 /etc/app.conf',
    'GC-FILE-004 /opt/open',
    'GC-FILE-005 /var/lib/apt/lists',
    'GC-FILE-006 /root/.bash_history',
    'GC-IMAGE-001 config:User',
    'GC-IMAGE-002 config:Env',
    'GC-IMAGE-003 config:Labels',
    'GC-IMAGE-004 history:3',
    'GC-IMAGE-006 config:Healthcheck',
    'GC-IMAGE-007 history:1',
    'GC-IMAGE-008 history:3',
    'GC-IMAGE-009 config:ExposedPorts',
  ]);
  const text = JSON.stringify(found);
  for (const secret of ['hunter2', 's3cr3t', 'abcd1234', 'saltstri'])
    assert.ok(!text.includes(secret), secret);
  const layers = new Set(found.map(({ layer }) => layer).filter((layer) => layer !== undefined));
  assert.equal(layers.size, 2);
  const piped = found.find(({ check }) => check === 'GC-IMAGE-008');
  const tool = found.find(({ check }) => check === 'GC-FILE-001');
  assert.notEqual(piped?.layer, tool?.layer);
});

const SETCAP = '/usr/sbin/setcap';
const cannotSet = process.getuid?.() === 0 && existsSync(SETCAP) ? false : 'needs root and setcap';

test('capabilities of files are told as setuid bits are', { skip: cannotSet }, async () => {
  const root = tree('capable', {
    'usr/bin/python3': [0o755, 'x'],
    'usr/bin/ping': [0o755, 'x'],
    'opt/app/sniff': [0o755, 'x'],
    'opt/app/server': [0o755, 'x'],
    'etc/passwd': [0o644, 'app:x:1000:1000::/:/bin/false\n'],
  });
  const set = (text: string, path: string): void =>
    void execFileSync(SETCAP, [text, join(root, path)], { stdio: 'ignore' });
  set('cap_setuid,cap_sys_admin+ep', 'usr/bin/python3');
  set('cap_net_raw+ep', 'usr/bin/ping');
  set('cap_net_raw+p', 'opt/app/sniff');
  set('cap_net_bind_service+ep', 'opt/app/server');
  const found = await findings('capable', { layers: [root], config: CLEAN });
  assert.deepEqual(
    found.map(({ check, path, message }) => [check, path, /\(([^()]*)\)$/.exec(message)?.[1]]),
    [
      ['GC-FILE-007', '/usr/bin/python3', 'cap_setuid, cap_sys_admin'],
      ['GC-FILE-008', '/opt/app/sniff', '2 programs: sniff, ping'],
    ],
  );
  const { misconfigurations, errors } = await scanTarget({ kind: 'filesystem', path: root }, { only: ONLY });
  assert.deepEqual(told(misconfigurations), []);
  assert.deepEqual(
    errors.map(({ code, level }) => [code, level]),
    [['GC_CAPABILITIES_NOT_READ', 'note']],
  );
});

test('a careful image has no findings', async () => {
  const root = tree('careful', {
    app: [0o755, 'x'],
    'etc/passwd': [0o644, 'app:x:1000:1000::/:/bin/false\n'],
    'tmp/': [0o1777, ''],
  });
  assert.deepEqual(told(await findings('careful', { layers: [root], config: CLEAN })), []);
});

test('thousands of files that stand out are bounded, and the report says so', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 2100 }, (_, i) => [`opt/p${i}`, [0o4755, 'x']] as const),
  );
  const layout = join(FOLDER, 'many-layout');
  writeLayout(layout, 'it', { layers: [tree('many', files)], config: CLEAN });
  const report = await scanTarget({ kind: 'image', reference: `oci:${layout}:it` }, { only: ONLY });
  assert.equal(report.misconfigurations.length, 200);
  assert.match(report.misconfigurations.at(-1)?.message ?? '', /more hits of GC-FILE-001/);
  assert.deepEqual(
    report.errors.map(({ code }) => code),
    ['GC_FILE_NOT_READ'],
  );
});

test('a project with a bin folder of its own is no system; an unpacked one is', async () => {
  const project = tree('project', { 'bin/run': [0o777, 'x'] });
  const scan = async (path: string): Promise<readonly string[]> =>
    told((await scanTarget({ kind: 'filesystem', path }, { only: ONLY })).misconfigurations);
  assert.deepEqual(await scan(project), []);
  const system = tree('system', { 'bin/run': [0o777, 'x'], 'etc/os-release': [0o644, 'ID=x\n'] });
  assert.deepEqual(await scan(system), ['GC-FILE-003 /bin/run']);
});
