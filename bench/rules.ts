// Measures the rule engine alone: synthetic events through the default rules, or through files given as arguments.
// Usage: node bench/rules.ts [rule file …]
import { globSync, readFileSync } from 'node:fs';
import { createEngine, type EventSpec, loadRules, syntheticEvent } from '@guardcell/rules';

const EVENTS = 2_000_000;
const RUNS = 3;

const given = process.argv.slice(2);
const paths =
  given.length > 0
    ? given
    : globSync('content/rules/**/*.yaml').filter((path) => !path.endsWith('.test.yaml'));
const files = paths.sort().map((name) => ({ name, content: readFileSync(name, 'utf8') }));
const loadStart = performance.now();
const load = loadRules(files);
const loadMs = performance.now() - loadStart;
const errors = load.problems.filter((problem) => problem.level === 'error').length;

const compiler = {
  name: 'cc1',
  exePath: '/usr/lib/gcc/cc1',
  cmdline: '/usr/lib/gcc/cc1 -quiet -I include -O2 main.c -o main.s',
};
const nginx = { name: 'nginx', cmdline: 'nginx: worker process', uid: 101 };
const postgres = { name: 'postgres', cmdline: 'postgres: checkpointer', uid: 999 };
const web = { image: 'docker.io/library/nginx:1.27', name: 'web' };

/** Weighted as on a busy host: mostly opens for reading, some writes, execs and connections. Nothing here is an attack. */
const mix: readonly (readonly [number, EventSpec])[] = [
  [30, { type: 'openat', fd: { name: '/usr/include/linux/types.h' }, process: compiler }],
  [10, { type: 'openat', fd: { name: '/usr/include/none.h' }, result: 'ENOENT', process: compiler }],
  [15, { type: 'openat', fd: { name: '/usr/share/nginx/html/index.html' }, process: nginx, container: web }],
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
  [
    5,
    {
      type: 'execve',
      process: {
        name: 'gcc',
        cmdline: 'gcc -O2 -c main.c',
        parents: [{ name: 'make' }, { name: 'bash' }, { name: 'sshd' }],
      },
    },
  ],
  [7, { type: 'connect', fd: { server: '10.0.0.7:5432' }, process: nginx, container: web }],
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

const events = mix.flatMap(([weight, spec]) => Array.from({ length: weight }, () => syntheticEvent(spec)));
// A fixed shuffle: runs of equal events would flatter the branch predictor.
const shuffled = events
  .map((_, at) => events[(at * 37) % events.length])
  .filter((event) => event !== undefined);

let best = Infinity;
let matches = 0;
for (let run = 0; run < RUNS; run += 1) {
  const engine = createEngine(load);
  const start = process.cpuUsage();
  for (let at = 0; at < EVENTS; at += 1) {
    const event = shuffled[at % shuffled.length];
    if (event !== undefined) engine.evaluate(event, () => (matches += 1));
  }
  const used = process.cpuUsage(start);
  best = Math.min(best, (used.user + used.system) / EVENTS);
}

console.log(
  JSON.stringify({
    bench: 'rules',
    rules: load.rules.filter((rule) => rule.enabled).length,
    errors,
    loadMs: Math.round(loadMs),
    cpuMicrosecondsPerEvent: Number(best.toFixed(3)),
    eventsPerSecond: Math.round(1e6 / best),
    matchesPerEvent: matches / RUNS / EVENTS,
  }),
);
