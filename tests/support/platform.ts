// Starts the whole platform as a user does, on its own data folder and port, and drives it through the command line.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = join(ROOT, 'apps/cli/src/main.ts');
const NODE_ARGS = ['--disable-warning=ExperimentalWarning', CLI];
const READY_MS = 60_000;
const run = promisify(execFile);

export interface PlatformOptions {
  readonly rules?: readonly string[];
  readonly responses?: readonly string[];
  readonly args?: readonly string[];
  /** An existing data folder; it is kept. Without one a temporary folder is made and removed. */
  readonly dataDir?: string;
  readonly listen?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user and group; only root may ask for that. */
  readonly uid?: number;
}

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Platform extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  /** Of the first start; empty afterwards. */
  readonly adminPassword: string;
  readonly process: ChildProcess;
  /** Everything written to stdout so far. */
  out(): string;
  /** Ms from start to `ready`. */
  readonly readyMs: number;
  cli(...args: readonly string[]): Promise<CliResult>;
  /** Runs with `-o json` and parses. @throws when the exit code is not 0. */
  json<Value>(...args: readonly string[]): Promise<Value>;
  /** Everything written to stderr so far. */
  log(): string;
  /** Bearer token of the local administrator, for calls of the API. */
  token(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs one command of the command line to its end; a result other than 0 is a return value. */
export async function runGuardcell(
  args: readonly string[],
  options: Pick<PlatformOptions, 'env' | 'uid'> = {},
): Promise<CliResult> {
  try {
    const { stdout, stderr: err } = await run(process.execPath, [...NODE_ARGS, ...args], {
      maxBuffer: 64 * 1024 * 1024,
      timeout: READY_MS,
      killSignal: 'SIGKILL',
      ...asUser(options),
    });
    return { code: 0, out: stdout, err };
  } catch (thrown) {
    const failed = thrown as { code?: number; stdout?: string; stderr?: string };
    return { code: failed.code ?? 1, out: failed.stdout ?? '', err: failed.stderr ?? String(thrown) };
  }
}

function asUser({ env, uid }: Pick<PlatformOptions, 'env' | 'uid'>): {
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
} {
  return {
    env: { ...process.env, GUARDCELL_LOG_LEVEL: 'info', ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  };
}

/** Starts a long-running command (`events tail`) and leaves it running. */
export function spawnGuardcell(
  args: readonly string[],
  options: Pick<PlatformOptions, 'env'> = {},
): ChildProcess {
  return spawn(process.execPath, [...NODE_ARGS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asUser(options),
  });
}

async function readyLine(child: ChildProcess, out: () => string, log: () => string): Promise<string> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<string>();
  child.stdout?.on('data', () => {
    const match = /^ready (\S+)$/m.exec(out());
    if (match?.[1] !== undefined) settle(match[1]);
  });
  child.on('exit', (code) =>
    reject(new Error(`guardcell up ended with ${code} before it was ready\n${log()}`)),
  );
  const timer = setTimeout(() => reject(new Error(`not ready after ${READY_MS} ms\n${log()}`)), READY_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'guardcell-e2e-'));
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...NODE_ARGS,
      'up',
      '--data',
      dataDir,
      '--listen',
      options.listen ?? '127.0.0.1:0',
      ...(options.rules ?? []).flatMap((path) => ['--rules', path]),
      ...(options.responses ?? []).flatMap((path) => ['--responses', path]),
      ...(options.args ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], ...asUser(options) },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-1_000_000);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-1_000_000);
  });
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const url = await readyLine(
    child,
    () => stdout,
    () => stderr,
  );
  const readyMs = performance.now() - startedMs;
  const token = (JSON.parse(readFileSync(join(dataDir, 'credential.json'), 'utf8')) as { token: string })
    .token;

  const cli = (...args: readonly string[]): Promise<CliResult> =>
    runGuardcell([...args, '--data', dataDir], options);

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exited;
  }

  return {
    url,
    dataDir,
    adminPassword: /^ {4}(\S{16,})$/m.exec(stderr)?.[1] ?? '',
    process: child,
    out: () => stdout,
    readyMs,
    cli,
    async json<Value>(...args: readonly string[]): Promise<Value> {
      const result = await cli(...args, '-o', 'json');
      if (result.code !== 0)
        throw new Error(`guardcell ${args.join(' ')} → ${result.code}\n${result.err}\n${stderr}`);
      return JSON.parse(result.out) as Value;
    },
    log: () => stderr,
    token: () => token,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks until the answer is not undefined. @throws Error naming `what` after `timeoutMs`. */
export async function eventually<Value>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(20);
  }
}

/** One call of the API as the local administrator. */
export async function callApi<Reply>(
  platform: Platform,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(platform.url + path, {
    method,
    headers: {
      authorization: `Bearer ${platform.token()}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Reply;
}
