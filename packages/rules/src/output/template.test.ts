// Output templates: what is a field, how values are printed, what else may follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppendOutput } from '../index.ts';
import { loadText, outputFields, printed, problemsOf, ruleText } from '../testing/rule-probe.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';

const READ = syntheticEvent({
  type: 'openat',
  fd: { name: '/etc/ld.so.cache' },
  params: { flags: ['O_RDONLY', 'O_CLOEXEC'] },
  process: { name: 'cat', cmdline: 'cat /etc/x', uid: 0, parents: [{ name: 'sh' }, { name: 'init' }] },
});

const PRINTED: readonly (readonly [template: string, text: string])[] = [
  ['plain', 'plain'],
  ['%proc.name', 'cat'],
  ['*%proc.name', 'cat'],
  ['%proc.name.', 'cat.'],
  ['%proc.name, %proc.pname)', 'cat, sh)'],
  ['%proc.pname_%proc.name', 'sh_cat'],
  ['(%proc.name)x%proc.name', '(cat)xcat'],
  ['%proc.aname[2]%proc.aname[3]', 'init<NA>'],
  ['%proc.nameless', 'catless'],
  ['%10proc.name|', 'cat       |'],
  ['%2proc.name|', 'ca|'],
  ['%4evt.rawres|', '3   |'],
  ['%toupper(proc.name)', 'CAT'],
  ['%6toupper(proc.name)|', 'CAT   |'],
  ['%join(",", (a, b))', 'a,b'],
  ['%fd.sport', '<NA>'],
  ['100%% sure', '100% sure'],
  ['a %container.info b', 'a  b'],
  ['%container.id', 'host'],
  [
    '%evt.arg.flags %evt.rawarg.flags %evt.arg[flags] %evt.arg[0]',
    'O_RDONLY|O_CLOEXEC 1001 O_RDONLY|O_CLOEXEC <f>/etc/ld.so.cache',
  ],
  ['%evt.is_open_read', 'true'],
  ['%fd.l4proto', '<NA>'],
];

for (const [template, text] of PRINTED) {
  test(`'${template}' prints '${text}'`, () => {
    assert.equal(printed(template, READ), text);
  });
}

test('evt.args has every parameter in table order, with what it stands for', () => {
  const text = printed('%evt.args', READ);
  assert.match(
    text,
    /^fd=3\(<f>\/etc\/ld\.so\.cache\) dirfd=\S+ name=\S+ flags=4097\(O_RDONLY\|O_CLOEXEC\) mode=\S+ dev=\S+ ino=\S+$/,
  );
});

test('errors, processes and users are named', () => {
  const failed = syntheticEvent({ type: 'unlink', result: 'ENOENT', params: { path: '/x' } });
  assert.equal(
    printed('%evt.res %evt.rawres %evt.arg.res %evt.args', failed),
    'ENOENT -2 ENOENT res=-2(ENOENT) path=/x',
  );
  const env = { userName: (uid: number) => (uid === 33 ? 'www' : undefined) };
  const setuid = syntheticEvent({ type: 'setuid', params: { uid: 33 } });
  assert.equal(printed('%evt.arg.uid %evt.rawarg.uid', setuid, env), 'www 33');
});

test('output_fields has the fields as they are written, with their own types', () => {
  const output =
    '%proc.name %proc.aname[2] %user.uid %evt.is_open_read %fd.sport %toupper(proc.name) %evt.num';
  assert.deepEqual(outputFields(output, READ), {
    'proc.name': 'cat',
    'proc.aname[2]': 'init',
    'user.uid': 0,
    'evt.is_open_read': true,
    'fd.sport': null,
    'toupper(proc.name)': 'CAT',
    'evt.num': 1,
  });
});

test('text that is not well-formed is made so, in messages and in values', () => {
  const event = syntheticEvent({ type: 'openat', fd: { name: '/a\ud800b' } });
  assert.equal(printed('%fd.name', event), '/a\ufffdb');
  assert.deepEqual(outputFields('%fd.name', event), { 'fd.name': '/a\ufffdb' });
});

const REFUSED: readonly (readonly [template: string, why: RegExp])[] = [
  ['%', /invalid formatting token/],
  ['%10', /invalid formatting token/],
  ['% proc.name', /invalid formatting token/],
  ['%nosuch', /invalid formatting token/],
  ['%no.such', /nonexistent field no\.such/],
  ['%fd.net', /cannot be used in output/],
  ['%evt.arg', /requires an argument/],
  ['%tolower(', /invalid formatting token/],
];

for (const [template, why] of REFUSED) {
  test(`'${template}' is refused`, () => {
    const [problem] = problemsOf(loadText(ruleText('evt.num >= 0', template)));
    assert.match(problem ?? '', /^LOAD_ERR_COMPILE_OUTPUT/);
    assert.match(problem ?? '', why);
  });
}

const RULE = ruleText('evt.type=openat', 'out', '  tags: [a, b]\n');
const FOR: readonly (readonly [entry: AppendOutput, output: string])[] = [
  [{ extraOutput: 'x=%proc.name' }, 'out x=cat'],
  [{ match: {}, extraOutput: 'x' }, 'out x'],
  [{ match: { rule: 'R', source: 'syscall', tags: ['b', 'a'] }, extraOutput: 'x' }, 'out x'],
  [{ match: { rule: 'S' }, extraOutput: 'x' }, 'out'],
  [{ match: { source: 'k8s_audit' }, extraOutput: 'x' }, 'out'],
  [{ match: { tags: ['a', 'c'] }, extraOutput: 'x' }, 'out'],
  [
    { suggestedOutput: true },
    'out container_id=host container_name=host container_image_repository=<NA> container_image_tag=<NA> k8s_pod_name=<NA> k8s_ns_name=<NA>',
  ],
];

for (const [entry, output] of FOR) {
  test(`append_output ${JSON.stringify(entry)} makes '${output}'`, async () => {
    const { createEngine } = await import('../engine/engine.ts');
    const load = loadText(RULE, { appendOutput: [entry] });
    assert.deepEqual(problemsOf(load), []);
    const messages: string[] = [];
    createEngine(load).evaluate(READ, (match) => messages.push(match.message()));
    assert.deepEqual(messages, [output]);
  });
}

test('extra fields are in output_fields only: raw ones with their type, others as text', () => {
  const appendOutput: readonly AppendOutput[] = [
    { extraFields: ['user.uid', 'proc.aname[2]', { who: '%proc.name as %user.uid' }] },
    { match: { rule: 'S' }, extraFields: ['proc.exe'] },
  ];
  assert.equal(printed('out', READ), 'out');
  assert.deepEqual(outputFields('%proc.name', READ, { appendOutput }), {
    'proc.name': 'cat',
    'user.uid': 0,
    'proc.aname[2]': 'init',
    who: 'cat as 0',
  });
});

test('an entry with a field that does not exist is an error of each rule that it is for', () => {
  for (const entry of [
    { extraOutput: '%no.such' },
    { extraFields: ['no.such'] },
    { extraFields: ['proc.name x'] },
  ]) {
    const load = loadText(RULE, { appendOutput: [entry] });
    assert.equal(load.problems[0]?.code, 'LOAD_ERR_COMPILE_OUTPUT');
  }
});

test('suggested output is for system calls only', () => {
  const audit = ruleText('ka.verb=get', 'out', '  source: k8s_audit\n');
  assert.deepEqual(problemsOf(loadText(audit, { suggestedOutput: true })), []);
});
