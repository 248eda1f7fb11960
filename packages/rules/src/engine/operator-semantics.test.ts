// What each operator means on real events: missing values, lists, either end, quantifiers, types of values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileDescriptor, RuntimeEvent } from '@guardcell/core';
import type { EventSpec } from '../testing/event-spec.ts';
import { holds, loadText, problemsOf, ruleText } from '../testing/rule-probe.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';

const EXEC: EventSpec = { type: 'execve', process: { name: 'sh', cmdline: 'sh -c ls', uid: 1000 } };
const READ: EventSpec = { type: 'openat', fd: { name: '/etc/shadow' }, params: { flags: ['O_RDONLY'] } };
const CONNECT: EventSpec = {
  type: 'connect',
  fd: { client: '10.0.0.5:40000', server: '1.2.3.4:443' },
};
const CONNECT6: EventSpec = {
  type: 'connect',
  fd: { client: '[fd00::5]:40000', server: '[2001:db8::1]:22' },
};

/** A check for every operator on a field that the event does not have. */
const ABSENT: readonly string[] = [
  'fd.name exists',
  'fd.num < 5',
  'fd.num <= 5',
  'fd.num > -5',
  'fd.num >= -5',
  'fd.name = x',
  'fd.name == x',
  'fd.name != x',
  'fd.num != 0',
  'fd.sip != 1.1.1.1',
  'fd.snet != 10.0.0.0/8',
  'fd.ip != 1.1.1.1',
  'fd.connected != true',
  'evt.buffer != x',
  'fd.name glob *',
  'fd.name iglob *',
  'fd.name contains ""',
  'fd.name icontains ""',
  'fd.name startswith ""',
  'fd.name endswith ""',
  'evt.buffer bcontains 00',
  'evt.buffer bstartswith 00',
  'fd.name regex ".*"',
  'fd.name in (x)',
  'fd.name intersects (x)',
  'fd.name pmatch (/)',
  'fd.types in (file)',
  'fd.types intersects (file)',
  'fd.name startswith anyof ("")',
  'fd.name startswith allof ("")',
  'fd.name startswith oneof ("")',
  'fd.name != val(proc.name)',
  'proc.name != val(fd.name)',
  'tolower(fd.name) != x',
];

for (const check of ABSENT) {
  test(`without a value '${check}' is false and its negation true`, () => {
    const event = syntheticEvent(EXEC);
    assert.equal(holds(check, event), false);
    assert.equal(holds(`not ${check}`, event), true);
    assert.equal(holds(`not not ${check}`, event), false);
  });
}

/** Kinds of descriptors, so that fd.types is a list with values. */
function withDescriptors(types: readonly FileDescriptor['typeChar'][]): RuntimeEvent {
  const event = syntheticEvent(READ);
  const { fd } = event;
  assert.ok(fd !== undefined);
  const descriptors = new Map(types.map((typeChar, num) => [num, { ...fd, num, typeChar }]));
  return { ...event, thread: { ...event.thread, descriptors } };
}

test('of a list field every value must be in the list, and for intersects one is enough', () => {
  const event = withDescriptors(['f', '4', 'f']);
  assert.equal(holds('fd.types in (file, ipv4, unix)', event), true);
  assert.equal(holds('fd.types in (file)', event), false);
  assert.equal(holds('fd.types intersects (ipv4, unix)', event), true);
  assert.equal(holds('fd.types intersects (unix)', event), false);
  assert.equal(holds('fd.types exists and len(fd.types) = 2', event), true);
  assert.equal(holds('fd.types[1] in (ipv4) and not fd.types[7] exists', event), true);
  assert.equal(holds('join("+", fd.types) = file+ipv4', event), true);
});

test('on one value in and intersects are the same', () => {
  for (const operator of ['in', 'intersects']) {
    assert.equal(holds(`proc.name ${operator} (sh, bash)`, syntheticEvent(EXEC)), true);
    assert.equal(holds(`proc.name ${operator} ()`, syntheticEvent(EXEC)), false);
  }
});

const NETWORK: readonly (readonly [condition: string, spec: EventSpec, expected: boolean])[] = [
  // Either end counts; != holds only when both differ.
  ['fd.ip = 10.0.0.5 and fd.ip = 1.2.3.4', CONNECT, true],
  ['fd.ip != 1.2.3.4', CONNECT, false],
  ['fd.ip != 9.9.9.9', CONNECT, true],
  ['fd.ip in (9.9.9.9, 1.2.3.4)', CONNECT, true],
  ['fd.port = 40000 and fd.port = https', CONNECT, true],
  ['fd.port != https', CONNECT, false],
  ['fd.proto = https', CONNECT, true],
  ['fd.net = 1.2.0.0/16 and fd.net != 9.0.0.0/8', CONNECT, true],
  ['fd.net != 1.2.0.0/16', CONNECT, false],
  // Any network of the list, wherever it stands.
  ['fd.net in (9.0.0.0/8, 1.2.3.4)', CONNECT, true],
  ['fd.snet in (9.0.0.0/8, 1.2.3.4/32)', CONNECT, true],
  ['fd.cnet = 10.0.0.0/8 and fd.lnet = 10.0.0.0/8 and fd.rnet = 1.2.3.0/24', CONNECT, true],
  // Families do not mix: = is false, != is true.
  ['fd.snet = 2001:db8::/32', CONNECT, false],
  ['fd.snet != 2001:db8::/32', CONNECT, true],
  ['fd.sip = 2001:db8::1', CONNECT, false],
  ['fd.sip != 2001:db8::1', CONNECT, true],
  ['fd.snet = 1.2.3.4', CONNECT6, false],
  ['fd.snet != 1.2.3.4', CONNECT6, true],
  ['fd.sip = 2001:0db8:0000::0001 and fd.snet = 2001:db8::/32 and fd.net = fd00::/8', CONNECT6, true],
  ['fd.sport = ssh and fd.sport in (telnet, ssh) and fd.sproto = ssh', CONNECT6, true],
  ['fd.sport >= 22 and fd.sport < 23', CONNECT6, true],
  ['fd.sport = ""', CONNECT6, false],
];

for (const [condition, spec, expected] of NETWORK) {
  test(`${spec.fd?.server ?? ''}: ${condition} is ${expected}`, () => {
    assert.equal(holds(condition, syntheticEvent(spec)), expected);
  });
}

test('ports are numbers or names of services, and nothing stands for 0', () => {
  const zero = syntheticEvent({ type: 'connect', fd: { client: '10.0.0.5:0', server: '1.2.3.4:53' } });
  assert.equal(holds('fd.cport = "" and fd.sport = domain', zero), true);
  assert.match(problemsOf(loadText(ruleText('fd.sport = nosuch')))[0] ?? '', /unrecognized port or service/);
});

const NUMBERS: readonly (readonly [condition: string, expected: boolean])[] = [
  ['user.uid = 1000 and user.uid = 0x3E8 and user.uid = 1e+3 and user.uid = 1000.0', true],
  ['user.uid >= 1000 and user.uid <= 1000 and not user.uid < 1000 and not user.uid > 1000', true],
  ['user.uid > -1', false],
  ['user.uid = +1000', true],
  ['user.loginuid = -1 and user.loginuid < 0', true],
  ['evt.num < -1', true],
  ['proc.pid in (1, 0xFA1, 4001)', true],
  ['proc.duration >= 0', true],
];

for (const [condition, expected] of NUMBERS) {
  test(`numbers: ${condition} is ${expected}`, () => {
    assert.equal(holds(condition, syntheticEvent(EXEC)), expected);
  });
}

test('what is no number, no boolean and no address is refused for such fields', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['user.uid = root', /not a whole number/],
    ['user.uid = 1.5', /not a whole number/],
    ['evt.failed = yes', /boolean/],
    ['fd.sip = 1.2.3', /IP address/],
    ['fd.snet = 1.2.3.4/33', /network/],
    ['fd.snet = fd00::/129', /network/],
    ['evt.type = opne', /unknown event type/],
    ['evt.outputtime = x', /cannot be used in conditions/],
  ];
  for (const [condition, why] of refused) {
    const [problem] = problemsOf(loadText(ruleText(condition)));
    assert.match(problem ?? '', /^LOAD_ERR_COMPILE_CONDITION/);
    assert.match(problem ?? '', why);
  }
});

const TEXTS: readonly (readonly [condition: string, expected: boolean])[] = [
  ['fd.name = /ETC/shadow', false],
  ['fd.name iglob /ETC/*W and fd.name icontains SHADOW', true],
  ['fd.name startswith /ETC or fd.name endswith W or fd.name contains S', false],
  ['fd.name glob /*w and fd.name glob /etc/[r-t]ha?ow and not fd.name glob /etc', true],
  ['fd.name glob "/etc/[!a-r]hadow" and fd.name glob "/etc\\\\/shadow"', true],
  ['fd.name regex "/etc/(shadow|passwd)"', true],
  ['fd.name regex "shadow" or fd.name regex "/etc"', false],
  ['fd.name regex "/ETC/.*"', false],
  ['fd.name regex "(?i)/ETC/[[:alpha:]]+"', true],
  ['fd.name pmatch (/usr, /etc) and fd.name pmatch (/) and fd.name pmatch (/e*)', true],
  ['fd.name pmatch (/et, /etc/shad)', false],
  ['fd.name pmatch ("/etc/")', true],
];

for (const [condition, expected] of TEXTS) {
  test(`texts: ${condition} is ${expected}`, () => {
    assert.equal(holds(condition, syntheticEvent(READ)), expected);
  });
}

test('texts are ordered by their bytes, not by their UTF-16 units', () => {
  const event = syntheticEvent({ type: 'openat', fd: { name: '/\u{1F600}', nameRaw: '/\uFF5E' } });
  assert.equal(holds('fd.name > val(fd.nameraw) and fd.name >= val(fd.nameraw)', event), true);
  assert.equal(holds('fd.name < val(fd.nameraw) or fd.name <= val(fd.nameraw)', event), false);
  assert.equal(holds('fd.name <= val(fd.name) and not fd.name < val(fd.name)', event), true);
  assert.match(problemsOf(loadText(ruleText('fd.name < x')))[0] ?? '', /expected a number/);
});

test('a value that is not well-formed is compared with a regular expression all the same', () => {
  const event = syntheticEvent({ type: 'openat', fd: { name: '/a\uD800b' } });
  assert.equal(holds('fd.name regex "/a.b"', event), true);
});

const QUANTIFIERS: readonly (readonly [condition: string, expected: boolean])[] = [
  ['fd.name startswith anyof (/usr, /etc)', true],
  ['fd.name startswith anyof (/usr, /var)', false],
  ['fd.name startswith anyof ()', false],
  ['fd.name startswith allof (/, /etc)', true],
  ['fd.name startswith allof (/, /usr)', false],
  ['fd.name startswith oneof (/usr, /etc)', true],
  ['fd.name startswith oneof (/, /etc)', false],
  ['fd.name != allof (/a, /b)', true],
  ['fd.name glob anyof (/x*, *w) and fd.name regex anyof (x, ".*w")', true],
  ['fd.name contains oneof (shadow, SHADOW)', true],
];

for (const [condition, expected] of QUANTIFIERS) {
  test(`quantifiers: ${condition} is ${expected}`, () => {
    assert.equal(holds(condition, syntheticEvent(READ)), expected);
  });
}

test('buffers are compared by their bytes', () => {
  const event = syntheticEvent({
    type: 'recvfrom',
    result: 4,
    fd: { client: '1.1.1.1:1', server: '2.2.2.2:2' },
    params: { data: Uint8Array.of(0xca, 0xfe, 0xba, 0xbe) },
  });
  assert.equal(holds('evt.buffer bcontains FEBA and evt.buffer bstartswith cafe', event), true);
  assert.equal(holds('evt.buffer bstartswith feba', event), false);
  assert.equal(
    holds('evt.buffer contains x or evt.buffer startswith x or evt.buffer endswith x', event),
    false,
  );
  assert.equal(holds('len(evt.buffer) = 4 and evt.buflen = 4 and evt.buflen.net.in = 4', event), true);
  for (const wrong of ['cafeb', 'xyzw', '0xCAFE', '""']) {
    const [problem] = problemsOf(loadText(ruleText(`evt.buffer bcontains ${wrong}`)));
    assert.match(problem ?? '', /hex strings only/);
  }
});

test('a field that is any of several holds when one value does', () => {
  const event = syntheticEvent({
    type: 'connect',
    fd: { client: '10.0.0.5:1', server: '1.2.3.4:443' },
  });
  const env = { hostNames: (ip: string) => (ip === '1.2.3.4' ? ['a.example', 'b.example'] : []) };
  assert.equal(holds('fd.sip.name = b.example', event, env), true);
  assert.equal(holds('fd.sip.name in (c.example, a.example)', event, env), true);
  assert.equal(holds('fd.sip.name endswith .test', event, env), false);
  assert.equal(holds('fd.cip.name exists', event, env), false);
});
