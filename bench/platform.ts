// The promises of SPECIFICATION.md that concern the whole platform: ready time, memory at rest, drops, alert latency.
// Usage: guardcell bench platform   (root; needs no container)
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Status } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { type Platform, startPlatform } from '../tests/support/platform.ts';

const EVENTS_PER_SECOND = 5000;
/** Well below what two cores can generate, far above what a machine does. */
const STORM_EVENTS_PER_SECOND = 40_000;
const LOAD_SECONDS = 20;
const IDLE_SECONDS = 20;
const MARKER_EVERY_MS = 20;

const RULE = `- rule: Bench marker
  desc: A marker file of the benchmark was created
  condition: evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.name contains /gc-bench-marker-
  output: marker %fd.name
  priority: NOTICE
`;

function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

function rssMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? Number.NaN) / 1024;
}

/** Pid of the platform's process whose entry is below `apps/<name>/`. */
function pidOf(platform: Platform, name: string): number {
  for (const entry of readdirSync('/proc').filter((word) => /^\d+$/.test(word))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== platform.process.pid) continue;
      if (readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(`/apps/${name}/`)) return Number(entry);
    } catch {
      // It ended while we looked.
    }
  }
  return 0;
}

function finished(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('close', () => done());
    child.on('error', () => done());
  });
}

/** Opens files for writing at a steady rate from a process of its own, so that it does not slow the measuring one. */
function openLoad(dir: string, eventsPerSecond: number): Promise<void> {
  const script = `
    const fs = require('node:fs');
    const perTick = ${eventsPerSecond} / 2 / 100;
    const end = Date.now() + ${LOAD_SECONDS * 1000};
    let i = 0, due = Date.now();
    (function tick() {
      for (let n = 0; n < perTick; n++) { const f = ${JSON.stringify(dir)} + '/f' + (i++ % 1000); fs.closeSync(fs.openSync(f, 'w')); fs.unlinkSync(f); }
      due += 10;
      if (due < end) setTimeout(tick, Math.max(0, due - Date.now()));
    })();`;
  return finished(process.execPath, ['-e', script]);
}

async function latencies(
  platform: Platform,
  dir: string,
): Promise<{ readonly ms: number[]; readonly sent: number }> {
  const ms: number[] = [];
  const stop = new AbortController();
  const response = await fetch(`${platform.url}/api/v1/events/stream?rule=Bench%20marker`, {
    headers: { authorization: `Bearer ${platform.token()}` },
    signal: stop.signal,
  });
  const reading = (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      const now = Date.now();
      text += Buffer.from(chunk).toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        const alert = JSON.parse(line.slice(5)) as Partial<Alert>;
        if (alert.rule === 'Bench marker' && alert.time !== undefined) ms.push(now - Date.parse(alert.time));
      }
    }
  })().catch(() => undefined);
  const loading = openLoad(dir, EVENTS_PER_SECOND);
  let sent = 0;
  const endMs = Date.now() + (LOAD_SECONDS - 1) * 1000;
  while (Date.now() < endMs) {
    writeFileSync(join(dir, `gc-bench-marker-${sent++}`), '');
    await sleep(MARKER_EVERY_MS);
  }
  await loading;
  await sleep(2000);
  stop.abort();
  await reading;
  return { ms: ms.sort((a, b) => a - b), sent };
}

const scratch = mkdtempSync(join(tmpdir(), 'guardcell-bench-'));
try {
  const rules = join(scratch, 'rules.yaml');
  writeFileSync(rules, RULE);
  const files = join(scratch, 'files');
  mkdirSync(files);
  const warm = await startPlatform({ dataDir: join(scratch, 'data'), rules: [rules] });
  console.log(`ready, first start of a data folder: ${(warm.readyMs / 1000).toFixed(2)} s`);
  await warm.stop();

  await using platform = await startPlatform({ dataDir: join(scratch, 'data'), rules: [rules] });
  console.log(`ready, second start: ${(platform.readyMs / 1000).toFixed(2)} s`);
  await sleep(IDLE_SECONDS * 1000);
  for (const name of ['server', 'agent'])
    console.log(`idle RSS ${name}: ${rssMiB(pidOf(platform, name)).toFixed(0)} MiB`);
  console.log(`idle RSS supervisor: ${rssMiB(platform.process.pid ?? 0).toFixed(0)} MiB`);

  const before = await platform.json<Status>('status');
  await finished('find', ['/', '-xdev']);
  const source = join(scratch, 'a.c');
  writeFileSync(source, `#include <stdio.h>\n#include <stdlib.h>\nint main(void) { return 0; }\n`);
  for (let i = 0; i < 20; i++) await finished('gcc', ['-O2', '-o', join(scratch, 'a.out'), source]);
  // Longer than two reports of the agent, so that the status is of after the work.
  await sleep(8000);
  const afterFind = await platform.json<Status>('status');
  console.log(
    `find / -xdev and 20 compiles: ${afterFind.sensor.events - before.sensor.events} events, ${afterFind.sensor.drops - before.sensor.drops} drops`,
  );

  // Without alerts, and at a rate at which waking up costs little: what one event costs.
  await openLoad(files, STORM_EVENTS_PER_SECOND);
  await sleep(8000);
  const afterStorm = await platform.json<Status>('status');
  const stormEvents = afterStorm.sensor.events - afterFind.sensor.events;
  const stormCpu = afterStorm.sensor.cpuSeconds - afterFind.sensor.cpuSeconds;
  console.log(
    `storm: ${Math.round(stormEvents / LOAD_SECONDS)} events/s delivered, ${afterStorm.sensor.drops - afterFind.sensor.drops} drops, sensor + rules ${((1e6 * stormCpu) / stormEvents).toFixed(2)} µs CPU per delivered event`,
  );

  const { ms, sent } = await latencies(platform, files);
  await sleep(8000);
  const afterLoad = await platform.json<Status>('status');
  const events = afterLoad.sensor.events - afterStorm.sensor.events;
  const cpu = afterLoad.sensor.cpuSeconds - afterStorm.sensor.cpuSeconds;
  console.log(
    `load: ${Math.round(events / LOAD_SECONDS)} events/s delivered, ${afterLoad.sensor.drops - afterStorm.sensor.drops} drops`,
  );
  console.log(
    `sensor worker at that load, waking up and ${sent} alerts included: ${((100 * cpu) / LOAD_SECONDS).toFixed(1)} % of a core`,
  );
  console.log(
    `alert visible by API: ${ms.length} of ${sent} markers, p50 ${percentile(ms, 0.5)} ms, p99 ${percentile(ms, 0.99)} ms`,
  );
  for (const name of ['server', 'agent'])
    console.log(`loaded RSS ${name}: ${rssMiB(pidOf(platform, name)).toFixed(0)} MiB`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
