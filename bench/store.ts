// Measures the embedded event store: appending, listing while appending, how soon an alert is visible, size per alert.
// Run: node bench/store.ts [seconds at 5 000 alerts/s, default 15]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, alertId, EVERYTHING, SEVERITIES } from '@guardcell/core';
import { processLogger, systemClock } from '@guardcell/kit';
import { type AppendItem, type Durability, type EventStore, openSqliteEventStore } from '@guardcell/store';

const SECONDS = Number(process.argv[2] ?? 15);
const RATE = 5000;
const RULES = 80;
const CONTAINERS = 500;

function pick(seed: number, of: number): number {
  // Skewed: low numbers are frequent, as with real workloads.
  const random = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0) / 2 ** 32;
  return Math.floor(random ** 3 * of);
}

let seq = 0;

function alertAt(timeMs: number): AppendItem {
  seq += 1;
  const [rule, container] = [pick(seq, RULES), pick(seq * 7, CONTAINERS)];
  const process = (depth: number): Alert['process'] => ({
    pid: 1000 + (seq % 30_000) + depth,
    ppid: 999 + depth,
    vpid: 10 + depth,
    name: ['sh', 'curl', 'nginx', 'postgres'][(seq + depth) % 4] ?? 'sh',
    exe: `/usr/bin/tool-${(seq + depth) % 40}`,
    cmdline: `sh -c echo ${seq} >> /var/log/app-${seq % 977}.log`,
    cwd: '/srv/app',
    uid: 0,
    user: 'root',
    tty: 0,
    startedAt: new Date(timeMs - 60_000).toISOString(),
  });
  const place = { sensor: 'bench0001', epoch: 1, seq };
  const alert: Alert = {
    id: alertId(place),
    time: new Date(timeMs).toISOString(),
    rule: `Rule number ${rule}`,
    severity: SEVERITIES[rule % SEVERITIES.length] ?? 'info',
    priority: 'warning',
    source: 'syscall',
    message: `File below a monitored folder opened for writing (file=/etc/app/${seq % 997} process=sh container=web-${container})`,
    tags: ['container', 'filesystem', `area_${rule % 9}`],
    mitre: [`T10${rule}`],
    hostname: `node-${container % 20}`,
    container: {
      id: container.toString(16).padStart(12, 'c').padEnd(64, '0'),
      name: `web-${container}`,
      image: `registry.example/team/web-${container % 50}:1.27`,
      imageDigest: `sha256:${'ab'.repeat(32)}`,
      runtime: 'docker',
      privileged: false,
      namespace: `ns-${container % 12}`,
      pod: '',
    },
    process: process(0),
    processTree: [process(0), process(1), process(2)],
    matched: [
      {
        field: 'fd.name',
        operator: 'startswith',
        expected: '/etc',
        actual: `/etc/app/${seq % 997}`,
        macros: ['open_write'],
      },
      { field: 'container.id', operator: '!=', expected: 'host', actual: 'cccc', macros: ['container'] },
    ],
    event: {
      num: seq,
      type: 'openat',
      args: { name: `/etc/app/${seq % 997}`, flags: 'O_WRONLY|O_CREAT', fd: '3' },
    },
    outputFields: { 'fd.name': `/etc/app/${seq % 997}`, 'proc.cmdline': `sh -c echo ${seq}` },
  };
  return { ...place, alert };
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function figures(samples: number[]): string {
  const sorted = samples.toSorted((a, b) => a - b);
  return `p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms (${sorted.length} samples)`;
}

async function withStore(durability: Durability, run: (store: EventStore) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'gc-bench-store-'));
  const store = await openSqliteEventStore({ dir, durability, logger: processLogger(), clock: systemClock });
  try {
    await run(store);
  } finally {
    await store.close();
    await rm(dir, { recursive: true });
  }
}

async function appendRate(batchSize: number, batches: number, durability: Durability): Promise<void> {
  await withStore(durability, async (store) => {
    const prepared = Array.from({ length: batches }, () =>
      Array.from({ length: batchSize }, () => alertAt(Date.now() + seq / 10)),
    );
    const json = prepared.flat().reduce((sum, item) => sum + JSON.stringify(item.alert).length, 0);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    for (const batch of prepared) await store.append(batch);
    const elapsedMs = performance.now() - startedAt;
    const used = process.cpuUsage(cpu);
    const rows = batchSize * batches;
    const { sizeBytes } = await store.stats();
    console.log(
      `append ${rows} alerts in batches of ${batchSize}, ${durability}: ${Math.round((rows / elapsedMs) * 1000)} alerts/s,`,
      `${((used.user + used.system) / rows).toFixed(1)} µs CPU each, ${Math.round(sizeBytes / rows)} B/alert on disk`,
      `(${Math.round(json / rows)} B as JSON)`,
    );
  });
}

/** Asks again and again until told to stop. */
async function sample(
  stop: AbortSignal,
  everyMs: number,
  question: () => Promise<unknown>,
): Promise<number[]> {
  const samples: number[] = [];
  while (!stop.aborted) {
    const startedAt = performance.now();
    await question();
    samples.push(performance.now() - startedAt);
    await sleep(everyMs);
  }
  return samples;
}

async function readWhileWriting(): Promise<void> {
  await withStore('power-loss', async (store) => {
    const stop = new AbortController();
    const loop = monitorEventLoopDelay({ resolution: 5 });
    const commits: number[] = [];
    const visible: number[] = [];
    const pending: Promise<unknown>[] = [];
    loop.enable();
    const hour = (): { fromMs: number; toMs: number } => ({
      fromMs: Date.now() - 3_600_000,
      toMs: Date.now() + 1,
    });
    const questions: Readonly<Record<string, () => Promise<unknown>>> = {
      'list, newest 50': () => store.list(EVERYTHING, 50),
      'list, one container': () => store.list({ any: { container: ['web-3'] }, words: [] }, 50),
      'list, two words': () => store.list({ any: {}, words: ['web', '17'] }, 50),
      'facet by rule, last hour': () => store.facet({ ...EVERYTHING, ...hour() }, 'rule', 20),
      'histogram of 60, last hour': () => store.histogram({ ...EVERYTHING, ...hour() }, 60),
      'severity counts': () => store.severityCounts(hour().fromMs, hour().toMs),
    };
    const asking = Object.entries(questions).map(
      async ([name, question]) => [name, await sample(stop.signal, 40, question)] as const,
    );
    const startedAt = performance.now();
    let sent = 0;
    while (performance.now() - startedAt < SECONDS * 1000) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * RATE) - sent;
      const batch = Array.from({ length: Math.min(due, 500) }, () => alertAt(Date.now()));
      const batchAt = performance.now();
      const last = batch.at(-1);
      sent += batch.length;
      if (last !== undefined) {
        const done = store.append(batch).then(async () => {
          commits.push(performance.now() - batchAt);
          if ((await store.get(last.alert.id)) === undefined)
            throw new Error('an acknowledged alert is not visible');
          visible.push(performance.now() - batchAt);
        });
        pending.push(done);
      }
      await sleep(due > 500 ? 0 : 20);
    }
    await Promise.all(pending);
    const elapsed = (performance.now() - startedAt) / 1000;
    stop.abort();
    console.log(
      `\nwhile ${Math.round(sent / elapsed)} alerts/s are appended (asked for ${RATE}/s, ${SECONDS} s):`,
    );
    console.log(`  append acknowledged: ${figures(commits)}`);
    console.log(`  visible by query:    ${figures(visible)}`);
    for (const [name, samples] of await Promise.all(asking)) console.log(`  ${name}: ${figures(samples)}`);
    console.log(
      `  main loop delay: p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms; RSS ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
    );
  });
}

await readWhileWriting();
for (const durability of ['power-loss', 'process-crash'] as const) {
  await appendRate(500, 60, durability);
  await appendRate(5000, 12, durability);
}
