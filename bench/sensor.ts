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
overhead('find / -xdev', quick ? 2 : 6, { eventTypes }, 'find', ['/', '-xdev', '-name', 'no-such-file']);

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
  overhead('compile', quick ? 3 : 12, { eventTypes }, 'sh', ['-c', script]);
}

report('resident memory of this process', process.memoryUsage().rss / 1024 / 1024, 'MiB');
rmSync(folder, { recursive: true, force: true });
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(results)}\n`);
process.exitCode = sink < 0 ? 1 : 0;
