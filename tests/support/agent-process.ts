// The agent as its own process, on a data folder of the test and with a server that the test plays.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AgentServer } from './agent-server.ts';

const AGENT = resolve(import.meta.dirname, '../../apps/agent/src/main.ts');

export interface AgentProcess extends AsyncDisposable {
  readonly pid: number;
  log(): string;
  /** Ends it; gives the exit code or undefined when it was killed. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when rules are in force and the sensor runs. */
  readonly ready: Promise<void>;
}

export function startAgentProcess(folder: string, server: AgentServer): AgentProcess {
  const options = {
    dataDir: join(folder, 'agent'),
    serverSocket: server.socketPath,
    tokenFile: server.tokenFile,
    sensor: true,
    version: '0.0.0-test',
  };
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', AGENT], {
    env: { ...process.env, GUARDCELL_LOG_LEVEL: 'info', GUARDCELL_AGENT_OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-200_000);
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const ready = new Promise<void>((done, fail) => {
    child.once('message', (message: { kind: string }) => {
      if (message.kind === 'ready') done();
      else fail(new Error(JSON.stringify(message)));
    });
    void ended.then(() => fail(new Error(`the agent ended\n${log}`)));
  });
  ready.catch(() => undefined);
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  }
  return {
    pid: child.pid ?? 0,
    log: () => log,
    end,
    ready,
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

export interface ScanProcess {
  readonly pid: number;
  readonly niceness: number;
  readonly residentBytes: number;
}

/** The scan that an agent runs now, if it does. */
export function scanProcessOf(agentPid: number): ScanProcess | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) !== agentPid) continue;
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('scan.process.ts')) continue;
      return { pid: Number(name), niceness: Number(fields[16]), residentBytes: Number(fields[21]) * 4096 };
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined;
}
