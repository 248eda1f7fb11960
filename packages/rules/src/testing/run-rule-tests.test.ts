import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { runRuleTests } from './run-rule-tests.ts';
import { syntheticEvent } from './synthetic-event.ts';

const LOAD = loadRules([
  {
    name: 'r.yaml',
    content: `
- rule: Passwd write
  desc: d
  condition: evt.type=openat and evt.is_open_write=true and fd.name=/etc/passwd and container.id!=host
  output: written by %proc.name (%user.name)
  priority: error
  enabled: false
`,
  },
]);

const GOOD = `
rule: Passwd write
tests:
  - name: fires in a container
    event:
      type: openat
      fd: { name: /etc/passwd }
      params: { flags: [O_WRONLY, O_APPEND] }
      process: { cmdline: "sh -c 'echo x'", uid: 1000 }
      container: {}
      users: { 1000: alice }
    fires: true
    output: "by sh (alice)"
  - name: not on the host
    event: { type: openat, fd: { name: /etc/passwd }, params: { flags: O_WRONLY }, container: host }
    fires: false
`;

test('tests pass when rules do what they say, for disabled rules too', () => {
  const outcomes = runRuleTests(LOAD, GOOD, 't.yaml');
  assert.deepEqual(
    outcomes.map((outcome) => [outcome.passed, outcome.detail]),
    [
      [true, ''],
      [true, ''],
    ],
  );
});

const WRONG: readonly (readonly [string, RegExp, number])[] = [
  [GOOD.replace('fires: true', 'fires: false'), /the rule fired: written by sh/, 4],
  [GOOD.replace('fires: false', 'fires: true'), /did not fire/, 14],
  [GOOD.replace('by sh (alice)', 'nobody'), /does not contain/, 4],
  [GOOD.replace('rule: Passwd write', 'rule: Passwd writ'), /did you mean 'Passwd write'/, 4],
  [GOOD.replace('flags: [O_WRONLY', 'flags: [O_WRONG'), /no value 'O_WRONG'/, 4],
  [GOOD.replace('params: { flags: [', 'params: { flgs: ['), /no parameter 'flgs'/, 4],
  [
    GOOD.replace('fd: { name: /etc/passwd }\n', 'fd: { nam: /etc/passwd }\n'),
    /unknown key 'nam', did you mean 'name'/,
    7,
  ],
  [GOOD.replace('type: openat', 'type: opnat'), /unknown event type 'opnat'/, 6],
  [GOOD.replace('uid: 1000', 'uid: many'), /whole number/, 9],
  ['rule: x\ntests: []\n', /no tests/, 1],
  ['rule: [', /./, 1],
];

for (const [content, message, line] of WRONG) {
  test(`a wrong test fails with ${message.source} at line ${line}`, () => {
    const failed = runRuleTests(LOAD, content, 't.yaml').filter((outcome) => !outcome.passed);
    assert.ok(failed.length > 0);
    assert.match(failed[0]?.detail ?? '', message);
    assert.equal(failed[0]?.line, line);
  });
}

test('a synthetic connect has both ends and a tuple', () => {
  const event = syntheticEvent({ type: 'connect', fd: { server: '1.2.3.4:443' } });
  assert.equal(event.fd?.name, '172.17.0.2:40000->1.2.3.4:443');
  assert.equal(event.param('tuple'), event.fd?.name);
});

test('a description that cannot be an event is an error', () => {
  assert.throws(() => syntheticEvent({ type: 'openat', params: { nope: 1 } }), RangeError);
});
