// Fuzzes the analyzers of images: damaged package databases and lock files, analyzed and assembled.
// Usage: node bench/fuzz-analyzers.ts [--cases=1000000] [--seconds=900] [--seed=1] [--only=dpkg,npm]
// `--cases` and `--seconds` are for each analyzer. First come long runs of one text within each valid file, which show parsers
// that take more than linear time; then damaged files. Prints one JSON object; the seed
// of a failure gives the case again (--only=ANALYZER --seed=<seed> --cases=1). Exits 1 when an analyzer threw, took
// long, grew without bound, or made a package without name, version or package URL.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ANALYZERS, type AnalyzedFile, type Analyzer } from '@guardcell/image';
import { packageFileSeeds, type SeedFile } from './fuzz/package-files.ts';
import { createRandom, type Random } from './fuzz/random.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const WANTED = Number(values.cases);
const SECONDS = Number(values.seconds);
const FIRST_SEED = Number(values.seed);

/** A busy machine stops a process for a while; an input that hangs an analyzer takes longer than this again. */
const SLOW_MS = 2000;
const MAX_RSS_MIB = 800;
const MAX_FAILURES = 20;

const EDGES: readonly number[] = [0, 1, 4, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];
const TOKENS: readonly string[] = [
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ': ',
  '=',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '[[',
  '(',
  ')',
  ',',
  '/',
  '@',
  '#',
  '\\',
  '\0',
  '\ufeff',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '1e999',
  '0.0.0',
  'node_modules/',
  '&a',
  '*a',
  '<',
  '</',
  '<!--',
  '<![CDATA[',
  '${',
  '|-',
  '---',
  '\ud800',
  '-',
  '+b1',
  '~',
  'P:',
  'Package: ',
  'version',
];

/** One to four damages: a byte, a number, a token put in, a piece cut out, doubled or repeated, the end cut off. */
function damaged(seed: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(seed);
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 8; left -= 1) {
    const at = random.below(bytes.length - 4);
    switch (random.below(8)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.writeUInt32LE(random.pick(EDGES), at);
        break;
      case 2:
        bytes.writeUInt16BE(random.pick(EDGES) & 0xffff, at);
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
      case 6: {
        const token = random.pick(TOKENS).repeat(random.chance(0.02) ? 5000 : 1 + random.below(3));
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(token), bytes.subarray(at)]);
        break;
      }
      default:
        bytes.writeUInt32BE(random.below(0x200), at);
    }
  }
  return bytes;
}

/** Runs of these within a file make parsers slow that look at a place more than once. */
const RUN_BYTES = 300_000;

function* withRuns(seed: Buffer): Generator<Buffer> {
  const middle = seed.length >> 1;
  for (const token of [...TOKENS, 'a', 'a:\n', '[[package]]\n', '? a\n', 'a@b, ', '"a":{']) {
    const run = Buffer.from(token.repeat(Math.floor(RUN_BYTES / token.length)));
    yield Buffer.concat([seed.subarray(0, middle), run, seed.subarray(middle)]);
  }
}

interface Tally {
  cases: number;
  packages: number;
  problems: number;
  slowestMs: number;
}

function judge(analyzer: Analyzer, file: AnalyzedFile, tally: Tally): string | undefined {
  const started = performance.now();
  try {
    const result = analyzer.analyze(file);
    if (result !== undefined && 'problem' in result) tally.problems += 1;
    else if (result !== undefined) {
      const value: unknown = JSON.parse(JSON.stringify(result.value));
      const { packages } = analyzer.assemble([{ location: { path: file.path }, value }]);
      tally.packages += packages.length;
      const bad = packages.find(
        (one) => one.name === '' || one.version === '' || !one.purl.startsWith('pkg:'),
      );
      if (bad !== undefined) return `made ${JSON.stringify(bad).slice(0, 300)}`;
    }
  } catch (thrown) {
    return `threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message).slice(0, 400) : String(thrown)}`;
  }
  const took = performance.now() - started;
  tally.slowestMs = Math.max(tally.slowestMs, took);
  return took > SLOW_MS ? `took ${Math.round(took)} ms` : undefined;
}

function fileOf({ path, bytes }: SeedFile): AnalyzedFile {
  return { path, size: bytes.length, mode: 0o644, uid: 0, gid: 0, bytes };
}

const failures: {
  readonly analyzer: string;
  readonly seed: number;
  readonly path: string;
  readonly what: string;
}[] = [];
const tallies: Record<string, Tally & { readonly casesPerSecond: number }> = {};
const allSeeds = packageFileSeeds();
const only = values.only === '' ? undefined : new Set(values.only.split(','));
let peakRssMiB = 0;

for (const analyzer of ANALYZERS) {
  const seeds = allSeeds.filter((seed) => analyzer.wants(fileOf(seed)));
  if (seeds.length === 0 || only?.has(analyzer.id) === false) continue;
  const tally: Tally = { cases: 0, packages: 0, problems: 0, slowestMs: 0 };
  const started = performance.now();
  for (const { path, bytes } of WANTED > 1 ? seeds : []) {
    for (const content of withRuns(bytes)) {
      const what = judge(analyzer, fileOf({ path, bytes: content }), tally);
      if (what !== undefined) failures.push({ analyzer: analyzer.id, seed: 0, path, what });
    }
  }
  for (let seed = FIRST_SEED; tally.cases < WANTED && failures.length < MAX_FAILURES; seed += 1) {
    if (performance.now() - started > SECONDS * 1000) break;
    const random = createRandom(seed);
    const file = random.pick(seeds);
    const what = judge(analyzer, fileOf({ path: file.path, bytes: damaged(file.bytes, random) }), tally);
    tally.cases += 1;
    if (what !== undefined) failures.push({ analyzer: analyzer.id, seed, path: file.path, what });
    // what zlib keeps of a failure goes when the event loop turns
    if (tally.cases % 512 === 0) await nextTurn();
    if (tally.cases % 4096 === 0) peakRssMiB = Math.max(peakRssMiB, process.memoryUsage.rss() / 2 ** 20);
  }
  const seconds = (performance.now() - started) / 1000;
  tallies[analyzer.id] = {
    ...tally,
    slowestMs: Math.round(tally.slowestMs),
    casesPerSecond: Math.round(tally.cases / seconds),
  };
}

const grew = peakRssMiB > MAX_RSS_MIB;
console.log(
  JSON.stringify({ analyzers: tallies, peakRssMiB: Math.round(peakRssMiB), failures }, undefined, 2),
);
if (failures.length > 0 || grew) process.exitCode = 1;
