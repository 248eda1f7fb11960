// Measures the rule engine alone: synthetic events through the default rules, or through files given as arguments.
// Usage: node bench/rules.ts [--events=N] [rule file …]
// One JSON line for each mix of events. The plain engine runs the same events in the same process, so that the
// ratio `timesFasterThanPlain` holds on any machine, however loaded.
import { globSync, readFileSync } from 'node:fs';
import { createEngine, createPlainEngine, type EventSpec, loadRules, syntheticEvent } from '@guardcell/rules';

const RUNS = 5;
const DEFAULT_EVENTS = 1_000_000;
/** The plain engine is slow: it sees this share of the events. */
const PLAIN_SHARE = 0.05;

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const given = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const wanted = options.find((option) => option.startsWith('--events='))?.slice('--events='.length);
const eventCount = wanted === undefined ? DEFAULT_EVENTS : Number(wanted);

const paths =
  given.length > 0
    ? given
    : globSync('content/rules/**/*.yaml').filter((path) => !path.endsWith('.test.yaml'));
const files = paths.sort().map((name) => ({ name, content: readFileSync(name, 'utf8') }));

const compiler = {
  name: 'cc1',
  exePath: '/usr/lib/gcc/cc1',
  cmdline: '/usr/lib/gcc/cc1 -quiet -I include -O2 main.c -o main.s',
};
const nginx = { name: 'nginx', cmdline: 'nginx: worker process', uid: 101 };
const postgres = { name: 'postgres', cmdline: 'postgres: checkpointer', uid: 999 };
const web = { image: 'docker.io/library/nginx:1.27', name: 'web' };
const shell = { name: 'sh', cmdline: 'sh', tty: 1, parents: [{ name: 'nginx' }] };

type Mix = readonly (readonly [weight: number, spec: EventSpec])[];

const READ_HEADER: EventSpec = {
  type: 'openat',
  fd: { name: '/usr/include/linux/types.h' },
  process: compiler,
};
const READ_PAGE: EventSpec = {
  type: 'openat',
  fd: { name: '/usr/share/nginx/html/index.html' },
  process: nginx,
  container: web,
};
const EXEC: EventSpec = {
  type: 'execve',
  process: {
    name: 'gcc',
    cmdline: 'gcc -O2 -c main.c',
    parents: [{ name: 'make' }, { name: 'bash' }, { name: 'sshd' }],
  },
};
const CONNECT: EventSpec = {
  type: 'connect',
  fd: { server: '10.0.0.7:5432' },
  process: nginx,
  container: web,
};

/** Weighted as on a busy host: mostly opens for reading, some writes, execs and connections. No rule matches. */
const BUSY: Mix = [
  [30, READ_HEADER],
  [10, { type: 'openat', fd: { name: '/usr/include/none.h' }, result: 'ENOENT', process: compiler }],
  [15, READ_PAGE],
  [
    8,
    {
      type: 'openat',
      fd: { name: '/var/lib/postgresql/data/base/1' },
      params: { flags: ['O_RDWR'] },
      process: postgres,
      container: {},
    },
  ],
  [
    5,
    {
      type: 'openat',
      fd: { name: '/tmp/ccXyz.s' },
      params: { flags: ['O_WRONLY', 'O_CREAT', 'O_TRUNC'] },
      process: compiler,
    },
  ],
  [5, EXEC],
  [7, CONNECT],
  [
    5,
    {
      type: 'accept4',
      fd: { server: '172.17.0.2:80', client: '10.1.2.3:51000' },
      process: nginx,
      container: web,
    },
  ],
  [5, { type: 'unlinkat', params: { name: '/tmp/ccXyz.s' }, process: compiler }],
  [
    5,
    {
      type: 'renameat2',
      params: { oldpath: '/var/log/a', newpath: '/var/log/b' },
      process: postgres,
      container: {},
    },
  ],
  [5, { type: 'fchmodat', params: { filename: '/tmp/x', mode: '0644' }, process: compiler }],
];

const MIXES: Readonly<Record<string, Mix>> = {
  busy: BUSY,
  /** The path that nearly all events take. */
  opensForReading: [
    [1, READ_HEADER],
    [1, READ_PAGE],
  ],
  execs: [[1, EXEC]],
  /** As `busy`, with one event in fifty that alerts; messages are not formatted. */
  underAttack: [
    ...BUSY,
    [1, { type: 'openat', fd: { name: '/etc/shadow' }, process: { name: 'cat' }, container: web }],
    [1, { type: 'execve', process: { ...shell, cmdline: 'sh -c id' }, container: web }],
  ],
};

/** Different events one after the other, always in the same order: runs of equal events flatter the predictor. */
function shuffled(mix: Mix): readonly ReturnType<typeof syntheticEvent>[] {
  const events = mix.flatMap(([weight, spec]) => Array.from({ length: weight }, () => syntheticEvent(spec)));
  const step = [37, 41, 43, 47].find((prime) => events.length % prime !== 0) ?? 1;
  return events.map((_, at) => events[(at * step) % events.length]).filter((event) => event !== undefined);
}

/** CPU microseconds of `work` for each of `count`, at best. */
function measure(count: number, work: (at: number) => void): number {
  let best = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    const start = process.cpuUsage();
    for (let at = 0; at < count; at += 1) work(at);
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / count);
  }
  return best;
}

const round = (value: number): number => Number(value.toFixed(3));

/** CPU milliseconds since `start`, which are the same on a busy machine. */
function cpuMs(start: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(start);
  return Math.round((used.user + used.system) / 1000);
}

const loadStart = process.cpuUsage();
const load = loadRules(files);
const loadMs = cpuMs(loadStart);
const buildStart = process.cpuUsage();
const engine = createEngine(load);
// Rules of an event type are compiled when its first event comes.
for (const type of engine.eventTypes) engine.evaluate(syntheticEvent({ type }), () => undefined);
const buildMs = cpuMs(buildStart);
const plain = createPlainEngine(load);

console.log(
  JSON.stringify({
    bench: 'rules',
    rules: engine.ruleCount,
    errors: load.problems.filter((problem) => problem.level === 'error').length,
    eventTypes: engine.eventTypes.size,
    loadCpuMs: loadMs,
    buildCpuMs: buildMs,
  }),
);
for (const [name, mix] of Object.entries(MIXES)) {
  const events = shuffled(mix);
  let matches = 0;
  const onMatch = (): void => {
    matches += 1;
  };
  const best = measure(eventCount, (at) => {
    const event = events[at % events.length];
    if (event !== undefined) engine.evaluate(event, onMatch);
  });
  const plainBest = measure(Math.ceil(eventCount * PLAIN_SHARE), (at) => {
    const event = events[at % events.length];
    if (event !== undefined) plain.evaluate(event);
  });
  console.log(
    JSON.stringify({
      bench: 'rules',
      mix: name,
      cpuMicrosecondsPerEvent: round(best),
      eventsPerCpuSecond: Math.round(1e6 / best),
      plainMicrosecondsPerEvent: round(plainBest),
      timesFasterThanPlain: round(plainBest / best),
      matchesPerEvent: round(matches / RUNS / eventCount),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
    }),
  );
}
