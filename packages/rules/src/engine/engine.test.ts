import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import type { EventSpec } from '../testing/event-spec.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { createEngine, type RuleMatch } from './engine.ts';

function ruleText(condition: string, output = 'out', name = 'R', before = ''): string {
  const quoted = JSON.stringify(condition);
  return `${before}- rule: ${name}\n  desc: d\n  output: ${JSON.stringify(output)}\n  priority: warning\n  warn_evttypes: false\n  condition: ${quoted}\n`;
}

function holds(condition: string, spec: EventSpec): boolean {
  const load = loadRules([{ name: 'f', content: ruleText(condition) }]);
  assert.deepEqual(load.problems, []);
  let hit = false;
  createEngine(load).evaluate(syntheticEvent(spec), () => (hit = true));
  return hit;
}

function onMatch<T>(content: string, spec: EventSpec, read: (match: RuleMatch) => T): T | undefined {
  const load = loadRules([{ name: 'f', content }]);
  assert.deepEqual(
    load.problems.filter((problem) => problem.level === 'error'),
    [],
  );
  let result: T | undefined;
  const engine = createEngine(load, {
    userName: (uid) => (uid === 33 ? 'www-data' : undefined),
    hostname: 'node-1',
  });
  engine.evaluate(syntheticEvent(spec), (match) => (result = read(match)));
  return result;
}

const OPEN: EventSpec = {
  type: 'openat',
  fd: { name: '/etc/passwd' },
  params: { flags: ['O_WRONLY', 'O_APPEND'] },
  process: {
    name: 'sh',
    exe: '/bin/sh',
    args: ['-c', 'echo x'],
    cwd: '/srv',
    env: ['A=1', 'B=2 3'],
    uid: 33,
    tty: 34816,
    capabilities: ['CAP_SYS_ADMIN', 'CAP_NET_RAW'],
    startedMsAgo: 5000,
    parents: [{ name: 'nginx', cmdline: 'nginx -g daemon' }, { name: 'runc' }],
  },
  container: {
    image: 'docker.io/library/nginx:1.27',
    privileged: true,
    mounts: [{ source: '/etc', destination: '/host/etc' }],
    labels: { app: 'web' },
    namespace: 'prod',
    pod: 'web-0',
    podLabels: { tier: 'front' },
  },
};
const CONNECT: EventSpec = { type: 'connect', fd: { client: '10.0.0.5:40000', server: '1.2.3.4:443' } };
const FAILED: EventSpec = { type: 'openat', result: 'ENOENT', fd: { name: '/etc/none' } };
const RENAME: EventSpec = {
  type: 'renameat2',
  params: { oldpath: 'a', newpath: '/b/../c' },
  process: { cwd: '/srv' },
};
const PTRACE: EventSpec = { type: 'ptrace', params: { request: 'PTRACE_ATTACH', pid: 7 } };

const TABLE: readonly (readonly [string, EventSpec, boolean])[] = [
  // Fields.
  ['evt.type=openat and evt.cpu=0 and evt.source=syscall', OPEN, true],
  ['evt.is_open_write=true and evt.is_open_read=false and evt.is_open_exec=false', OPEN, true],
  [
    'evt.arg.flags contains O_APPEND and evt.arg[3]=O_APPEND|O_WRONLY and evt.arg[flags] contains O_WRONLY',
    OPEN,
    true,
  ],
  ['evt.rawarg.flags=10', OPEN, true],
  ['evt.res=SUCCESS and evt.rawres=3 and evt.failed=false and fd.num=3', OPEN, true],
  ['evt.res=ENOENT and evt.rawres<0 and fd.num=-1 and evt.arg.fd=ENOENT', FAILED, true],
  [
    'fd.name=/etc/passwd and fd.directory=/etc and fd.filename=passwd and fd.typechar=f and fd.type=file',
    OPEN,
    true,
  ],
  ['proc.name=sh and proc.exe=/bin/sh and proc.args="-c echo x" and proc.cmdline="sh -c echo x"', OPEN, true],
  ['proc.args[0]=-c and proc.cmdnargs=2 and proc.env[B]="2 3" and proc.env contains "A=1"', OPEN, true],
  ['proc.pname=nginx and proc.aname[0]=sh and proc.aname[1]=nginx and proc.aname[2]=runc', OPEN, true],
  ['proc.aname=runc and proc.aname in (x, nginx) and not proc.aname=sh', OPEN, true],
  ['proc.cwd=/srv/ and proc.tty!=0 and proc.is_sid_leader exists', OPEN, true],
  ['proc.duration=5000000000 and proc.duration > 4999999999', OPEN, true],
  [
    'thread.cap_effective contains CAP_SYS_ADMIN and thread.cap_permitted="CAP_NET_RAW CAP_SYS_ADMIN"',
    OPEN,
    true,
  ],
  ['user.uid=33 and user.loginuid=-1', OPEN, true],
  [
    'container.id!=host and container.image.repository=docker.io/library/nginx and container.image.tag=1.27',
    OPEN,
    true,
  ],
  [
    'container.privileged=true and container.mount.dest[/etc]=/host/etc and container.mount.dest[/e*] exists',
    OPEN,
    true,
  ],
  ['container.label.app=web and container.label[app]=web and k8s.pod.label.tier=front', OPEN, true],
  ['k8s.ns.name=prod and k8s.pod.name=web-0', OPEN, true],
  ['container.id=host and container.name=host and not container.privileged exists', CONNECT, true],
  [
    'fd.sip=1.2.3.4 and fd.cip=10.0.0.5 and fd.sport=https and fd.rport=443 and fd.lport=40000',
    CONNECT,
    true,
  ],
  ['fd.ip=10.0.0.5 and fd.ip=1.2.3.4 and fd.port in (1, 443) and fd.net=10.0.0.0/8', CONNECT, true],
  ['fd.ip!=10.0.0.5', CONNECT, false],
  ['fd.ip!=10.0.0.6', CONNECT, true],
  ['fd.snet in ("9.0.0.0/8", "1.2.0.0/16") and fd.l4proto=tcp and fd.sockfamily=ip', CONNECT, true],
  ['fd.name="10.0.0.5:40000->1.2.3.4:443" and fd.connected=true and fd.sproto=https', CONNECT, true],
  ['evt.arg.oldpath=/srv/a and evt.arg.newpath=/c', RENAME, true],
  ['fs.path.source=/srv/a and fs.path.target=/c and fs.path.targetraw="/b/../c"', RENAME, true],
  ['evt.arg.request=PTRACE_ATTACH and evt.rawarg.request=11', PTRACE, true],
  // A missing value makes every check false, and negation comes after.
  ['fd.name!=x', PTRACE, false],
  ['not fd.name=x', PTRACE, true],
  ['not fd.name exists', PTRACE, true],
  ['fd.sport!=80', OPEN, false],
  ['evt.arg.request!=x', OPEN, false],
  ['fd.name=val(proc.name)', PTRACE, false],
  // Comparison with fields and transformers.
  ['proc.name!=val(proc.pname)', OPEN, true],
  ['toupper(proc.name)=SH and len(proc.name)=2 and basename(proc.exe)=val(proc.name)', OPEN, true],
  ['concat(proc.name, "-", proc.pname)="sh-nginx" and join("/", (a, b))="a/b"', OPEN, true],
  ['getopt(proc.args, "c:")[c]="echo x"', OPEN, true],
  ['len(fd.l4proto)=0', PTRACE, true],
  // Quantifiers.
  ['fd.name startswith anyof (/usr, /etc)', OPEN, true],
  ['fd.name contains allof (etc, pass)', OPEN, true],
  ['fd.name contains allof (etc, nope)', OPEN, false],
  ['fd.name contains oneof (etc, pass)', OPEN, false],
  ['fd.name contains oneof (etc, nope)', OPEN, true],
  // Constants.
  ['evt.num=0', OPEN, false],
  ['not evt.num=0', OPEN, true],
  ['evt.num>=0', OPEN, true],
];

for (const [condition, spec, expected] of TABLE) {
  test(`${spec.type}: ${condition} is ${expected}`, () => {
    assert.equal(holds(condition, spec), expected);
  });
}

const TYPES: readonly (readonly [string, readonly string[]])[] = [
  ['evt.type=open', ['open']],
  ['evt.type in (open, openat) and proc.name=x', ['open', 'openat']],
  ['evt.type=open or evt.type=connect', ['open', 'connect']],
  ['evt.type=open and evt.type=connect', []],
  ['evt.type=open and evt.num=0', []],
  ['evt.type in (open, openat) and not evt.type=open', ['openat']],
  ['evt.type in (open, openat) and evt.type!=open', ['openat']],
  ['not (evt.type!=open or fd.name=x)', ['open']],
];

for (const [condition, types] of TYPES) {
  test(`${condition} is indexed under [${types.join(', ')}]`, () => {
    const load = loadRules([{ name: 'f', content: ruleText(condition) }]);
    assert.deepEqual([...(load.rules[0]?.eventTypes ?? [])].toSorted(), [...types].toSorted());
  });
}

test('a rule without event type is evaluated for every event', () => {
  assert.ok(holds('proc.name=sh', { type: 'kill', process: { name: 'sh' } }));
  assert.ok(holds('not (evt.type=open and fd.name=x)', { type: 'open', fd: { name: '/y' } }));
});

test('all matching rules are reported in file order, or only the first', () => {
  const content =
    ruleText('evt.type=execve', 'o', 'A') +
    ruleText('proc.name=sh', 'o', 'B') +
    ruleText('evt.type=fork', 'o', 'C');
  const load = loadRules([{ name: 'f', content }]);
  const event = syntheticEvent({ type: 'execve', process: { name: 'sh' } });
  const all: string[] = [];
  const engine = createEngine(load);
  engine.evaluate(event, (match) => all.push(match.rule.name));
  assert.deepEqual(all, ['A', 'B']);
  assert.deepEqual(
    engine.stats().rules.map((rule) => rule.hits),
    [1, 1, 0],
  );
  const first: string[] = [];
  createEngine(load, { matching: 'first' }).evaluate(event, (match) => first.push(match.rule.name));
  assert.deepEqual(first, ['A']);
});

test('what one event made true is forgotten at the next', () => {
  const macro = '- macro: m\n  condition: (proc.cmdline contains x and proc.pname=a)\n';
  const content =
    ruleText('evt.type=execve and m', 'o', 'A', macro) +
    ruleText('evt.type=execve and m and proc.name=x', 'o', 'B');
  const engine = createEngine(loadRules([{ name: 'f', content }]));
  const hits: number[] = [];
  for (const name of ['x', 'y', 'x']) {
    let count = 0;
    const event = syntheticEvent({ type: 'execve', process: { name, parents: [{ name: 'a' }] } });
    engine.evaluate(event, () => (count += 1));
    hits.push(count);
  }
  assert.deepEqual(hits, [2, 0, 2]);
});

test('the message is filled in with fields, widths and <NA>', () => {
  const output =
    '*%proc.name|%5proc.name|%1proc.name|%user.name|%k8s.ns.name.|%fd.sport|%evt.time|%evt.time.iso8601|%proc.aname[2]|100%%|%toupper(proc.name)|%evt.hostname|%container.info|';
  const message = onMatch(ruleText('evt.type=openat', output), OPEN, (match) => match.message());
  assert.equal(
    message,
    'sh|sh   |s|www-data|prod.|<NA>|00:00:00.000000000|2026-01-01T00:00:00.000000000+0000|runc|100%|SH|node-1||',
  );
});

test('output fields keep their types', () => {
  const output = '%proc.name %user.uid %evt.is_open_write %fd.sport %evt.rawtime';
  const fields = onMatch(ruleText('evt.type=openat', output), OPEN, (match) => match.outputFields());
  assert.deepEqual(fields, {
    'proc.name': 'sh',
    'user.uid': 33,
    'evt.is_open_write': true,
    'fd.sport': null,
    'evt.rawtime': '1767225600000000000',
  });
});

test('a match tells which clauses held, with values and macros', () => {
  const macros =
    '- macro: writes\n  condition: (evt.type in (open, openat) and evt.is_open_write=true)\n- macro: account_write\n  condition: (writes and fd.name in (/etc/shadow, /etc/passwd))\n';
  const condition =
    'account_write and (proc.name=vi or proc.name=sh) and not proc.pname=useradd and not fd.sport=80 and evt.num>=0';
  const matched = onMatch(ruleText(condition, 'o', 'R', macros), OPEN, (match) => match.matched());
  assert.deepEqual(matched, [
    {
      field: 'evt.type',
      operator: 'in',
      expected: '(open, openat)',
      actual: 'openat',
      macros: ['account_write', 'writes'],
    },
    {
      field: 'evt.is_open_write',
      operator: '=',
      expected: 'true',
      actual: 'true',
      macros: ['account_write', 'writes'],
    },
    {
      field: 'fd.name',
      operator: 'in',
      expected: '(/etc/shadow, /etc/passwd)',
      actual: '/etc/passwd',
      macros: ['account_write'],
    },
    { field: 'proc.name', operator: '=', expected: 'sh', actual: 'sh', macros: [] },
    { field: 'proc.pname', operator: 'not =', expected: 'useradd', actual: 'nginx', macros: [] },
  ]);
});

test('an explanation is capped, and what held comes before what did not', () => {
  const many = Array.from({ length: 100 }, (_, at) => `not proc.name=n${at}`).join(' and ');
  const matched = onMatch(ruleText(`${many} and evt.type=openat`), OPEN, (match) => match.matched()) ?? [];
  assert.equal(matched.length, 40);
  assert.equal(matched.at(-1)?.field, 'evt.type');
});

test('all parameters are given as text', () => {
  const args = onMatch(ruleText('evt.type=openat'), OPEN, (match) => match.eventArgs());
  assert.deepEqual(args, {
    fd: '<f>/etc/passwd',
    dirfd: 'AT_FDCWD',
    name: '/etc/passwd',
    flags: 'O_APPEND|O_WRONLY',
  });
});
