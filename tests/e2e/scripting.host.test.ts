// What scripts rely on: shapes of the output, exit codes, API keys against --server, the live tail.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { alertOf, type Marker, marker } from '../support/marker.ts';
import {
  callApi,
  eventually,
  type Platform,
  runGuardcell,
  spawnGuardcell,
  startPlatform,
} from '../support/platform.ts';
import { childrenOf } from '../support/process-tree.ts';

const skip = process.getuid?.() === 0 ? false : 'the sensor needs root';
const PATIENCE_MS = 20_000;
const EXIT = { ok: 0, usage: 2, notFound: 3, auth: 4, unreachable: 5, interrupted: 130 } as const;

interface Tail {
  readonly process: ChildProcess;
  readonly lines: () => string[];
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

function tail(args: readonly string[], env: Readonly<Record<string, string>> = {}): Tail {
  const child = spawnGuardcell(['events', 'tail', ...args], { env });
  let text = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return {
    process: child,
    lines: () => text.split('\n').slice(0, -1),
    errors: () => errors,
    ended: new Promise((done) => child.once('close', (code) => done(code))),
  };
}

suite('scripts can rely on the command line', { skip, timeout: 180_000 }, () => {
  let scratch: string;
  let platform: Platform;
  let own: Marker;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'gc-scripts-'));
    own = marker(scratch, 'Marker of the scripts test');
    writeFileSync(join(scratch, 'rules.yaml'), own.yaml);
    platform = await startPlatform({ rules: [join(scratch, 'rules.yaml')] });
  });
  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  /** Touches markers until one has come through the tail. */
  function firstItem(live: Tail): Promise<Alert> {
    return eventually('the tail prints an alert', PATIENCE_MS, async () => {
      const [line] = live.lines();
      if (line !== undefined) return JSON.parse(line) as Alert;
      own.touch();
      await new Promise((done) => setTimeout(done, 100));
      return undefined;
    });
  }

  test('events list and status print the documented JSON', async () => {
    const name = own.touch();
    await eventually('the alert', PATIENCE_MS, () => alertOf(platform, own.rule, name));
    const page = await platform.json<{ items: Alert[]; nextCursor: string | null }>(
      'events',
      'list',
      '--since',
      '10m',
      '--rule',
      own.rule,
      '--limit',
      '1',
    );
    assert.deepEqual(Object.keys(page).sort(), ['items', 'nextCursor']);
    const [alert] = page.items;
    assert.ok(alert !== undefined);
    for (const key of ['id', 'time', 'rule', 'severity', 'message'] as const)
      assert.equal(typeof alert[key], 'string');
    for (const key of ['id', 'name', 'image'] as const) assert.equal(typeof alert.container[key], 'string');
    for (const key of ['name', 'exe', 'cmdline'] as const) assert.equal(typeof alert.process[key], 'string');
    assert.equal(alert.process.pid, process.pid, 'this process wrote the marker');
    assert.ok(alert.matched.length > 0);
    assert.equal(alert.rule, own.rule);
    assert.equal(new Date(alert.time).toISOString().slice(0, 19), alert.time.slice(0, 19));

    const status = await platform.json<Record<string, unknown>>('status');
    assert.equal(typeof status['version'], 'string');
    assert.equal(typeof status['containers'], 'number');
    const sensor = status['sensor'] as Record<string, unknown>;
    assert.equal(sensor['state'], 'running');
    assert.equal(typeof sensor['events'], 'number');
    assert.equal(sensor['drops'], 0);
    const rules = status['rules'] as Record<string, unknown>;
    assert.equal(typeof rules['loaded'], 'number');
    assert.equal(rules['errors'], 0);
  });

  test('pages put together are the whole list', async () => {
    const names = Array.from({ length: 7 }, () => own.touch());
    await eventually('the last alert', PATIENCE_MS, () => alertOf(platform, own.rule, names.at(-1) ?? ''));
    const list = async (...more: readonly string[]): Promise<{ items: Alert[]; nextCursor: string | null }> =>
      platform.json('events', 'list', '--rule', own.rule, ...more);
    const whole = await list('--limit', '500');
    const paged: Alert[] = [];
    let page = await list('--limit', '3');
    paged.push(...page.items);
    while (page.nextCursor !== null) {
      page = await list('--limit', '3', '--cursor', page.nextCursor);
      paged.push(...page.items);
    }
    assert.deepEqual(paged, whole.items);
  });

  test('events tail streams the items of events list, through an API key too, and SIGINT ends it with 130', async () => {
    const { token } = await callApi<{ token: string }>(platform, 'POST', '/api/v1/api-keys', {
      name: 'scripts',
      role: 'viewer',
      expiresInDays: 1,
    });
    const env = { GUARDCELL_TOKEN: token };
    const live = tail(['-o', 'jsonl', '--rule', own.rule, '--server', platform.url], env);
    try {
      const item = await firstItem(live);
      const listed = await runGuardcell(
        ['events', 'list', '--rule', own.rule, '--limit', '500', '-o', 'json', '--server', platform.url],
        { env },
      );
      assert.equal(listed.code, EXIT.ok, listed.err);
      const { items } = JSON.parse(listed.out) as { items: Alert[] };
      assert.deepEqual(
        item,
        items.find(({ id }) => id === item.id),
      );
      const shown = await platform.json<Alert>('events', 'show', item.id);
      assert.deepEqual(shown, item);
      live.process.kill('SIGINT');
      assert.equal(await live.ended, EXIT.interrupted);
      assert.equal(live.errors(), '');
      for (const line of live.lines()) assert.equal((JSON.parse(line) as Alert).rule, own.rule);
    } finally {
      live.process.kill('SIGKILL');
    }
    // A viewer must not act.
    const act = await runGuardcell(
      ['respond', 'run', 'pause', '--container', 'none', '--server', platform.url],
      { env },
    );
    assert.equal(act.code, EXIT.auth, act.err);
    assert.match(act.err, /GC_FORBIDDEN/);
  });

  test('each kind of failure has its exit code, its own error code and a hint', async () => {
    const at = ['--server', platform.url];
    const cases: readonly (readonly [string, readonly string[], number, RegExp, string?])[] = [
      ['wrong token', ['status', ...at], EXIT.auth, /GC_UNAUTHENTICATED/, `gck_${'x'.repeat(40)}`],
      ['no token', ['status', ...at], EXIT.auth, /GC_AUTH_NO_TOKEN/, ''],
      [
        'nobody answers',
        ['status', '--server', 'http://127.0.0.1:9'],
        EXIT.unreachable,
        /GC_SERVER_UNREACHABLE/,
        'x',
      ],
      ['no such address', ['status', '--server', 'not a url'], EXIT.usage, /GC_USAGE/, 'x'],
      ['no platform', ['status', '--data', scratch], EXIT.unreachable, /GC_SERVER_NOT_FOUND/],
      [
        'no such alert',
        ['events', 'show', 'nothing-1-1', '--data', platform.dataDir],
        EXIT.notFound,
        /GC_NOT_FOUND/,
      ],
      [
        'no such container',
        ['containers', 'show', 'nothing', '--data', platform.dataDir],
        EXIT.notFound,
        /GC_NOT_FOUND/,
      ],
      ['no such command', ['evnets', 'list'], EXIT.usage, /Did you mean/],
      ['no such option', ['events', 'list', '--sicne', '10m'], EXIT.usage, /GC_USAGE/],
      ['no such format', ['status', '-o', 'xml', '--data', platform.dataDir], EXIT.usage, /GC_USAGE/],
      [
        'bad time',
        ['events', 'list', '--since', 'soon', '--data', platform.dataDir],
        EXIT.usage,
        /GC_INVALID_REQUEST/,
      ],
      ['bad address', ['up', '--listen', 'nowhere'], EXIT.usage, /GC_USAGE/],
      [
        'no such rules',
        ['up', '--rules', '/nonexistent', '--data', join(scratch, 'x')],
        EXIT.usage,
        /GC_USAGE_PATH_NOT_FOUND|GC_USAGE/,
      ],
    ];
    await Promise.all(
      cases.map(async ([what, args, code, says, token]) => {
        const result = await runGuardcell(
          args,
          token === undefined ? {} : { env: { GUARDCELL_TOKEN: token } },
        );
        assert.equal(result.code, code, `${what}: ${result.err}`);
        assert.match(result.err, says, what);
        assert.match(result.err, /^error GC_\w+: /m, what);
        assert.doesNotMatch(result.err, /^ {4}at /m, `${what}: no stack trace`);
        assert.equal(result.out, '', `${what}: stdout is for data`);
      }),
    );
  });

  test('the credential is of no use to other users', async () => {
    chmodSync(scratch, 0o755);
    const result = await runGuardcell(['status', '--data', platform.dataDir], { uid: 65_534 });
    assert.equal(result.code, EXIT.auth, result.err);
    assert.match(result.err, /GC_AUTH_CREDENTIAL/);
  });

  test('a tail goes on after the server was killed, and says why it ends when the platform stops', async () => {
    const live = tail(['-o', 'jsonl', '--rule', own.rule, '--data', platform.dataDir]);
    try {
      await firstItem(live);
      const server = childrenOf(platform.process.pid ?? 0).find(({ entry }) =>
        entry.includes('/apps/server/'),
      );
      assert.ok(server !== undefined);
      process.kill(server.pid, 'SIGKILL');
      const names = Array.from({ length: 5 }, () => own.touch());
      await eventually('what happened meanwhile comes through the same tail', PATIENCE_MS, () =>
        names.every((name) => live.lines().some((line) => line.includes(`${name}"`))) ? true : undefined,
      );
      const ids = live.lines().map((line) => (JSON.parse(line) as Alert).id);
      assert.equal(new Set(ids).size, ids.length, 'nothing comes twice');
      await platform.stop();
      assert.equal(await live.ended, EXIT.unreachable);
      assert.match(live.errors(), /GC_SERVER_UNREACHABLE/);
      assert.doesNotMatch(live.errors(), /^ {4}at /m);
    } finally {
      live.process.kill('SIGKILL');
    }
  });
});
