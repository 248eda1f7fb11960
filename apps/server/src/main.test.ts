// The server as a process of its own: what it tells its supervisor, and how it ends.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gc-main-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function start(dataDir: string, over: object = {}): ChildProcess {
  const options = {
    dataDir,
    host: '127.0.0.1',
    port: 0,
    agentSocket: '',
    builtinRulesDir: '',
    rulePaths: [],
    responsePaths: [],
    webRoot: '',
    version: 'test',
    ...over,
  };
  return fork(new URL('./main.ts', import.meta.url), ['--options', JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

interface Message {
  readonly kind: string;
  readonly url?: string;
  readonly adminPassword?: string;
  readonly code?: string;
  readonly hint?: string;
}

async function said(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message];
  return message;
}

test('it says when it is ready, gives the password until it was shown, keeps secrets private, and ends when its parent is gone', async () => {
  const dir = join(folder, 'data');
  const first = start(dir);
  const ready = await said(first);
  assert.equal(ready.kind, 'ready');
  assert.ok((ready.adminPassword ?? '').length >= 20);
  assert.equal((await fetch(`${ready.url}/healthz`)).status, 200);
  for (const [file, mode] of [
    ['', 0o700],
    ['credential.json', 0o600],
    ['agent-token', 0o600],
    ['agent.sock', 0o600],
    ['first-password', 0o600],
    ['state.sqlite', 0o600],
  ] as const) {
    assert.equal((await stat(join(dir, file))).mode & 0o777, mode, file);
  }
  const ended = once(first, 'exit');
  first.disconnect();
  assert.deepEqual(await ended, [0, null]);

  // Nobody has shown it: it is not lost.
  const untold = start(dir);
  assert.equal((await said(untold)).adminPassword, ready.adminPassword);
  const untoldEnded = once(untold, 'exit');
  untold.kill('SIGTERM');
  await untoldEnded;
  await rm(join(dir, 'first-password'));

  const second = start(dir);
  assert.equal((await said(second)).adminPassword, undefined);
  const inUse = start(dir);
  assert.equal((await said(inUse)).code, 'GC_DATA_DIR_IN_USE');
  const stopped = once(second, 'exit');
  second.kill('SIGTERM');
  assert.deepEqual(await stopped, [0, null]);
});

test('a port that is taken and a folder that is none are told with a code and a hint', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const child = start(join(folder, 'other'), { port });
  const exited = once(child, 'exit');
  const failed = await said(child);
  assert.deepEqual([failed.kind, failed.code], ['failed', 'GC_PORT_IN_USE']);
  assert.notEqual(failed.hint, '');
  assert.deepEqual(await exited, [1, null]);
  taken.close();

  await writeFile(join(folder, 'file'), '');
  const wrong = start(join(folder, 'file'));
  assert.equal((await said(wrong)).code, 'GC_DATA_DIR_NOT_WRITABLE');
});
