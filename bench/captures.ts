// Measures replays of captures, rules included: the events of captures in a loop, their times shifted.
// Usage: node bench/captures.ts [--capture=FILE …] [--loops=N] [--mix=host|hot] [rule file …]
// Without arguments: both mixes against the stable and against all official rules. One JSON line each, from a process
// of its own. `host` is everything that the captures hold; `hot` leaves only the calls that rules and state look at.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import { CAPTURE_EVENT_NAMES, openCapture } from '@guardcell/capture';
import { createEngine, enterEventTypes, loadRules, syntheticEvent } from '@guardcell/rules';

const COMPAT = join(import.meta.dirname, '../../shared/compat/falco');
const RUNS = 3;
const WANTED_EVENTS = 2_000_000;
const CHUNK_BYTES = 256 * 1024;
const EVENT_BLOCKS: ReadonlyMap<number, number> = new Map([
  [0x204, 10],
  [0x208, 14],
  [0x216, 10],
  [0x217, 14],
  [0x221, 10],
  [0x222, 14],
]);
const SECTION_HEADER = 0x0a0d0d0a;
const HOT_TYPES: ReadonlySet<string> = new Set([
  'open',
  'openat',
  'close',
  'connect',
  'socket',
  'accept',
  'listen',
  'bind',
  'sendmsg',
  'sendto',
  'dup',
  'execve',
  'clone',
  'procexit',
]);

interface Mix {
  /** Section header and metadata. */
  readonly head: Buffer;
  /** Event blocks of one loop. */
  readonly body: Buffer;
  /** Offsets of the events' times in it. */
  readonly times: readonly number[];
}

function makeMix(paths: readonly string[], hot: boolean): Mix {
  const heads: Buffer[] = [];
  const events: Buffer[] = [];
  for (const path of paths) {
    const file = readFileSync(path);
    const bytes = file[0] === 0x1f ? gunzipSync(file) : file;
    for (let at = 0; at < bytes.length; ) {
      const type = bytes.readUInt32LE(at);
      const block = bytes.subarray(at, at + bytes.readUInt32LE(at + 4));
      const header = EVENT_BLOCKS.get(type);
      if (header === undefined) {
        if (type !== SECTION_HEADER || heads.length === 0) heads.push(block);
      } else if (!hot || HOT_TYPES.has(CAPTURE_EVENT_NAMES[block.readUInt16LE(header + 20)] ?? ''))
        events.push(block);
      at += block.length;
    }
  }
  const once = Buffer.concat(events);
  const repeat = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(once.length, 1)));
  const body = Buffer.concat(Array.from({ length: repeat }, () => once));
  const times: number[] = [];
  for (let at = 0; at < body.length; at += body.readUInt32LE(at + 4))
    times.push(at + (EVENT_BLOCKS.get(body.readUInt32LE(at)) ?? 0));
  return { head: Buffer.concat(heads), body, times };
}

async function* looped(mix: Mix, loops: number): AsyncGenerator<Uint8Array> {
  yield mix.head;
  for (let loop = 0; loop < loops; loop += 1) {
    for (const at of mix.times) mix.body.writeUInt32LE(loop, at + 4);
    yield mix.body;
  }
}

function cpuMs(start: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 1000;
}

async function measure(
  name: string,
  captures: readonly string[],
  rulePaths: readonly string[],
): Promise<void> {
  // As `guardcell rules replay` does.
  setFlagsFromString('--semi-space-growth-factor=1');
  const files = rulePaths.map((path) => ({ name: path, content: readFileSync(path, 'utf8') }));
  const compileStart = process.cpuUsage();
  const loaded = loadRules(files);
  // All of them, also those that are off by default.
  const load = { ...loaded, rules: loaded.rules.map((rule) => ({ ...rule, enabled: true })) };
  const engine = createEngine(load);
  const enterTypes = enterEventTypes(load.rules);
  // Rules of an event type are compiled when its first event comes.
  for (const type of engine.eventTypes) engine.evaluate(syntheticEvent({ type }), () => undefined);
  const compileMs = cpuMs(compileStart);
  const mix = makeMix(captures, name === 'hot');
  if (mix.times.length === 0) throw new Error('the captures have no such events');
  const loops = loopsWanted ?? Math.ceil(WANTED_EVENTS / mix.times.length);
  let best = Infinity;
  let events = 0;
  let delivered = 0;
  let alerts = 0;
  let peakRss = 0;
  for (let run = 0; run < RUNS; run += 1) {
    alerts = 0;
    const onMatch = (): void => {
      alerts += 1;
    };
    const start = process.cpuUsage();
    const stats = await openCapture(looped(mix, loops)).read({
      eventTypes: engine.eventTypes,
      enterTypes,
      onEvent: (event) => engine.evaluate(event, onMatch),
    });
    best = Math.min(best, cpuMs(start));
    // Further runs leave garbage that a replay by itself does not have.
    if (run === 0) peakRss = process.resourceUsage().maxRSS;
    ({ events, delivered } = stats);
    if (stats.fault !== undefined) throw stats.fault;
  }
  console.log(
    JSON.stringify({
      bench: 'captures',
      mix: name,
      rules: load.rules.length,
      events,
      evaluated: delivered,
      alerts,
      eventsPerCpuSecond: Math.round((events / best) * 1000),
      cpuMs: Math.round(best),
      compileCpuMs: Math.round(compileMs),
      peakRssMb: Math.round(peakRss / 1024),
    }),
  );
}

const given = process.argv.slice(2);
const optionValues = (name: string): readonly string[] =>
  given.filter((word) => word.startsWith(`--${name}=`)).map((word) => word.slice(name.length + 3));
const loopsText = optionValues('loops')[0];
const loopsWanted = loopsText === undefined ? undefined : Number(loopsText);
const mixes = optionValues('mix');
const captures = optionValues('capture');
const ruleFiles = given.filter((word) => !word.startsWith('--'));

if (mixes.length === 1 && ruleFiles.length > 0 && captures.length > 0) {
  await measure(mixes[0] ?? 'host', captures, ruleFiles);
} else {
  const official = ['falco_rules', 'falco-incubating_rules', 'falco-sandbox_rules'].map((name) =>
    join(COMPAT, 'rules', `${name}.yaml`),
  );
  const ruleSets = ruleFiles.length > 0 ? [ruleFiles] : [official.slice(0, 1), official];
  for (const mix of mixes.length > 0 ? mixes : ['host', 'hot']) {
    const chosen =
      captures.length > 0
        ? captures
        : globSync(join(COMPAT, 'captures', mix === 'hot' ? '*.scap' : 'run_as_user_0*.scap')).sort();
    for (const rules of ruleSets) {
      const options = [`--mix=${mix}`, ...chosen.map((path) => `--capture=${path}`)];
      if (loopsText !== undefined) options.push(`--loops=${loopsText}`);
      spawnSync(process.execPath, [...process.execArgv, import.meta.filename, ...options, ...rules], {
        stdio: 'inherit',
      });
    }
  }
}
