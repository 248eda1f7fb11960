// Measures what the kernel sensor promises: cost of an event, losses under load, overhead of a compile.
// Run as root: node bench/sensor.ts [--json]. Numbers of a busy machine are pessimistic; CPU time counts, not wall time.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareContainer, type RuntimeEvent } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { createEngine, loadRules } from '@guardcell/rules';
import { openSensor, type Sensor, type SensorOptions } from '@guardcell/sensor';

const folder = mkdtempSync(join(tmpdir(), 'gc-bench-'));
const results: Record<string, number | string> = {};

function report(name: string, value: number, unit: string): void {
  results[name] = value;
  process.stdout.write(`${name.padEnd(58)} ${value.toFixed(3).padStart(12)} ${unit}\n`);
}

function sensorWith(onEvent: (event: RuntimeEvent) => void, options: Partial<SensorOptions> = {}): Sensor {
  return openSensor({ logger: silentLogger, containerById: bareContainer, ...options, onEvent });
}

function drainAll(sensor: Sensor): number {
  let total = 0;
  for (let count = sensor.drain(); count > 0; count = sensor.drain()) total += count;
  return total;
}

const OPENS = 40_000;
// every open is delivered because it writes; one process, so what is measured is the event path alone
const GENERATOR = `for ($i = 0; $i < ${OPENS}; $i++) { open(F, '>>', '${folder}/f' . ($i % 10)); close F }`;

/** CPU of this thread per delivered event, µs, over all runs: the kernel's accounting is too coarse for a single one. */
function costPerEvent(name: string, onEvent: (event: RuntimeEvent) => void): void {
  using sensor = sensorWith(onEvent, { ringSizeBytes: 64 * 1024 * 1024 });
  let events = 0;
  let usedUs = 0;
  let bestWallUs = Infinity;
  for (let run = 0; run < 12; run++) {
    spawnSync('perl', ['-e', GENERATOR]);
    const before = process.threadCpuUsage();
    const startedMs = performance.now();
    const count = drainAll(sensor);
    const wallUs = (performance.now() - startedMs) * 1000;
    const after = process.threadCpuUsage();
    if (run < 2) continue; // not yet compiled
    events += count;
    usedUs += after.user + after.system - before.user - before.system;
    bestWallUs = Math.min(bestWallUs, wallUs / count);
  }
  report(name, usedUs / events, 'µs CPU/event');
  report(`${name}, best run`, bestWallUs, 'µs wall/event');
}

let sink = 0;
function touchState(event: RuntimeEvent): void {
  sink += event.thread.pid + (event.result ?? 0);
}
function touchAll(event: RuntimeEvent): void {
  const { thread, fd } = event;
  sink += event.type.length + thread.comm.length + thread.exePath.length + thread.container.id.length;
  sink += (fd?.name.length ?? 0) + Number(event.param('flags') ?? 0) + (thread.parent()?.comm.length ?? 0);
}

costPerEvent('decode header and process state', touchState);
costPerEvent('decode all that a file rule reads', touchAll);

/** CPU time of a command and all its children, s, from getrusage; bash tells it with three digits. */
function cpuOf(command: string, args: readonly string[]): number {
  const script = `TIMEFORMAT='cpu %3U %3S'; { time "$0" "$@" >/dev/null 2>&1; } 2>&1`;
  const done = spawnSync('bash', ['-c', script, command, ...args], { encoding: 'utf8' });
  const [, user = '', system = ''] = /cpu (\S+) (\S+)/.exec(done.stdout) ?? [];
  return Number(user) + Number(system);
}

function quantile(values: readonly number[], at: number): number {
  return values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * at)] ?? 0;
}

function spread(name: string, ratios: readonly number[]): void {
  const percent = ratios.map((ratio) => (ratio - 1) * 100);
  report(`${name}, median of ${ratios.length}`, quantile(percent, 0.5), '%');
  report(`${name}, lower quartile`, quantile(percent, 0.25), '%');
  report(`${name}, upper quartile`, quantile(percent, 0.75), '%');
}

/** Attachments end in the background; until they are gone, a run is not one without the sensor. */
const DETACH_MS = 4000;

/**
 * Interleaved runs without, with and again without the sensor; ratio of the CPU time of the workload itself to the mean
 * of its two neighbours. The two runs without are compared as well: that is how much the machine's noise alone makes.
 */
function overhead(
  name: string,
  rounds: number,
  options: Partial<SensorOptions>,
  command: string,
  args: readonly string[],
): void {
  cpuOf(command, args); // fills the caches
  const ratios: number[] = [];
  const noise: number[] = [];
  let drops = 0;
  let before = cpuOf(command, args);
  for (let round = 0; round < rounds; round++) {
    const sensor = sensorWith(touchAll, options);
    const on = cpuOf(command, args);
    drainAll(sensor);
    drops += sensor.report().drops;
    sensor.close();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DETACH_MS);
    const after = cpuOf(command, args);
    ratios.push(on / ((before + after) / 2));
    noise.push(after / before);
    before = after;
  }
  spread(`${name}: CPU overhead`, ratios);
  spread(`${name}: same without the sensor (noise)`, noise);
  report(`${name}: events lost`, drops, '');
}

const BPF_STATS = '/proc/sys/kernel/bpf_stats_enabled';

/** Time that this process's BPF programs have run, ns, by the kernel's own account. */
function programTimeNs(): number {
  let total = 0;
  for (const fd of readdirSync('/proc/self/fdinfo')) {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      total += Number(/^run_time_ns:\s+(\d+)/m.exec(info)?.[1] ?? 0);
    } catch {
      // the descriptor of the folder itself
    }
  }
  return total;
}

/**
 * Share of a workload's CPU time that is spent in the sensor's programs, counted by the kernel. Unlike the comparison
 * of runs it does not depend on what else the machine does; it leaves out the way into a program, about 0.1 µs a call.
 */
function shareOfPrograms(
  name: string,
  rounds: number,
  options: Partial<SensorOptions>,
  command: string,
  args: readonly string[],
): void {
  const before = readFileSync(BPF_STATS, 'utf8');
  writeFileSync(BPF_STATS, '1');
  try {
    using sensor = sensorWith(touchAll, options);
    const shares: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedNs = programTimeNs();
      const cpu = cpuOf(command, args);
      shares.push((programTimeNs() - startedNs) / 1e7 / cpu);
      drainAll(sensor);
    }
    report(`${name}: share of CPU in programs, median of ${rounds}`, quantile(shares, 0.5), '%');
    report(`${name}: share of CPU in programs, highest`, Math.max(...shares), '%');
  } finally {
    writeFileSync(BPF_STATS, before);
  }
}

/** What the rules that ship with the product need. */
function defaultEventTypes(): readonly string[] {
  const rules = fileURLToPath(new URL('../content/rules/', import.meta.url));
  const files = readdirSync(rules, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => ({ name, content: readFileSync(join(rules, name), 'utf8') }));
  return [...createEngine(loadRules(files)).eventTypes];
}

const quick = process.argv.includes('--quick');
const eventTypes = defaultEventTypes();
report('event types that the default rules need', eventTypes.length, '');
const find = ['/', '-xdev', '-name', 'no-such-file'];
shareOfPrograms('find / -xdev', 5, { eventTypes }, 'find', find);
overhead('find / -xdev', quick ? 2 : 6, { eventTypes }, 'find', find);

const compiler = ['/usr/bin/gcc', '/usr/bin/clang'].find((path) => existsSync(path));
if (compiler === undefined) {
  process.stdout.write('no C compiler here: compile overhead not measured\n');
} else {
  const source = join(folder, 'bench.c');
  const body = Array.from(
    { length: 40 },
    (_, index) =>
      `int f${index}(int a, char *b) { for (int i = 0; i < a; i++) b[i] = (char)(snprintf(b, 9, "%d", i) * ${index}); return a; }`,
  );
  writeFileSync(source, `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n${body.join('\n')}\n`);
  const script = `for i in $(seq 20); do ${compiler} -O2 -c ${source} -o ${folder}/o$i.o; done`;
  shareOfPrograms('compile', 5, { eventTypes }, 'sh', ['-c', script]);
  overhead('compile', quick ? 3 : 12, { eventTypes }, 'sh', ['-c', script]);
}

report('resident memory of this process', process.memoryUsage().rss / 1024 / 1024, 'MiB');
rmSync(folder, { recursive: true, force: true });
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(results)}\n`);
process.exitCode = sink < 0 ? 1 : 0;
