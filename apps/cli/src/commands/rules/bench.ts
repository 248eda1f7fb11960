// `guardcell rules bench`: what each rule costs, on events of test files or on a capture.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCapture } from '@guardcell/capture';
import type { RuntimeEvent } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import {
  type CompiledRule,
  createEngine,
  type Engine,
  enterEventTypes,
  type LoadResult,
  readEvents,
} from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, print } from '../../output.ts';
import { PROJECT_ROOT } from '../../paths.ts';
import { isTestFile, loadLocalRules, RULES_OPTION, ruleNamed, yamlFilesBelow } from './rule-files.ts';

/** Long enough that a tick of the scheduler does not count, short enough for a hundred rules. */
const WANTED_CPU_US = 10_000;
const MAX_LOOPS = 100_000;
/** Evaluations in one pass: each event is judged many times in a row, so that what hands events over does not count. */
const WANTED_EVALUATIONS = 50_000;
const MIN_REPEATS = 20;
const MAX_CAPTURE_BYTES = 64 * 1024 * 1024;

interface Cost {
  readonly rule: string;
  readonly source: string;
  /** Events of the types that the rule looks at, in one pass over the sample. */
  readonly events: number;
  readonly matches: number;
  /** CPU time that the rule takes when it is alone, for each event of its types. */
  readonly microsecondsPerEvent: number;
}

interface Report {
  readonly sample: string;
  readonly rules: number;
  readonly events: number;
  /** All rules together, for each event of the sample. */
  readonly microsecondsPerEvent: number;
  readonly eventsPerCpuSecond: number;
  readonly costs: readonly Cost[];
}

/** Events again and again, always the same ones. `pass` hands each of the engine's types over and counts them. */
interface Sample {
  readonly name: string;
  pass(engine: Engine, onEvent: (event: RuntimeEvent) => void): Promise<number>;
}

function sampleOfTests(): Sample {
  const events = yamlFilesBelow(join(PROJECT_ROOT, 'content/rules'))
    .filter(isTestFile)
    .flatMap((path) => readEvents(readFileSync(path, 'utf8')).events)
    .map((event) => event.make())
    .flatMap((made) => ('event' in made ? [made.event] : []));
  const wanted = new Map<Engine, readonly RuntimeEvent[]>();
  return {
    name: `${events.length} events of the tests of the default rules`,
    pass(engine, onEvent) {
      const known = wanted.get(engine);
      const own = known ?? events.filter((event) => concerns(engine, event));
      if (known === undefined) wanted.set(engine, own);
      for (const event of own) onEvent(event);
      return Promise.resolve(own.length);
    },
  };
}

function concerns(engine: Engine, event: RuntimeEvent): boolean {
  return event.source === undefined ? engine.eventTypes.has(event.type) : engine.sources.has(event.source);
}

function sampleOfCapture(path: string, load: LoadResult): Sample {
  const bytes = readFileSync(path);
  if (bytes.length > MAX_CAPTURE_BYTES)
    throw new CodedError('GC_CAPTURE_TOO_LARGE', `a sample has at most ${MAX_CAPTURE_BYTES} bytes`, {
      at: path,
      hint: 'guardcell bench rules --capture measures large captures as a whole.',
    });
  return {
    name: path,
    async pass(engine, onEvent) {
      const stats = await openCapture(bytes).read({
        eventTypes: engine.eventTypes,
        enterTypes: enterEventTypes(load.rules),
        onEvent,
      });
      if (stats.fault !== undefined) throw stats.fault;
      return stats.delivered;
    },
  };
}

interface Measured {
  readonly events: number;
  readonly matches: number;
  readonly cpuUsPerPass: number;
}

async function measure(
  engine: Engine,
  sample: Sample,
  onEvent: (event: RuntimeEvent) => void,
): Promise<Measured> {
  const before = engine.stats().matches;
  const events = await sample.pass(engine, onEvent);
  const matches = engine.stats().matches - before;
  if (events === 0) return { events, matches, cpuUsPerPass: 0 };
  const pass = (): Promise<number> => sample.pass(engine, onEvent);
  // Code that is new to the machine is slow: the first round does not count.
  await cpuUsPerPass(pass);
  return { events, matches, cpuUsPerPass: await cpuUsPerPass(pass) };
}

async function cpuUsPerPass(pass: () => Promise<number>): Promise<number> {
  const start = process.cpuUsage();
  let loops = 0;
  let usedUs = 0;
  while (usedUs < WANTED_CPU_US && loops < MAX_LOOPS) {
    await pass();
    loops += 1;
    const used = process.cpuUsage(start);
    usedUs = used.user + used.system;
  }
  return usedUs / loops;
}

/** What evaluation takes: the pass with rules less the same pass without. */
async function costOf(load: LoadResult, rules: readonly CompiledRule[], sample: Sample): Promise<Measured> {
  const engine = createEngine({ ...load, rules });
  const nothing = (): void => undefined;
  const bare = await measure(engine, sample, nothing);
  if (bare.events === 0) return bare;
  const repeats = Math.max(MIN_REPEATS, Math.ceil(WANTED_EVALUATIONS / bare.events));
  const full = await measure(engine, sample, (event) => {
    for (let left = repeats; left > 0; left -= 1) engine.evaluate(event, nothing);
  });
  const evaluationUs = Math.max(0, full.cpuUsPerPass - bare.cpuUsPerPass) / repeats;
  return { events: full.events, matches: full.matches / repeats, cpuUsPerPass: evaluationUs };
}

const COLUMNS: readonly Column<Cost>[] = [
  { title: 'RULE', value: (cost) => cost.rule, max: 60 },
  {
    title: 'µS/EVENT',
    value: (cost) => (cost.events === 0 ? '-' : cost.microsecondsPerEvent.toFixed(3)),
  },
  { title: 'EVENTS', value: (cost) => String(cost.events) },
  { title: 'MATCHES', value: (cost) => String(cost.matches) },
  { title: 'SOURCE', value: (cost) => cost.source },
];

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

async function report(context: CommandContext): Promise<Report> {
  const { load } = loadLocalRules(context);
  const enabled = load.rules.filter((rule) => rule.enabled);
  const { positionals } = context;
  const chosen = positionals.length === 0 ? enabled : positionals.map((name) => ruleNamed(load.rules, name));
  const path = text(context.options, 'capture');
  const sample = path === undefined ? sampleOfTests() : sampleOfCapture(path, load);
  const costs: Cost[] = [];
  for (const rule of chosen) {
    if (context.signal.aborted) break;
    const { events, matches, cpuUsPerPass } = await costOf(load, [{ ...rule, enabled: true }], sample);
    costs.push({
      rule: rule.name,
      source: rule.source,
      events,
      matches,
      microsecondsPerEvent: events === 0 ? 0 : rounded(cpuUsPerPass / events),
    });
  }
  const all = await costOf(load, enabled, sample);
  const perEvent = all.events === 0 ? 0 : all.cpuUsPerPass / all.events;
  return {
    sample: sample.name,
    rules: enabled.length,
    events: all.events,
    microsecondsPerEvent: rounded(perEvent),
    eventsPerCpuSecond: perEvent === 0 ? 0 : Math.round(1e6 / perEvent),
    costs: costs.sort((left, right) => right.microsecondsPerEvent - left.microsecondsPerEvent),
  };
}

export const rulesBench: Command = {
  name: 'rules bench',
  summary: 'what each rule costs when it is alone, dearest first, and all of them together',
  usage: '[RULE…]',
  options: {
    ...RULES_OPTION,
    capture: {
      type: 'string',
      value: 'FILE',
      help: 'measure on the events of this capture instead of those of the default rules’ tests',
    },
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell rules bench -r my-rules.yaml',
    "guardcell rules bench -r my-rules.yaml --capture incident.scap.gz 'My rule'",
  ],
  async run(context) {
    const result = await report(context);
    print(context, result, result.costs, COLUMNS);
    context.err(
      `${result.rules} rules together: ${result.microsecondsPerEvent} µs of CPU for each of ${result.events} events ` +
        `(${result.eventsPerCpuSecond} events per CPU-second), on ${result.sample}\n`,
    );
    return EXIT.ok;
  },
};
