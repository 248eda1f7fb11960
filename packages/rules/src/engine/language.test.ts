// What the condition language promises beyond single operators: what it refuses, arguments, ancestors, printing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import type { EventSpec } from '../testing/event-spec.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { createEngine } from './engine.ts';

function ruleText(condition: string, output = 'out'): string {
  return `- rule: R\n  desc: d\n  output: ${JSON.stringify(output)}\n  priority: notice\n  warn_evttypes: false\n  condition: ${JSON.stringify(condition)}\n`;
}

function problemsOf(condition: string): readonly string[] {
  return loadRules([{ name: 'f', content: ruleText(condition) }])
    .problems.filter((problem) => problem.level === 'error')
    .map((problem) => problem.message);
}

/** The message of the rule, or undefined when its condition does not hold. */
function messageOf(condition: string, spec: EventSpec, output = 'out'): string | undefined {
  const load = loadRules([{ name: 'f', content: ruleText(condition, output) }]);
  assert.deepEqual(load.problems, []);
  let message: string | undefined;
  createEngine(load).evaluate(syntheticEvent(spec), (match) => {
    message = match.message();
  });
  return message;
}

const REFUSED: readonly (readonly [condition: string, why: RegExp])[] = [
  ['evt.failed > 1', /does not apply to field 'evt\.failed' of type bool/],
  ['evt.failed contains t', /does not apply/],
  ['fd.sip startswith 10', /does not apply to field 'fd\.sip' of type ip/],
  ['fd.sip > 10', /does not apply/],
  ['fd.snet contains 10', /does not apply/],
  ['fd.net = notanaddress', /unrecognized IP address or network/],
  ['evt.buffer glob x', /does not apply to field 'evt\.buffer' of type bytes/],
  ['evt.buffer in (x)', /does not apply/],
  ['evt.buffer bcontains zz', /hex strings only/],
  ['proc.name bcontains ff', /does not apply/],
  ['fd.num startswith 1', /does not apply/],
  ['fd.num = abc', /not a whole number/],
  ['fd.types = file', /is a list: only in, intersects and exists apply/],
  ['proc.name regex "("', /invalid regex pattern/],
  ['proc.name pmatch val(proc.pname)', /expected|does not take a field/],
  ['proc.name regex val(proc.pname)', /does not take a field/],
  ['fd.net = val(fd.sip)', /does not take a field/],
  ['proc.pid = val(proc.name)', /must have the same type/],
  ...['fd.ip', 'fd.port', 'fd.net', 'fd.proto', 'fd.sip.name', 'proc.apid', 'proc.aname', 'proc.aexe'].map(
    (field) => [`proc.name = val(${field})`, /cannot stand within val\(\)/] as const,
  ),
  ...['proc.aexepath', 'proc.acmdline', 'proc.aenv', 'evt.rawarg.flags'].map(
    (field) => [`proc.name = val(${field})`, /cannot stand within val\(\)/] as const,
  ),
  ['tolower(fd.snet) = x', /cannot be transformed/],
  ['toupper(proc.aname) = X', /cannot be transformed/],
  ['tolower(fd.num) = x', /does not apply to values of type int/],
  ['evt.arg = x', /requires an argument/],
  ['proc.name[1] = x', /does not take an argument/],
  ['proc.aname[x] = y', /takes a number/],
  ['evt.arg.nosuch = x', /unknown event argument 'nosuch'/],
];

for (const [condition, why] of REFUSED) {
  test(`${condition} is refused`, () => {
    const problems = problemsOf(condition);
    assert.ok(
      problems.some((problem) => why.test(problem)),
      JSON.stringify(problems),
    );
  });
}

const EXEC: EventSpec = {
  type: 'execve',
  process: {
    name: 'sh',
    env: ['A=1', 'B=2'],
    parents: [
      { name: 'nginx', exe: 'nginx', exePath: '/usr/sbin/nginx', cmdline: 'nginx -g x', env: ['SECRET=yes'] },
      { name: 'runc', exe: '/bin/runc', exePath: '/bin/runc', pid: 4242 },
    ],
  },
};
const CONNECT: EventSpec = { type: 'connect', fd: { client: '127.0.0.1:40000', server: '127.0.0.1:80' } };
const READ: EventSpec = {
  type: 'openat',
  fd: { name: '/etc/ld.so.cache' },
  params: { flags: ['O_RDONLY', 'O_CLOEXEC'], mode: '0644' },
};

const HOLDS: readonly (readonly [condition: string, spec: EventSpec, expected: boolean])[] = [
  // Without a number any ancestor counts, and the process itself does not.
  ['proc.aexe = /bin/runc and proc.aexepath = /usr/sbin/nginx and proc.apid = 4242', EXEC, true],
  ['proc.aexe[1] = nginx and proc.aexepath[2] = /bin/runc and proc.apid[2] = 4242', EXEC, true],
  ['proc.acmdline startswith "nginx -g" and proc.acmdline[1] endswith x', EXEC, true],
  ['proc.aenv[SECRET] = yes and proc.aenv contains SECRET', EXEC, true],
  ['proc.aname = sh', EXEC, false],
  ['proc.aname[0] = sh', EXEC, true],
  ['proc.aname[9] exists', EXEC, false],
  // One ancestor that differs is enough for !=.
  ['proc.aname != nginx', EXEC, true],
  ['proc.env[A] = 1 and proc.env[1] = "B=2"', EXEC, true],
  // The place of a network in the list does not matter.
  ['fd.net in ("10.0.0.0/8", "127.0.0.0/8")', CONNECT, true],
  ['fd.net in ("127.0.0.0/8", "10.0.0.0/8")', CONNECT, true],
  ['fd.snet in ("10.0.0.0/8", "127.0.0.0/8")', CONNECT, true],
  ['fd.net != "10.0.0.0/8" and fd.net != "fd00::/8"', CONNECT, true],
  ['fd.net = "fd00::/8"', CONNECT, false],
  ['fd.port = http and fd.proto = http and fd.port in (1, 80)', CONNECT, true],
  ['fd.port != 80', CONNECT, false],
  ['fd.port != 81', CONNECT, true],
  ['fd.sport != 80', READ, false],
  ['not fd.sport = 80', READ, true],
  // `and` binds tighter than `or`; a blank before the list may be left out.
  ['proc.name = sh or proc.name = x and proc.name = y', EXEC, true],
  ['proc.name in(sh)', EXEC, true],
  ['fd.name glob /etc*cache and fd.name pmatch (/e*c) and fd.name startswith anyof (/x, /etc)', READ, true],
  ['proc.name < 1', EXEC, false],
  ['evt.rawarg.flags = 4097', READ, true],
];

for (const [condition, spec, expected] of HOLDS) {
  test(`${spec.type}: ${condition} is ${expected}`, () => {
    assert.equal(messageOf(condition, spec) !== undefined, expected);
  });
}

test('an event type that is spelled by a list name is replaced as text', () => {
  const content = `- list: opens\n  items: [open, openat]\n${ruleText('evt.type in (opens)')}`;
  assert.deepEqual([...(loadRules([{ name: 'f', content }]).rules[0]?.eventTypes ?? [])].sort(), [
    'open',
    'openat',
  ]);
});

test('raw flags are printed in hexadecimal, arguments by name, and all of them with both', () => {
  const output = '%evt.rawarg.flags|%evt.arg.flags|%evt.arg.mode|%evt.args';
  const parts = messageOf('evt.type = openat', READ, output)?.split('|') ?? [];
  assert.equal(parts[0], '1001');
  const text = parts.slice(1).join('|');
  assert.ok(text.startsWith('O_RDONLY|O_CLOEXEC|0644|fd=3(<f>/etc/ld.so.cache) '), text);
  assert.ok(text.includes(' name=/etc/ld.so.cache flags=4097(O_RDONLY|O_CLOEXEC) mode=0644 dev=<NA>'), text);
});

test('widths pad and cut, transformers work in outputs', () => {
  assert.equal(messageOf('evt.type = execve', EXEC, '%10proc.name|%toupper(proc.name)'), 'sh        |SH');
});
