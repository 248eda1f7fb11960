// The command line's own logic: parsing, tables, help, exit codes of a real process.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdDataFolder } from './commands/up/data-folder.ts';
import { parseListen } from './commands/up/index.ts';
import { allCommands, COMMAND_NAMES, findCommand } from './commands.ts';
import { commandHelp, mostWords } from './help.ts';
import { table } from './output.ts';
import { PROJECT_ROOT } from './paths.ts';
import { VERSION } from './version.ts';

function guardcell(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const entry = join(PROJECT_ROOT, 'apps/cli/src/main.ts');
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    encoding: 'utf8',
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

test('listen addresses of each kind are read', () => {
  assert.deepEqual(parseListen('127.0.0.1:8610'), { host: '127.0.0.1', port: 8610 });
  assert.deepEqual(parseListen('[::1]:80'), { host: '::1', port: 80 });
  assert.deepEqual(parseListen(':0'), { host: '0.0.0.0', port: 0 });
  for (const bad of ['8610', 'host', 'a:b', 'h:99999', ''])
    assert.throws(() => parseListen(bad), { code: 'GC_USAGE' });
});

test('a table lines its columns up and lets no control character through', () => {
  const text = table(
    [
      { a: 'x\u001b[31m', b: 'y' },
      { a: 'longer', b: 'z' },
    ],
    [
      { title: 'A', value: (row) => row.a },
      { title: 'B', value: (row) => row.b },
    ],
  );
  assert.equal(text.includes('\u001b'), false);
  assert.equal(
    new Set(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.lastIndexOf(' ')),
    ).size,
    1,
  );
});

test('the version is that of package.json', () => {
  const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(VERSION, manifest.version);
});

test('every command has help with an example', async () => {
  for (const command of await allCommands()) {
    assert.ok(command.examples.length > 0, command.name);
    assert.match(commandHelp(command), new RegExp(`guardcell ${command.name}`));
  }
});

test('the table of commands names each command as it names itself', async () => {
  for (const name of COMMAND_NAMES) {
    const found = await findCommand([...name.split(' '), 'rest']);
    assert.deepEqual([found?.command.name, found?.rest], [name, ['rest']]);
  }
});

test('a usage says how many words a command takes', () => {
  const most = (...usages: string[]) => usages.map(mostWords);
  assert.deepEqual(most('', '[--mirror URL…]', '--feeds DIR', '--alert ID… | --rule NAME'), [0, 0, 0, 0]);
  assert.deepEqual(most('DIR', 'FOLDER|FILE', 'HOST[:PORT][/PREFIX]', 'ACTION --container C'), [1, 1, 1, 1]);
  assert.deepEqual(most('OLD NEW', 'ALERT-ID | RULE | --event FILE [RULE]'), [2, 1]);
  assert.deepEqual(most('FILE…', 'ECOSYSTEM (A B | -)'), [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test('a mistyped command is answered with what was meant', () => {
  const { code, err } = guardcell('evnts', 'list');
  assert.equal(code, 2);
  assert.match(err, /GC_USAGE.*\n.*events list/);
});

test('an unknown option is a usage error', () => {
  const { code, err } = guardcell('status', '--nope');
  assert.equal(code, 2);
  assert.match(err, /GC_USAGE/);
});

test('a platform that was never started is unreachable', () => {
  const { code, err } = guardcell('status', '--data', '/nonexistent');
  assert.equal(code, 5);
  assert.match(err, /GC_SERVER_NOT_FOUND/);
});

test('a data folder is held by one platform at a time, and a dead holder does not matter', () => {
  const dir = mkdtempSync(join(tmpdir(), 'guardcell-data-'));
  try {
    const child = spawnSync(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '-e',
      `import { holdDataFolder } from '${join(import.meta.dirname, 'commands/up/data-folder.ts')}'; holdDataFolder('${dir}'); process.kill(process.pid, 'SIGKILL')`,
    ]);
    assert.equal(child.signal, 'SIGKILL');
    holdDataFolder(dir)[Symbol.dispose]();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
