// The engine against the plain one: whatever the rules and whatever the event, both name the same rules.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { RuntimeEvent } from '@guardcell/core';
import fc from 'fast-check';
import { type LoadResult, loadRules } from '../loader/load-rules.ts';
import type { EventSpec } from '../testing/event-spec.ts';
import { createPlainEngine } from '../testing/plain-engine.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { createEngine } from './engine.ts';
import { completeEnvironment } from './environment.ts';
import { createNecessities, guardsOf } from './necessary.ts';
import { bindOperand } from './operand.ts';
import { createSpecializer, specialize } from './specialize.ts';
import { createValueIndex } from './value-index.ts';

// Few values that meet each other often: prefixes, parents, odd slashes, relative names, other cases.
const PATHS = [
  '/etc',
  '/etc/',
  '/etc/passwd',
  '/etc//passwd',
  '/etcetera',
  '/',
  '/x',
  'etc/passwd',
  'x',
  '/root/.ssh/id',
  '/root/.ssh',
  '/home/a/.ssh/authorized_keys',
  '/home/a/.SSH/KEYS',
  '/proc/1/environ',
  '/host/etc/x',
  '//x',
  '/home/b/x.php',
  '/home/a.*b',
  '/tmp/.x',
  '/etc/cron.d/x',
];
const NAMES = ['sh', 'bash', 'SH', 'nginx', 'java', 'runc:[2:INIT]', 'x'];
const WORDS = ['a', 'etc', '.ssh', '--url=pool', 'ETC', '/etc/passwd', '-c', '/'];
const PATTERNS = [
  '/etc*',
  '*',
  '*.ssh*',
  '/home/*/.ssh/*',
  '/*/x',
  '*x',
  '?etc*',
  '*a*b*',
  '/[e]tc/*',
  'x',
  '*s*d',
];
const PATH_FIELDS = [
  'fd.name',
  'fd.directory',
  'fd.filename',
  'evt.arg.name',
  'fs.path.name',
  'basename(fd.name)',
];
const NAME_FIELDS = ['proc.name', 'proc.pname', 'proc.aname', 'proc.aname[2]', 'toupper(proc.name)'];
const LINE_FIELDS = [
  'proc.cmdline',
  'proc.args',
  'proc.acmdline',
  'proc.args[0]',
  'proc.exepath',
  'evt.arg.flags',
];
const NUMBERS = ['-1', '0', '1', '3', '80', '443', '1000'];
const NUMBER_FIELDS = [
  'fd.num',
  'evt.rawres',
  'fd.sport',
  'user.uid',
  'proc.tty',
  'evt.rawarg.flags',
  'evt.num',
];
const BOOL_FIELDS = [
  'evt.is_open_write',
  'evt.is_open_read',
  'proc.is_exe_upper_layer',
  'evt.failed',
  'fd.is_server',
];
const TYPES = ['openat', 'open', 'execve', 'connect', 'renameat2', 'unlinkat', 'close'];

const oneOf = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const quoted = (values: readonly string[]): fc.Arbitrary<string> =>
  oneOf(values).map((value) => `"${value.replaceAll('\\', '\\\\')}"`);
const listOf = (values: readonly string[]): fc.Arbitrary<string> =>
  fc.array(quoted(values), { minLength: 1, maxLength: 4 }).map((items) => `(${items.join(', ')})`);

function textCheck(fields: readonly string[], values: readonly string[]): fc.Arbitrary<string> {
  const field = oneOf(fields);
  const operator = oneOf(['=', '!=', 'contains', 'icontains', 'startswith', 'endswith']);
  return fc
    .oneof(
      fc.tuple(field, operator, quoted(values)),
      fc.tuple(field, oneOf(['glob', 'iglob']), quoted([...PATTERNS, ...values])),
      fc.tuple(field, oneOf(['in', 'intersects']), listOf(values)),
      fc.tuple(field, fc.constant('pmatch'), listOf([...PATTERNS, ...values])),
      fc.tuple(
        field,
        oneOf(['startswith', 'endswith', 'contains', '=']),
        oneOf(['anyof', 'allof', 'oneof']),
        listOf(values),
      ),
      fc.tuple(field, fc.constant('exists')),
    )
    .map((parts) => parts.join(' '));
}

const numberCheck = fc
  .oneof(
    fc.tuple(oneOf(NUMBER_FIELDS), oneOf(['=', '!=', '<', '<=', '>', '>=']), oneOf(NUMBERS.slice(1))),
    fc.tuple(oneOf(NUMBER_FIELDS), fc.constant('in'), listOf(NUMBERS.slice(1))),
    fc.tuple(oneOf(['fd.port', 'fd.sport', 'fd.cport']), oneOf(['=', '!=']), oneOf(['80', '443', 'https'])),
  )
  .map((parts) => parts.join(' '));

const otherCheck = fc.oneof(
  fc.tuple(oneOf(BOOL_FIELDS), oneOf(['=', '!=']), oneOf(['true', 'false'])).map((parts) => parts.join(' ')),
  fc.tuple(oneOf(['=', '!=']), oneOf(TYPES)).map(([operator, type]) => `evt.type ${operator} ${type}`),
  fc.array(oneOf(TYPES), { minLength: 1, maxLength: 3 }).map((types) => `evt.type in (${types.join(', ')})`),
  oneOf(['container.id != host', 'container.id = host', 'fd.typechar = f', 'fd.typechar in (f, d)']),
  oneOf([
    'fd.snet in ("10.0.0.0/8")',
    'fd.sip = 10.0.0.7',
    'proc.name = val(proc.pname)',
    'fd.l4proto = tcp',
  ]),
);

const leaf = fc.oneof(
  textCheck(PATH_FIELDS, [...PATHS, ...WORDS]),
  textCheck(NAME_FIELDS, NAMES),
  textCheck(LINE_FIELDS, [...WORDS, ...PATHS, 'O_WRONLY', 'sh -c']),
  numberCheck,
  otherCheck,
);

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { minLength: 2, maxLength: 4 }).map((parts) => `(${parts.join(' and ')})`),
    fc.array(tie('condition'), { minLength: 2, maxLength: 4 }).map((parts) => `(${parts.join(' or ')})`),
    tie('condition').map((part) => `not (${part})`),
    // As rules are written: some positive demands, then exclusions.
    fc
      .tuple(leaf, leaf, tie('condition'))
      .map(([one, two, three]) => `(${one} and ${two} and not (${three}))`),
  ),
}));

const processSpec = fc.record(
  {
    name: oneOf(NAMES),
    args: fc.array(oneOf([...WORDS, ...PATHS]), { maxLength: 3 }),
    exePath: oneOf(['', ...PATHS]),
    uid: fc.constantFrom(0, 1, 1000),
    tty: fc.constantFrom(0, 1),
    exeUpperLayer: fc.boolean(),
    parents: fc.array(
      oneOf(NAMES).map((name) => ({ name })),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);
const fileFd = fc.record({ name: oneOf(['', ...PATHS]), type: oneOf(['file', 'directory', 'pipe']) });
const socketFd = fc.record({
  server: oneOf(['10.0.0.7:80', '8.8.8.8:443', '[::1]:80']),
  client: oneOf(['10.0.0.5:4000', '127.0.0.1:443']),
  type: oneOf(['ipv4']),
});
const OPEN_FLAGS = [['O_RDONLY'], ['O_WRONLY', 'O_CREAT'], ['O_RDWR']] as const;

const eventSpec: fc.Arbitrary<EventSpec> = fc
  .record({
    type: oneOf(TYPES),
    result: fc.option(fc.constantFrom<number | string>(0, 1, 3, 'ENOENT'), { nil: undefined }),
    fd: fc.option(fc.oneof(fileFd, socketFd), { nil: undefined }),
    flags: fc.constantFrom(...OPEN_FLAGS),
    name: oneOf(['', ...PATHS]),
    process: processSpec,
    container: fc.constantFrom<'host' | Record<string, never>>('host', {}),
  })
  .map(({ type, result, fd, flags, name, process, container }) => {
    const params =
      type === 'openat' || type === 'open'
        ? { flags: [...flags], name }
        : type === 'unlinkat'
          ? { name }
          : type === 'renameat2'
            ? { oldpath: name, newpath: `${name}.x` }
            : {};
    const spec = { type, params, process, container };
    return { ...spec, ...(result === undefined ? {} : { result }), ...(fd === undefined ? {} : { fd }) };
  });

function loadConditions(conditions: readonly string[]): LoadResult {
  const content = conditions
    .map(
      (text, at) =>
        `- rule: R${at}\n  desc: d\n  output: o\n  priority: notice\n  warn_evttypes: false\n  condition: ${JSON.stringify(text)}\n`,
    )
    .join('');
  return loadRules([{ name: 'f', content }]);
}

function assertSame(load: LoadResult, events: readonly RuntimeEvent[]): number {
  const engine = createEngine(load);
  const plain = createPlainEngine(load);
  let matches = 0;
  for (const event of events) {
    const found: string[] = [];
    engine.evaluate(event, (match) => found.push(match.rule.name));
    assert.deepEqual(found, plain.evaluate(event));
    matches += found.length;
  }
  return matches;
}

test('random rules match random events as the language says, rule by rule', () => {
  let matches = 0;
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 40 }),
      fc.array(eventSpec, { minLength: 1, maxLength: 12 }),
      (conditions, specs) => {
        const load = loadConditions(conditions);
        assert.deepEqual(
          load.problems.filter((problem) => problem.level === 'error'),
          [],
        );
        matches += assertSame(load, specs.map(syntheticEvent));
      },
    ),
    { numRuns: 150, interruptAfterTimeLimit: 20_000 },
  );
  assert.ok(matches > 100, `only ${matches} matches: the events do not exercise the rules`);
});

test('no look-up rules out an event that a condition holds for', () => {
  const events = fc.sample(eventSpec, { numRuns: 250, seed: 7 }).map(syntheticEvent);
  const pathLeaf = textCheck(PATH_FIELDS, PATHS);
  const demand = fc.oneof(
    pathLeaf,
    leaf,
    fc.tuple(pathLeaf, pathLeaf).map((parts) => parts.join(' or ')),
    fc.tuple(pathLeaf, leaf).map((parts) => parts.join(' and ')),
    condition,
  );
  let held = 0;
  fc.assert(
    fc.property(demand, (text) => {
      const load = loadConditions([text]);
      const plain = createPlainEngine(load);
      for (const event of events) {
        if (plain.evaluate(event).length === 0) continue;
        held += 1;
        assertGuardsPass(load, event);
      }
    }),
    { numRuns: 500, interruptAfterTimeLimit: 20_000 },
  );
  assert.ok(held > 1500, `only ${held} conditions held`);
});

function assertGuardsPass(load: LoadResult, event: RuntimeEvent): void {
  const [rule] = load.rules;
  assert.ok(rule !== undefined);
  const part = specialize(rule.expression, createSpecializer(event.type));
  const env = completeEnvironment({});
  for (const [field, guard] of guardsOf(part, createNecessities())) {
    const bound = bindOperand(guard.operand, 'left');
    assert.ok(!('problem' in bound));
    const value = bound.extract(event, env);
    const found = new Int32Array(1);
    if (value !== undefined)
      createValueIndex([{ rule: 0, tests: guard.tests }], 1)(value, found, Int32Array.of(1));
    assert.equal(found[0], 1, `${field} ${JSON.stringify(guard.tests)} with ${JSON.stringify(value)}`);
  }
}

test('seventy rules in one bucket take several words of bits and keep their order', () => {
  const conditions = Array.from({ length: 70 }, (_, at) =>
    at % 3 === 0
      ? 'evt.type = openat and fd.name startswith /etc'
      : `evt.type = openat and fd.name = /none/${at}`,
  );
  const event = syntheticEvent({ type: 'openat', fd: { name: '/etc/passwd' } });
  assert.equal(assertSame(loadConditions(conditions), [event]), 24);
});

const OFFICIAL = new URL('../../../../../shared/compat/falco/rules/', import.meta.url);
const DEFAULT = new URL('../../../../content/rules/', import.meta.url);

function readAll(folder: URL): LoadResult {
  const paths = globSync('**/*.yaml', { cwd: folder }).filter((path) => !path.endsWith('.test.yaml'));
  return loadRules(
    paths.sort().map((name) => ({ name, content: readFileSync(new URL(name, folder), 'utf8') })),
  );
}

for (const [title, folder] of [
  ['the default rules', DEFAULT],
  ['the published rules of Falco', OFFICIAL],
] as const) {
  test(`${title} match random events as rule by rule`, (context) => {
    const load = readAll(folder);
    if (load.rules.length === 0) {
      context.skip('the rule files are not here');
      return;
    }
    fc.assert(
      fc.property(fc.array(eventSpec, { minLength: 20, maxLength: 40 }), (specs) => {
        assertSame(load, specs.map(syntheticEvent));
      }),
      { numRuns: 15, interruptAfterTimeLimit: 10_000 },
    );
  });
}
