// Measures the whole way of an event through the sensor's thread without a kernel: ring → process state → event → rules.
// Records that a real sensor took once are replayed, so that the same work can be compared between two versions and on a
// busy machine. Only CPU time of the thread counts.
// Usage: node bench/sensor-path.ts [--image=FILE] [--against=CHECKOUT] [--rounds=N] [--events-of=CHECKOUT] [--profile=FILE]
//   --image    records are read from FILE, or taken (as root) and kept there when it does not exist
//   --against  another checkout of this repository, with its dependencies: rounds alternate, the ratio is printed
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type * as batchClockModule from '../apps/agent/src/batch-clock.ts';
import type * as knownContainersModule from '../apps/agent/src/known-containers.ts';
import type * as metadataEventTypesModule from '../apps/agent/src/metadata-event-types.ts';
import type * as recentEventsModule from '../apps/agent/src/recent-events.ts';
import type * as waitingEventsModule from '../apps/agent/src/waiting-events.ts';
import type * as coreModule from '../packages/core/src/index.ts';
import type * as kitModule from '../packages/kit/src/index.ts';
import type * as rulesModule from '../packages/rules/src/index.ts';
import type * as cgroupsModule from '../packages/sensor/src/kernel/cgroups.ts';
import type * as kernelModule from '../packages/sensor/src/kernel/index.ts';
import type * as processTableModule from '../packages/sensor/src/kernel/process-table.ts';
import type * as recordModule from '../packages/sensor/src/kernel/record.ts';
import type * as recordHandlerModule from '../packages/sensor/src/kernel/record-handler.ts';
import type * as ringModule from '../packages/sensor/src/kernel/ring.ts';

const OWN = resolve(import.meta.dirname, '..');
const IMAGE_BYTES = 16 * 1024 * 1024;
const RECORD_HEADER = 8;
/** As many records as a sensor reads in one go. */
const BATCH = 4000;
const WARM_UP_MS = 1500;
const MEASURED_MS = 1500;
/** As the agent gives its sensor's thread. */
const YOUNG_GENERATION_MB = 12;

interface Task {
  readonly root: string;
  readonly image: SharedArrayBuffer;
  readonly profile: string;
}

interface Figures {
  readonly rules: number;
  /** µs of the thread's CPU. */
  readonly usPerEvent: number;
  readonly events: number;
  readonly records: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly matches: number;
}

function from<Module>(root: string, path: string): Promise<Module> {
  return import(pathToFileURL(join(root, path)).href) as Promise<Module>;
}

/** For parts that older versions do not have. */
async function fromIfThere<Module>(root: string, path: string): Promise<Module | undefined> {
  return existsSync(join(root, path)) ? from<Module>(root, path) : undefined;
}

type Rules = typeof rulesModule;
type Kernel = typeof kernelModule;

function ruleFiles(root: string): { readonly name: string; readonly content: string }[] {
  return globSync('content/rules/**/*.yaml', { cwd: root })
    .filter((path) => !path.endsWith('.test.yaml'))
    .sort()
    .map((name) => ({ name: `builtin/${name}`, content: readFileSync(join(root, name), 'utf8') }));
}

/** The load of `bench platform`: files made for writing and removed, by one process. */
function storm(folder: string): Promise<void> {
  const script = `
    const fs = require('node:fs');
    for (let i = 0; i < 15000; i++) {
      const f = ${JSON.stringify(folder)} + '/f' + (i % 1000);
      fs.closeSync(fs.openSync(f, 'w')); fs.unlinkSync(f);
    }`;
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    child.once('close', () => done());
    child.once('error', failed);
  });
}

/** Takes what the kernel records of the storm, as the rules of that version ask for it. Needs root. */
async function takeImage(root: string): Promise<Uint8Array> {
  const { openSensor } = await from<Kernel>(root, 'packages/sensor/src/kernel/index.ts');
  const { RecordView } = await from<typeof recordModule>(root, 'packages/sensor/src/kernel/record.ts');
  const { silentLogger } = await from<typeof kitModule>(root, 'packages/kit/src/index.ts');
  const { bareContainer } = await from<typeof coreModule>(root, 'packages/core/src/index.ts');
  const { createEngine, loadRules, ruleInterest } = await from<Partial<Rules> & Rules>(
    root,
    'packages/rules/src/index.ts',
  );
  const load = loadRules(ruleFiles(root));
  const engine = createEngine(load);
  const interest = (ruleInterest as Rules['ruleInterest'] | undefined)?.(load.rules);
  const image = new Uint8Array(IMAGE_BYTES);
  let size = 0;
  const at = RecordView.prototype.at;
  RecordView.prototype.at = function keep(offset: number, length: number): boolean {
    const next = (size + RECORD_HEADER + length + 7) & ~7;
    if (next <= IMAGE_BYTES) {
      new DataView(image.buffer).setUint32(size, length, true);
      image.set(this.bytes.subarray(offset, offset + length), size + RECORD_HEADER);
      size = next;
    }
    return at.call(this, offset, length);
  };
  const folder = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  try {
    using sensor = openSensor({
      logger: silentLogger,
      containerById: bareContainer,
      onEvent: () => undefined,
      ringSizeBytes: 64 * 1024 * 1024,
      ...(interest === undefined
        ? { eventTypes: engine.eventTypes }
        : {
            interest: {
              eventTypes: engine.eventTypes,
              openPaths: interest.opens.paths,
              openPrograms: interest.opens.programs,
              openUpward: interest.opens.upward,
              dataTypes: interest.dataTypes,
              environment: interest.readsEnvironment,
              filesInUse: true,
            },
          }),
    });
    await storm(folder);
    while (sensor.drain() > 0);
  } finally {
    RecordView.prototype.at = at;
    rmSync(folder, { recursive: true, force: true });
  }
  return image.slice(0, size);
}

/** In a thread of its own, put together as the agent's sensor worker does. */
async function replay({ root, image, profile }: Task): Promise<Figures> {
  const kernel = 'packages/sensor/src/kernel';
  const { ringReader } = await from<typeof ringModule>(root, `${kernel}/ring.ts`);
  const { recordHandler } = await from<typeof recordHandlerModule>(root, `${kernel}/record-handler.ts`);
  const { processTable } = await from<typeof processTableModule>(root, `${kernel}/process-table.ts`);
  const { cgroupTable } = await from<typeof cgroupsModule>(root, `${kernel}/cgroups.ts`);
  const rules = await from<Rules>(root, 'packages/rules/src/index.ts');
  const { knownContainers } = await from<typeof knownContainersModule>(
    root,
    'apps/agent/src/known-containers.ts',
  );
  const { waitingEvents } = await from<typeof waitingEventsModule>(root, 'apps/agent/src/waiting-events.ts');
  const { metadataEventTypes } = await from<typeof metadataEventTypesModule>(
    root,
    'apps/agent/src/metadata-event-types.ts',
  );
  const containers = knownContainers(() => undefined);
  const containerById = (id: string): ReturnType<typeof containers.byId> => containers.byId(id);
  const clocks = await fromIfThere<typeof batchClockModule>(root, 'apps/agent/src/batch-clock.ts');
  const clock = clocks?.batchClock(Date.now);
  const samples = await fromIfThere<typeof recentEventsModule>(root, 'apps/agent/src/recent-events.ts');
  const recent = samples?.recentEvents({ containerById, nowMs: clock?.nowMs ?? Date.now });

  const load = rules.loadRules(ruleFiles(root));
  const engine = rules.createEngine(load);
  const waitingTypes = metadataEventTypes(load.rules);
  let matches = 0;
  type Event = Parameters<typeof engine.evaluate>[0];
  const judge = (event: Event): void => {
    recent?.offer(event);
    engine.evaluate(event, () => {
      matches++;
    });
  };
  const waiting = waitingEvents({ containerById, mustWait: (event) => waitingTypes.has(event.type), judge });

  const byType: Record<string, number> = {};
  let counts = true;
  const cgroups = cgroupTable();
  const data = new ArrayBuffer(IMAGE_BYTES);
  new Uint8Array(data).set(new Uint8Array(image));
  const offsetNs = BigInt(Date.now()) * 1_000_000n;
  const table = processTable({
    cgroups,
    containerById,
    wallClockNs: (bootNs) => BigInt(Math.round(bootNs)) + offsetNs,
    lookUp: () => undefined,
  });
  const handler = recordHandler({
    data,
    table,
    cgroups,
    excluded: new Set([process.pid, 1]),
    wallClockNs: (bootNs) => bootNs + offsetNs,
    deliver(event) {
      if (counts) byType[event.type] = (byType[event.type] ?? 0) + 1;
      if (event.thread.container.complete || !waiting.take(event)) judge(event);
    },
    onCgroup: () => undefined,
    onCgroupGone: () => undefined,
  });
  handler.want(engine.eventTypes);

  const producer = new ArrayBuffer(8);
  new BigUint64Array(producer)[0] = BigInt(image.byteLength);
  let records = 0;
  const pass = (): void => {
    const ring = ringReader({ consumer: new ArrayBuffer(8), producer, data }, IMAGE_BYTES, false);
    for (let count = 1; count > 0; records += count) {
      count = ring.drain(handler.handle, BATCH);
      clock?.next();
    }
    table.sweep(Number.MAX_SAFE_INTEGER);
  };
  pass();
  counts = false;
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) pass();

  const session = new Session();
  if (profile !== '') {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  }
  const eventsBefore = handler.events;
  const recordsBefore = records;
  const matchesBefore = matches;
  const before = process.threadCpuUsage();
  for (const end = performance.now() + MEASURED_MS; performance.now() < end; ) pass();
  const used = process.threadCpuUsage(before);
  if (profile !== '') {
    const { profile: taken } = await session.post('Profiler.stop');
    writeFileSync(profile, JSON.stringify(taken));
  }
  const events = handler.events - eventsBefore;
  return {
    rules: engine.ruleCount,
    usPerEvent: (used.user + used.system) / events,
    events,
    records: records - recordsBefore,
    byType,
    matches: (matches - matchesBefore) / events,
  };
}

function inThread(task: Task): Promise<Figures> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    worker.once('message', done);
    worker.once('error', failed);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      image: { type: 'string' },
      against: { type: 'string' },
      'events-of': { type: 'string', default: OWN },
      profile: { type: 'string', default: '' },
      rounds: { type: 'string', default: '7' },
    },
  });
  const known = values.image !== undefined && existsSync(values.image);
  const taken =
    known && values.image !== undefined
      ? readFileSync(values.image)
      : await takeImage(resolve(values['events-of']));
  if (!known && values.image !== undefined) writeFileSync(values.image, taken);
  const image = new SharedArrayBuffer(taken.byteLength);
  new Uint8Array(image).set(taken);
  const own: number[] = [];
  const ratios: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const figures = await inThread({ root: OWN, image, profile: values.profile });
    own.push(figures.usPerEvent);
    if (round === 0) console.log(JSON.stringify({ bench: 'sensor-path', ...figures }));
    if (values.against === undefined) continue;
    const other = await inThread({ root: resolve(values.against), image, profile: '' });
    if (round === 0) console.log(JSON.stringify({ bench: 'sensor-path', against: true, ...other }));
    others.push(other.usPerEvent);
    ratios.push(figures.usPerEvent / other.usPerEvent);
  }
  console.log(
    JSON.stringify({
      bench: 'sensor-path',
      medianUsPerEvent: Number(median(own).toFixed(3)),
      best: Number(Math.min(...own).toFixed(3)),
      ...(ratios.length > 0 && {
        against: {
          medianUsPerEvent: Number(median(others).toFixed(3)),
          best: Number(Math.min(...others).toFixed(3)),
        },
        ratio: Number(median(ratios).toFixed(3)),
        ratioOfBest: Number((Math.min(...own) / Math.min(...others)).toFixed(3)),
      }),
    }),
  );
}

if (isMainThread) await main();
else parentPort?.postMessage(await replay(workerData as Task));
