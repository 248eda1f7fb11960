// Fuzzes the reader of layers: damaged and made-up tar archives, cut into pieces anywhere, some packed and cut off.
// Usage: node bench/fuzz-tar.ts [--cases=1000000] [--seconds=900] [--seed=1]
// Properties: nothing but coded errors is thrown, nothing hangs, what is handed out has the size that was said, no name leads out,
// the pieces in which the archive comes change nothing, memory stays bounded. Prints one JSON object; the seed of a failure
// gives the case again (--cases=1 --seed=<seed>). Exits 1 on failures.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createTarReader, readLayers } from '@guardcell/image';
import { CodedError } from '@guardcell/kit';
import { MAX_PATH, normalisePath } from '../packages/image/src/layers/layer-path.ts';
import { LAYER_LIMITS } from '../packages/image/src/layers/limits.ts';
import { toyAnalyzer } from '../packages/image/src/layers/testing/toy-analyzer.ts';
import { createRandom, type Random } from './fuzz/random.ts';
import { oddArchive, realArchives } from './fuzz/tar-archives.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
  },
});
const WANTED = Number(values.cases);
const SECONDS = Number(values.seconds);
const FIRST_SEED = Number(values.seed);
/** Of CPU time: a busy machine stops a process for a while. */
const SLOW_MS = 2000;
const MAX_RSS_MIB = 300;
const MAX_FAILURES = 10;
/** Every so many cases the whole way is taken: packed, through all of the reading of layers. */
const WHOLE_EVERY = 50;
const CUT_EVERY = 4;
const LARGEST_WANTED = 2 ** 20;
const LIMITS = { entries: 1000, repeatedBytes: 2 ** 22 };

const real = realArchives();
const tally = { read: 0, ended: 0, problems: 0, codes: {} as Record<string, number> };

function damaged(archive: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(archive);
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 512; left -= 1) {
    const block = random.below(Math.ceil(bytes.length / 512)) * 512;
    const at = Math.min(
      bytes.length - 4,
      random.chance(0.7) ? block + random.below(512) : random.below(bytes.length),
    );
    switch (random.below(6)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.writeUInt32LE(random.pick([0, 0x80, 0xff, 0xffffffff, 0x30303030, 0x37373737]), at);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.below(1024)))]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, block), bytes.subarray(block + 512)]);
        break;
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, block),
          random.pick(real).subarray(0, 1024),
          bytes.subarray(block),
        ]);
    }
    if (random.chance(0.6)) mendChecksum(bytes, block);
  }
  return bytes;
}

/** A header that is believed goes deeper into the reader than one that is not. */
function mendChecksum(bytes: Buffer, block: number): void {
  if (block + 512 > bytes.length) return;
  bytes.fill(0x20, block + 148, block + 156);
  let sum = 0;
  for (let i = block; i < block + 512; i += 1) sum += bytes[i] ?? 0;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, block + 148, 'latin1');
}

/** What came out, as text; `pieces` says how the archive is cut. */
function outcome(
  archive: Buffer,
  pieces: (left: number) => number,
): { readonly text: string; readonly broken: string } {
  const hash = createHash('sha1');
  let broken = '';
  const reader = createTarReader(
    {
      entry(entry) {
        tally.read += 1;
        const path = normalisePath(entry.name);
        if (!path.startsWith('/') || /(?:^|\/)\.\.?(?:\/|$)/.test(path))
          broken = `the name ${JSON.stringify(path)}`;
        if (entry.name.length > MAX_PATH) broken = 'a name without end';
        hash.update(JSON.stringify(entry));
        return entry.size <= LARGEST_WANTED;
      },
      content(entry, bytes) {
        if (bytes.length !== entry.size) broken = `${bytes.length} bytes of a file of ${entry.size}`;
        hash.update(bytes);
      },
      problem(name, message) {
        tally.problems += 1;
        hash.update(`${name}:${message}`);
      },
    },
    LIMITS,
  );
  let end = 'whole';
  try {
    for (let at = 0; at < archive.length; ) {
      const size = Math.max(1, pieces(archive.length - at));
      const piece = Buffer.from(archive.subarray(at, at + size));
      reader.write(piece);
      piece.fill(0xee);
      at += size;
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof CodedError) || !error.code.startsWith('GC_LAYER_')) {
      broken = `threw ${error instanceof Error ? (error.stack ?? '').slice(0, 400) : String(error)}`;
    } else {
      end = error.code;
      tally.ended += 1;
      tally.codes[end] = (tally.codes[end] ?? 0) + 1;
    }
  }
  return { text: `${hash.digest('hex')} ${end}`, broken };
}

/** Through everything, packed and perhaps cut off: the result is packages or errors with codes, never an exception. */
async function wholeWay(archive: Buffer, random: Random): Promise<string> {
  const packed = random.pick([gzipSync(archive, { level: 1 }), zstdCompressSync(archive), archive]);
  const isCut = random.chance(0.3);
  const stored = isCut ? packed.subarray(0, random.below(packed.length)) : packed;
  const layer = {
    diffId: `sha256:${createHash('sha256').update(archive).digest('hex')}`,
    // oxlint-disable-next-line typescript/require-await -- sources are asynchronous
    async *open(): AsyncGenerator<Uint8Array> {
      const step = 1 + random.below(2000);
      for (let at = 0; at < stored.length; at += step) yield stored.subarray(at, at + step);
    },
  };
  const { errors, packages } = await readLayers([layer, layer], [toyAnalyzer()], { limits: LAYER_LIMITS });
  const odd = errors.find(({ code }) => !/^GC_(?:LAYER|FILE)_/.test(code) || code === 'GC_LAYER_UNREADABLE');
  if (odd !== undefined) return `an error without a fitting code: ${JSON.stringify(odd)}`;
  if (isCut && stored.length < packed.length && packages.length > 0 && stored.length < 20)
    return 'found something in nothing';
  return '';
}

const failures: { readonly seed: number; readonly what: string }[] = [];
let [cases, slowestMs, peakRssMiB] = [0, 0, 0];
const started = performance.now();
for (let seed = FIRST_SEED; cases < WANTED && failures.length < MAX_FAILURES; seed += 1) {
  if (performance.now() - started > SECONDS * 1000) break;
  const random = createRandom(seed);
  const archive = random.chance(0.5) ? oddArchive(random) : damaged(random.pick(real), random);
  const before = process.cpuUsage();
  const whole = outcome(archive, (left) => left);
  let what = whole.broken;
  if (what === '' && cases % CUT_EVERY === 0) {
    const cut = outcome(archive, () => 1 + random.below(700));
    what = cut.broken || (cut.text === whole.text ? '' : `in pieces: ${cut.text}, whole: ${whole.text}`);
  }
  if (what === '' && cases % WHOLE_EVERY === 0) what = await wholeWay(archive, random);
  const used = process.cpuUsage(before);
  const took = (used.user + used.system) / 1000;
  slowestMs = Math.max(slowestMs, took);
  if (took > SLOW_MS) what ||= `took ${Math.round(took)} ms of CPU`;
  if (what !== '') failures.push({ seed, what });
  cases += 1;
  if (cases % 4096 === 0) peakRssMiB = Math.max(peakRssMiB, process.memoryUsage.rss() / 2 ** 20);
}
const seconds = (performance.now() - started) / 1000;
const facts = {
  cases,
  casesPerSecond: Math.round(cases / seconds),
  slowestMs: Math.round(slowestMs),
  peakRssMiB: Math.round(peakRssMiB),
};
console.log(JSON.stringify({ ...facts, ...tally, failures }, undefined, 2));
if (failures.length > 0 || peakRssMiB > MAX_RSS_MIB) process.exitCode = 1;
