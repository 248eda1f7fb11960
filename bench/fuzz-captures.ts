// Fuzzes the capture reader: damaged captures, read to their end with rules evaluated on what they hold.
// Usage: node bench/fuzz-captures.ts [--cases=1000000] [--seconds=900] [--seed=1]
// Seeds are a capture written here and, where they are beside this checkout, public captures cut short. A case damages
// bytes, lengths, counts or whole blocks. Prints one JSON object; the seed of a failure gives the case again
// (--seed=<seed> --cases=1). Exits 1 when something other than a coded fault came out, hung or grew.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type Capture, captureWriter, machineFacts, openCapture } from '@guardcell/capture';
import { createEngine, enterEventTypes, loadRules, syntheticEvent } from '@guardcell/rules';
import { createRandom, type Random } from './fuzz/random.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
  },
});
const WANTED = Number(values.cases);
const DEADLINE = performance.now() + Number(values.seconds) * 1000;
const FIRST_SEED = Number(values.seed);

const SLOW_MS = 2000;
const MAX_RSS_MIB = 600;
const MAX_FAILURES = 20;
const PUBLIC_SEED_BYTES = 24_000;
const CAPTURES = resolve(import.meta.dirname, '../../shared/compat/falco/captures');

const RULES = `
- rule: everything that fields can say
  desc: d
  condition: >
    evt.type exists and (fd.name contains shadow or proc.cmdline contains x or proc.aname = init or
    fd.sip = "10.0.0.1" or evt.arg.flags contains O_ or user.name = root or container.id = host or
    proc.env contains A or fd.directory = /etc or thread.cap_effective contains SYS or fdlist.names intersects (a))
  output: "%evt.args %fd.name %proc.cmdline %proc.env %container.name %evt.res %user.name %fs.path.name"
  priority: INFO
`;

/** A small capture with processes, files, sockets and execs, made by our own writer. */
function writtenSeed(): Buffer {
  const chunks: Uint8Array[] = [];
  const sink = {
    write(chunk: Uint8Array): boolean {
      chunks.push(Uint8Array.from(chunk));
      return true;
    },
  };
  const writer = captureWriter(sink, {});
  const nothing = { threads: [], users: [], groups: [], interfaces: [], tables: [], leftOut: 0 };
  writer.begin(machineFacts(), nothing, []);
  for (const spec of [
    { type: 'execve', process: { name: 'sh', cmdline: 'sh -c ls', env: ['A=1'] } },
    { type: 'openat', fd: { name: '/etc/shadow' }, params: { flags: ['O_RDWR', 'O_CREAT'] } },
    { type: 'connect', fd: { client: '10.0.0.5:40000', server: '10.0.0.1:443' } },
    { type: 'renameat2', params: { oldpath: '/tmp/a', newpath: '/etc/passwd' } },
    { type: 'dup2', fd: { client: '10.0.0.5:40000', server: '10.0.0.1:443' }, result: 0 },
  ]) {
    writer.event(syntheticEvent(spec));
  }
  writer.flush();
  return Buffer.concat(chunks);
}

function publicSeeds(): readonly Buffer[] {
  if (!existsSync(CAPTURES)) return [];
  return readdirSync(CAPTURES).map((name) => {
    const bytes = readFileSync(join(CAPTURES, name));
    const raw = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
    return withoutMiddle(raw);
  });
}

/** Whole blocks only: the head's first ones and as many of the last as fit. */
function withoutMiddle(raw: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at + 12 <= raw.length; ) {
    const size = raw.readUInt32LE(at + 4);
    if (size < 12 || at + size > raw.length) break;
    blocks.push(raw.subarray(at, at + size));
    at += size;
  }
  const kept: Buffer[] = [];
  let room = PUBLIC_SEED_BYTES;
  for (const [at, block] of blocks.entries()) {
    if (block.length > room || (at > 3 && at < blocks.length - 200)) continue;
    kept.push(block);
    room -= block.length;
  }
  return Buffer.concat(kept);
}

const EDGES: readonly number[] = [0, 1, 3, 11, 12, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** One to four damages: a byte, a 16- or 32-bit word set to an edge, a piece cut out, doubled or moved, the end cut. */
function damaged(seed: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(seed);
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 16; left -= 1) {
    const at = random.below(bytes.length - 4);
    switch (random.below(7)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.writeUInt16LE((EDGES[random.below(EDGES.length)] ?? 0) & 0xffff, at);
        break;
      case 2:
        bytes.writeUInt32LE(EDGES[random.below(EDGES.length)] ?? 0, at & ~3);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(64))]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.below(256)))]);
        break;
      case 5:
        bytes = bytes.subarray(0, at);
        break;
      default:
        bytes.writeUInt32LE(random.below(0x230), at & ~3);
    }
  }
  return bytes;
}

interface Failure {
  readonly seed: number;
  readonly what: string;
}

const load = loadRules([{ name: 'fuzz', content: RULES }]);
const enterTypes = enterEventTypes(load.rules);
const seeds = [writtenSeed(), ...publicSeeds()];
const totals = { cases: 0, events: 0, alerts: 0, whole: 0, faults: new Map<string, number>() };
const failures: Failure[] = [];
let slowestMs = 0;
let peakRssMiB = 0;

let current: Capture | undefined;
const engine = createEngine(load, {
  userName: (uid, container) => current?.userName(uid, container),
  groupName: (gid, container) => current?.groupName(gid, container),
});

async function judge(bytes: Buffer): Promise<string | undefined> {
  const capture = openCapture(bytes);
  current = capture;
  const stats = await capture.read({
    eventTypes: engine.eventTypes,
    enterTypes,
    figures: true,
    onEvent: (event) =>
      engine.evaluate(event, (match) => {
        totals.alerts += 1;
        match.message();
        match.outputFields();
      }),
  });
  totals.events += stats.events;
  if (stats.fault === undefined) {
    totals.whole += 1;
    return undefined;
  }
  totals.faults.set(stats.fault.code, (totals.faults.get(stats.fault.code) ?? 0) + 1);
  return stats.fault.code.startsWith('GC_CAPTURE_') ? undefined : `unexpected code ${stats.fault.code}`;
}

for (let seed = FIRST_SEED; totals.cases < WANTED && performance.now() < DEADLINE; seed += 1) {
  const random = createRandom(seed);
  const bytes = damaged(seeds[random.below(seeds.length)] ?? Buffer.alloc(0), random);
  const start = performance.now();
  let what: string | undefined;
  try {
    what = await judge(bytes);
  } catch (error) {
    what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const tookMs = performance.now() - start;
  slowestMs = Math.max(slowestMs, tookMs);
  if (what === undefined && tookMs > SLOW_MS) what = `took ${Math.round(tookMs)} ms`;
  if (what !== undefined) failures.push({ seed, what: what.slice(0, 600) });
  totals.cases += 1;
  if (totals.cases % 1000 === 0) {
    peakRssMiB = Math.max(peakRssMiB, process.memoryUsage.rss() / 2 ** 20);
    if (peakRssMiB > MAX_RSS_MIB) failures.push({ seed, what: `grew to ${Math.round(peakRssMiB)} MiB` });
  }
  if (failures.length >= MAX_FAILURES) break;
}

console.log(
  JSON.stringify({
    bench: 'fuzz-captures',
    seeds: seeds.length,
    ...totals,
    faults: Object.fromEntries(totals.faults),
    slowestMs: Math.round(slowestMs),
    peakRssMiB: Math.round(peakRssMiB),
    seconds: Math.round(performance.now() / 1000),
    failures,
  }),
);
if (failures.length > 0) process.exitCode = 1;
