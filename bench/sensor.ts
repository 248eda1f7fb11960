// Measures what the kernel sensor promises: cost of an event, losses under load, overhead of a compile.
// Run as root: node bench/sensor.ts [--json]. Numbers of a busy machine are pessimistic; CPU time counts, not wall time.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareContainer, type RuntimeEvent } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
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

function cpuOf(command: string, args: readonly string[]): number {
  // resourceUsage of children is not offered by Node, so the shell's `times` tells
  const done = spawnSync('sh', ['-c', `"$0" "$@" >/dev/null 2>&1; times`, command, ...args], {
    encoding: 'utf8',
  });
  const last = done.stdout.trim().split('\n').at(-1) ?? '';
  let total = 0;
  for (const [, minutes, seconds] of last.matchAll(/(\d+)m([\d.]+)s/g))
    total += Number(minutes) * 60 + Number(seconds);
  return total;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Paired, interleaved runs with and without the sensor; ratio of the CPU time of the workload itself. */
function overhead(name: string, runs: number, command: string, args: readonly string[]): void {
  cpuOf(command, args); // fills the caches
  const ratios: number[] = [];
  const bestOff: number[] = [];
  const bestOn: number[] = [];
  let drops = 0;
  for (let run = 0; run < runs; run++) {
    const off = cpuOf(command, args);
    const sensor = sensorWith(touchAll);
    const on = cpuOf(command, args);
    drainAll(sensor);
    drops += sensor.report().drops;
    sensor.close();
    // attachments end in the background; wait until they are gone
    spawnSync('sleep', ['4']);
    if (off > 0) ratios.push(on / off);
    bestOff.push(off);
    bestOn.push(on);
  }
  report(`${name}: CPU overhead, median of ${runs} pairs`, (median(ratios) - 1) * 100, '%');
  report(
    `${name}: CPU overhead, best against best`,
    (Math.min(...bestOn) / Math.min(...bestOff) - 1) * 100,
    '%',
  );
  report(`${name}: events lost`, drops, '');
}

const quick = process.argv.includes('--quick');
overhead('find / -xdev', quick ? 1 : 3, 'find', ['/', '-xdev', '-name', 'no-such-file']);

const compiler = ['/usr/bin/gcc', '/usr/bin/clang'].find((path) => existsSync(path));
if (compiler === undefined) {
  process.stdout.write('no C compiler here: compile overhead not measured\n');
} else {
  const source = join(folder, 'bench.c');
  const body = Array.from(
    { length: 600 },
    (_, index) =>
      `int f${index}(int a, char *b) { for (int i = 0; i < a; i++) b[i] = (char)(snprintf(b, 9, "%d", i) * ${index}); return a; }`,
  );
  writeFileSync(source, `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n${body.join('\n')}\n`);
  const script = `for i in 1 2 3; do ${compiler} -O2 -c ${source} -o ${folder}/o$i.o; done`;
  overhead('compile', quick ? 3 : 7, 'sh', ['-c', script]);
}

report('resident memory of this process', process.memoryUsage().rss / 1024 / 1024, 'MiB');
rmSync(folder, { recursive: true, force: true });
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(results)}\n`);
process.exitCode = sink < 0 ? 1 : 0;
