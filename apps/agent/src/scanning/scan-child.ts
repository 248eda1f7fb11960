// Runs one scan in a process of its own: lowest priority, idle I/O, bounds on time and memory. The code of scanning is loaded
// there alone, and its memory goes with it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScanError } from '@guardcell/core';
import type { ScanJob } from './scan-plan.ts';

export interface ScanBudget {
  readonly wallMs: number;
  readonly rssBytes: number;
  /** Share of one CPU that it may take. */
  readonly cpuShare: number;
}

export const CONTAINER_BUDGET: ScanBudget = {
  wallMs: 10 * 60_000,
  rssBytes: 512 * 1024 * 1024,
  cpuShare: 0.5,
};
export const HOST_BUDGET: ScanBudget = { ...CONTAINER_BUDGET, wallMs: 60 * 60_000 };

/** What the process is told. */
export interface ScanTask {
  readonly job: ScanJob;
  readonly sensorId: string;
  /** The gzip'd upload is put there. */
  readonly outFile: string;
  /** And the index of files there. */
  readonly ownersFile: string;
  readonly cpuShare: number;
}

/** What it answers. */
export type ScanReply =
  | { readonly ok: true; readonly packages: number }
  | { readonly ok: false; readonly problem: ScanError };

const PROCESS = fileURLToPath(new URL('./scan.process.ts', import.meta.url));
const IONICE = '/usr/bin/ionice';
const IDLE_CLASS = '3';
/**
 * The process reads what strangers wrote, as root: of root's powers it keeps those to read any file and to look into the root of
 * another process, and no program it could start gets more (capabilities(7)).
 */
const CONFINED = ['/usr/bin/setpriv', '--no-new-privs', '--bounding-set=-all,+dac_read_search,+sys_ptrace'];
/** What it needs of the environment; tokens and passwords in it stay with the agent. */
const PASSED = ['PATH', 'TMPDIR', 'TZ', 'NODE_COMPILE_CACHE'];
/** Live objects; what is beyond them is the rest of the process. */
const HEAP_MB = 256;
const WATCH_MS = 500;
/** A sensor that does not answer does not hold up scans: its rules then may see what the scan reads. */
const EXCLUDE_WAIT_MS = 2000;

function start(): ChildProcess {
  const node = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${HEAP_MB}`,
    PROCESS,
  ];
  const [command = '', ...args] = [
    ...(existsSync(IONICE) ? [IONICE, '-c', IDLE_CLASS] : []),
    ...(canConfine() ? CONFINED : []),
    ...node,
  ];
  const env = Object.fromEntries(
    PASSED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    env,
  });
}

let confinable: boolean | undefined;

/** Not everywhere: without root there is nothing to give up, and a container may have been given less than this already. */
function canConfine(): boolean {
  const [program = '', ...args] = CONFINED;
  confinable ??= existsSync(program) && spawnSync(program, [...args, '/bin/true']).status === 0;
  return confinable;
}

function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4096;
  } catch {
    return 0;
  }
}

function overBudget(what: string, at: string): ScanReply {
  const problem = {
    code: 'GC_SCAN_OVER_BUDGET',
    message: `the scan was ended: ${what}`,
    at,
    hint: 'Scan it with `guardcell scan` where more may be taken.',
  };
  return { ok: false, problem };
}

/**
 * Runs a scan to its end. Never rejects: what goes wrong is an answer.
 * @param exclude leaves the process out of what the sensor reports, until it is called with false
 */
export function runScan(
  task: ScanTask,
  budget: ScanBudget,
  exclude: (pid: number, isExcluded: boolean) => Promise<void>,
  signal: AbortSignal,
): Promise<ScanReply> {
  return new Promise((done) => {
    const child = start();
    const at = task.job.subject.name;
    let reply: ScanReply | undefined;
    const stop = (answer: ScanReply): void => {
      reply ??= answer;
      child.kill('SIGKILL');
    };
    const failed = (why: string): ScanReply => ({
      ok: false,
      problem: { code: 'GC_SCAN_FAILED', message: `the scan ended early: ${why}`, at, hint: '' },
    });
    const timer = setTimeout(
      () => stop(overBudget(`it took longer than ${Math.round(budget.wallMs / 1000)} s`, at)),
      budget.wallMs,
    );
    const watch = setInterval(() => {
      if (residentBytes(child.pid ?? 0) <= budget.rssBytes) return;
      stop(overBudget(`it took more than ${budget.rssBytes / 1024 / 1024} MiB of memory`, at));
    }, WATCH_MS);
    const abort = (): void => stop(failed('the agent stops'));
    signal.addEventListener('abort', abort, { once: true });
    child.once('message', (answer: ScanReply) => {
      reply ??= answer;
    });
    child.once('error', (error) => stop(failed(error.message)));
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', abort);
      if (child.pid !== undefined) void exclude(child.pid, false);
      const isMemory = killedBy === 'SIGABRT' || code === 134;
      done(
        reply ??
          (isMemory
            ? overBudget(`it took more than ${HEAP_MB} MiB of heap`, at)
            : failed(`${killedBy ?? code}`)),
      );
    });
    const excluded = child.pid === undefined ? Promise.resolve() : exclude(child.pid, true);
    const patience = new Promise<void>((over) => setTimeout(over, EXCLUDE_WAIT_MS).unref());
    void Promise.race([excluded, patience]).then(() => {
      if (!child.connected) return;
      child.send(task, (error) => {
        if (error !== null) stop(failed(error.message));
      });
    });
  });
}
