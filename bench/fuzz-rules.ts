// Fuzzes the rule language: lexer, parser, loader, output templates and evaluation, on hostile rule files.
// Usage: node bench/fuzz-rules.ts [--cases=1000000] [--seconds=600] [--seed=1]
// Prints one JSON object with the count of cases and every failure; the seed of a failure gives the case again
// (--seed=<seed> --cases=1). Exits 1 when something crashed, hung or grew.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine, falcoVerdict, loadRules, syntheticEvent } from '@guardcell/rules';
import { createRandom } from './fuzz/random.ts';
import { CASES, LARGE_CASES, type Seeds } from './fuzz/rule-texts.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
});
const WANTED = Number(values.cases);
const DEADLINE = performance.now() + Number(values.seconds) * 1000;
const FIRST_SEED = Number(values.seed);

/** A case that takes longer than this counts as a hang. */
const SLOW_MS = 3000;
const MAX_RSS_MIB = 1500;
const MAX_FAILURES = 20;
const EVALUATE_ONE_IN = 10;
const SHOWN_LENGTH = 400;

const ROOT = resolve(import.meta.dirname, '..');
const SEED_FILES = [
  'content/rules/_shared/scope.yaml',
  'content/rules/execution/reverse-shell-descriptor.yaml',
  'content/rules/impact/mining-pool-connection.yaml',
];

const EVENTS = [
  syntheticEvent({ type: 'execve', process: { name: 'sh', cmdline: 'sh -c ls', env: ['A=1'] } }),
  syntheticEvent({ type: 'openat', fd: { name: '/etc/shadow' }, params: { flags: ['O_RDONLY'] } }),
  syntheticEvent({ type: 'connect', fd: { client: '10.0.0.5:40000', server: '1.2.3.4:443' } }),
];

function readSeeds(): Seeds {
  const files = SEED_FILES.map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const load = loadRules(files.map((content, at) => ({ name: SEED_FILES[at] ?? '', content })));
  return { files, conditions: load.rules.map((rule) => rule.condition) };
}

interface Failure {
  readonly kind: string;
  readonly seed: number;
  readonly what: string;
  readonly input: string;
}

/** Loads one text and uses what comes of it; what is wrong with the outcome, or undefined. */
function judge(
  content: string,
  evaluate: boolean,
): { readonly rules: number; readonly wrong: string | undefined } {
  const load = loadRules([{ name: 'fuzz.yaml', content }]);
  for (const { line, column, message } of load.problems) {
    if (!(line >= 1 && column >= 1)) return { rules: 0, wrong: `a problem without a place: ${message}` };
  }
  const verdict = falcoVerdict(load).falco_load_results[0];
  if (verdict === undefined || JSON.stringify(verdict) === undefined)
    return { rules: 0, wrong: 'no verdict' };
  if (evaluate && load.rules.length > 0) {
    const engine = createEngine(load);
    for (const event of EVENTS) {
      engine.evaluate(event, (match) => {
        JSON.stringify([match.message(), match.outputFields(), match.matched(), match.evaluated()]);
      });
    }
  }
  return { rules: load.rules.length, wrong: undefined };
}

const seeds = readSeeds();
const kinds = Object.entries(CASES);
const large = Object.entries(LARGE_CASES);
const counts: Record<string, number> = {};
const failures: Failure[] = [];
let slowest = { ms: 0, kind: '', seed: 0 };
let loadedRules = 0;
let peakRssMib = 0;
let done = 0;
const startedMs = performance.now();

while (done < WANTED && performance.now() < DEADLINE && failures.length < MAX_FAILURES) {
  const seed = FIRST_SEED + done;
  const random = createRandom(seed);
  const [kind, make] = random.pick(random.chance(0.0005) ? large : kinds);
  const content = make(random, seeds);
  const began = performance.now();
  let wrong: string | undefined;
  try {
    const outcome = judge(content, seed % EVALUATE_ONE_IN === 0);
    loadedRules += outcome.rules;
    wrong = outcome.wrong;
  } catch (thrown) {
    wrong = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const ms = performance.now() - began;
  if (ms > slowest.ms) slowest = { ms: Math.round(ms), kind, seed };
  if (wrong === undefined && ms > SLOW_MS) wrong = `took ${Math.round(ms)} ms`;
  if (wrong !== undefined) failures.push({ kind, seed, what: wrong, input: content.slice(0, SHOWN_LENGTH) });
  counts[kind] = (counts[kind] ?? 0) + 1;
  done += 1;
  if (done % 1000 === 0) {
    peakRssMib = Math.max(peakRssMib, Math.round(process.memoryUsage.rss() / 1024 / 1024));
    if (peakRssMib > MAX_RSS_MIB) {
      failures.push({ kind, seed, what: `memory grew to ${peakRssMib} MiB`, input: '' });
      break;
    }
  }
}

const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
process.stdout.write(
  `${JSON.stringify({ cases: done, failures, seconds, loadedRules, slowest, peakRssMib, kinds: counts }, null, 2)}\n`,
);
process.exitCode = failures.length === 0 && done > 0 ? 0 : 1;
