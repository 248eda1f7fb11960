// How fast the server takes alerts: a real server process on disk, fed over the agents' socket at a steady rate.
// Prints the time from an alert's making to its being visible by API, CPU per alert, and memory idle and loaded.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Alert, alertId } from '@guardcell/core';

const ROOT = resolve(import.meta.dirname, '..');
const SENSOR = 'bench';
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '20' },
  },
});
const RATE = Number(values.rate);
const SECONDS = Number(values.seconds);
const TICK_MS = 50;

const PROCESS: Alert['process'] = {
  pid: 4242,
  ppid: 4000,
  vpid: 7,
  name: 'sh',
  exe: '/usr/bin/dash',
  cmdline: "sh -c 'echo x:x:0:0::/:/bin/sh >> /etc/passwd; sleep 60'",
  cwd: '/srv/app',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '2026-01-02T03:04:05.000000000Z',
};

function alertAt(seq: number): Alert {
  const container = `web-${seq % 40}`;
  return {
    id: alertId({ sensor: SENSOR, epoch: 1, seq }),
    time: new Date().toISOString(),
    rule: `Account file written in a container (${seq % 30})`,
    severity: seq % 10 === 0 ? 'critical' : 'medium',
    priority: seq % 10 === 0 ? 'critical' : 'warning',
    source: 'syscall',
    message: `account file /etc/passwd opened for writing by sh in ${container} (user root, number ${seq})`,
    tags: ['container', 'persistence', 'credential_access'],
    mitre: ['T1098', 'T1136.001'],
    hostname: 'bench-host',
    container: {
      id: String(seq % 40).padStart(64, 'a'),
      name: container,
      image: 'docker.io/library/example:1.2',
      imageDigest: `sha256:${'0'.repeat(64)}`,
      runtime: 'docker',
      privileged: false,
      namespace: '',
      pod: '',
    },
    process: { ...PROCESS, pid: 4000 + (seq % 500) },
    processTree: [PROCESS, { ...PROCESS, pid: 1, cmdline: 'nginx: master process', name: 'nginx' }, PROCESS],
    matched: [
      {
        field: 'fd.name',
        operator: '=',
        expected: '/etc/passwd',
        actual: '/etc/passwd',
        macros: ['account_file'],
      },
      {
        field: 'container.id',
        operator: '!=',
        expected: 'host',
        actual: 'aaaaaaaaaaaa',
        macros: ['container'],
      },
    ],
    event: {
      num: seq,
      type: 'openat',
      args: { flags: 'O_WRONLY|O_CREAT|O_APPEND', name: '/etc/passwd', fd: '3' },
    },
    outputFields: { 'fd.name': '/etc/passwd', 'proc.name': 'sh', 'container.name': container, 'user.uid': 0 },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly dir: string;
}

async function start(): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  const options = {
    dataDir: dir,
    host: '127.0.0.1',
    port: 0,
    agentSocket: '',
    builtinRulesDir: join(ROOT, 'content/rules'),
    rulePaths: [],
    responsePaths: [],
    webRoot: join(ROOT, 'apps/web/dist'),
    version: 'bench',
  };
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'apps/server/src/main.ts')],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, GUARDCELL_SERVER_OPTIONS: JSON.stringify(options) },
    },
  );
  const url = await new Promise<string>((done, fail) => {
    child.on('message', (message: { kind: string; url: string }) => {
      if (message.kind === 'ready') done(message.url);
      else fail(new Error(JSON.stringify(message)));
    });
    child.on('exit', () => fail(new Error('the server ended')));
  });
  return { child, url, dir };
}

const TICKS_PER_SECOND = 100;

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function rssMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function sender(dir: string): (body: string) => Promise<number> {
  const token = readFileSync(join(dir, 'agent-token'), 'utf8').trim();
  const agent = new Agent({ keepAlive: true });
  return (body) =>
    new Promise((done, fail) => {
      const call = request(
        {
          socketPath: join(dir, 'agent.sock'),
          agent,
          method: 'POST',
          path: `/agent/v1/streams/${SENSOR}/1/batches`,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => done((JSON.parse(text) as { ack: number }).ack));
        },
      );
      call.on('error', fail);
      call.end(body);
    });
}

/** Milliseconds from the alert's time until the API has it. */
async function visibleAfter({ url, dir }: Running, alert: Alert): Promise<number> {
  const { token } = JSON.parse(readFileSync(join(dir, 'credential.json'), 'utf8')) as { token: string };
  const madeMs = Date.parse(alert.time);
  for (;;) {
    const response = await fetch(`${url}/api/v1/events/${alert.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await response.arrayBuffer();
    if (response.status === 200) return Date.now() - madeMs;
    if (Date.now() - madeMs > 30_000) throw new Error('an alert never became visible');
    await sleep(5);
  }
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const server = await start();
const pid = server.child.pid ?? 0;
try {
  await sleep(2000);
  const idleRss = rssMiB(pid);
  const send = sender(server.dir);
  const latencies: Promise<number>[] = [];
  const queue: string[] = [];
  let made = 0;
  let acked = 0;
  let sentThrough = 0;
  const cpuBefore = cpuSeconds(pid);
  const startMs = performance.now();
  const endMs = startMs + SECONDS * 1000;

  /** Like the agent: one batch under way, at most 500 alerts. */
  async function drain(): Promise<void> {
    while (performance.now() < endMs || queue.length > 0) {
      const batch = queue.splice(0, 500);
      if (batch.length === 0) {
        await sleep(5);
        continue;
      }
      acked = await send(`{"firstSeq":${sentThrough + 1},"alerts":[${batch.join(',')}],"gaps":[]}`);
      sentThrough += batch.length;
    }
  }
  const drained = drain();
  let peakRss = 0;
  for (let tick = 1; performance.now() < endMs; tick++) {
    const wanted = Math.floor(((performance.now() - startMs) / 1000) * RATE);
    let last: Alert | undefined;
    while (made < wanted) {
      last = alertAt(++made);
      queue.push(JSON.stringify(last));
    }
    if (last !== undefined && tick % 4 === 0) latencies.push(visibleAfter(server, last));
    peakRss = Math.max(peakRss, rssMiB(pid));
    await sleep(TICK_MS);
  }
  await drained;
  const tookSeconds = (performance.now() - startMs) / 1000;
  const cpu = cpuSeconds(pid) - cpuBefore;
  const sorted = (await Promise.all(latencies)).sort((a, b) => a - b);
  console.log(
    [
      `alerts               ${made} sent, ${acked} acknowledged, ${Math.round(made / tookSeconds)}/s`,
      `visible by API       p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms, max ${sorted.at(-1)} ms (${sorted.length} samples)`,
      `server CPU           ${((cpu / made) * 1e6).toFixed(0)} µs per alert, ${((cpu / tookSeconds) * 100).toFixed(0)} % of a core`,
      `server RSS           ${idleRss.toFixed(0)} MiB idle, ${peakRss.toFixed(0)} MiB at most under load`,
    ].join('\n'),
  );
} finally {
  server.child.kill('SIGTERM');
  await new Promise((done) => server.child.once('exit', done));
  rmSync(server.dir, { recursive: true, force: true });
}
