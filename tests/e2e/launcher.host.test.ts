// The launcher on a copy of the project that has nothing installed: it installs what is missing, and says what it cannot.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
const NOT_COPIED = new Set(['node_modules', '.git', '.cache', 'dist', 'screenshots']);
/** What the launcher needs before there is a Node. */
const TOOLS = ['sh', 'readlink', 'dirname', 'cksum', 'cat', 'mkdir', 'rm', 'tail', 'grep', 'id', 'sleep'];
const AGAIN_MS = 3000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly tookMs: number;
}

function launch(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const startedMs = performance.now();
  // Tests may run with this project's own programs first in PATH; a user's shell has not.
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const child: ChildProcess = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path.join(':'), ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err, tookMs: performance.now() - startedMs }));
  });
}

suite('the launcher', { timeout: 300_000 }, () => {
  let scratch: string;
  let copy: string;
  let launcher: string;

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'gc-launcher-'));
    copy = join(scratch, 'a folder');
    cpSync(ROOT, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
    launcher = join(copy, 'guardcell');
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('without Node it says so and what to do', async () => {
    const bin = join(scratch, 'bin');
    mkdirSync(bin);
    for (const tool of TOOLS) {
      const found = ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find((path) => existsSync(path));
      assert.ok(found !== undefined, `${tool} is there`);
      symlinkSync(found, join(bin, tool));
    }
    const result = await launch(launcher, ['version'], { env: { PATH: bin } });
    assert.equal(result.code, 2, result.err);
    assert.match(result.err, /error GC_SETUP_NO_NODE: /);
    assert.match(result.err, /Install Node\.js 20/);
    assert.equal(result.out, '');
  });

  test('without network it says so, and leaves nothing half done', async () => {
    const result = await launch(launcher, ['version'], {
      env: {
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_cache: join(scratch, 'empty-cache'),
        npm_config_proxy: '',
        npm_config_https_proxy: '',
      },
    });
    assert.equal(result.code, 5, result.err);
    assert.match(result.err, /error GC_SETUP_NO_NETWORK: /);
    assert.equal(existsSync(join(copy, '.cache/setup.lock')), false, 'the lock is gone');
    console.log(`    no network: said after ${Math.round(result.tookMs)} ms`);
  });

  test('it installs, then starts quickly from any folder and through links; two at once do not disturb each other', async () => {
    const env = { NODE_COMPILE_CACHE: '' };
    const [first, second] = await Promise.all([
      launch(launcher, ['version'], { env }),
      launch(launcher, ['version'], { env }),
    ]);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    for (const result of [first, second]) {
      assert.equal(result.code, 0, result.err);
      assert.ok(result.out.includes(version), result.out);
    }
    const again = await launch(launcher, ['version'], { env });
    assert.equal(again.code, 0, again.err);
    assert.equal(again.err, '', 'nothing to say the second time');
    assert.ok(again.tookMs < AGAIN_MS, `${again.tookMs} ms`);
    console.log(`    installed in ${Math.round(first.tookMs)} ms, again in ${Math.round(again.tookMs)} ms`);

    const link = join(scratch, 'gc');
    symlinkSync(join('a folder', 'guardcell'), link);
    symlinkSync(link, join(scratch, 'gc2'));
    for (const file of [link, join(scratch, 'gc2'), './gc2', '../gc']) {
      const cwd = file.startsWith('..') ? copy : file.startsWith('.') ? scratch : '/';
      const result = await launch(file, ['version'], { env, cwd });
      assert.equal(result.code, 0, `${file}: ${result.err}`);
      assert.equal(result.out, again.out);
    }
    const wrong = await launch(launcher, ['no-such-command'], { env, cwd: '/' });
    assert.equal(wrong.code, 2, 'exit codes pass through');
  });
});
