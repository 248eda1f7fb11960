// Runs the command line as its launcher does, with its time, processor time, and the most memory that it ever had.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const FLAGS = ['--max-semi-space-size=2', '--disable-warning=ExperimentalWarning'];
/** Tells VmHWM: `maxRSS` of the system counts what the parent had when it forked, too. */
const METER = `data:text/javascript,
import { readFileSync } from 'node:fs';
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const peak = /VmHWM.*/.exec(readFileSync('/proc/self/status', 'utf8'))[0];
  process.stderr.write('\\n' + peak + '\\nCPU: ' + (user + system) / 1e6 + ' s\\n');
})`;

export interface CliRun {
  readonly code: number;
  /** From start to end, as people wait for it. */
  readonly seconds: number;
  /** Of all threads; what it takes on a machine that does nothing else is between this and half of it. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  const started = performance.now();
  const entry = join(ROOT, 'apps/cli/src/main.ts');
  const child = spawn(process.execPath, [...FLAGS, '--import', METER, entry, ...words], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, '.cache/compile'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => void texts[0]?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => void texts[1]?.push(chunk));
  const code = await new Promise<number>((done) => child.once('close', (value) => done(value ?? -1)));
  const seconds = (performance.now() - started) / 1000;
  const [stdout = '', stderr = ''] = texts.map((chunks) => Buffer.concat(chunks).toString());
  const cpuSeconds = Number(/CPU: ([\d.]+) s/.exec(stderr)?.[1]);
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(stderr)?.[1]);
  return { code, seconds, cpuSeconds, peakMiB: kilobytes / 1024, stdout, stderr };
}

/** Runs some times: the time in the middle and the most memory. @throws Error when one ends with another exit code. */
export async function measureCli(
  words: readonly string[],
  options: { readonly runs?: number; readonly code?: number } = {},
): Promise<CliRun> {
  const runs: CliRun[] = [];
  for (let i = 0; i < (options.runs ?? 5); i += 1) {
    const run = await runCli(words);
    if (run.code !== (options.code ?? 0)) {
      throw new Error(`guardcell ${words.join(' ')} ended with ${run.code}: ${run.stderr}`);
    }
    runs.push(run);
  }
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)] as CliRun;
  return { ...middle, peakMiB: Math.max(...runs.map(({ peakMiB }) => peakMiB)) };
}
