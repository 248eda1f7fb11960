// Tests of rules on Kubernetes audit events, and events out of files.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { readEvents } from './read-events.ts';
import { runRuleTests } from './run-rule-tests.ts';

const LOAD = loadRules([
  {
    name: 'r.yaml',
    content: `
- rule: Exec into pod
  desc: d
  condition: ka.verb=create and ka.target.resource=pods and ka.target.subresource=exec
  output: exec by %ka.user.name into %ka.target.name
  priority: error
  source: k8s_audit
`,
  },
]);

const EXEC = `
rule: Exec into pod
tests:
  - name: exec fires
    event:
      audit:
        verb: create
        user: { username: alice }
        objectRef: { resource: pods, subresource: exec, namespace: shop, name: web-0 }
        requestObject: { spec: { replicas: 3, note: "3", on: true, none: ~ } }
    fires: true
    output: exec by alice into web-0
  - name: get does not
    event: { audit: { verb: get, objectRef: { resource: pods } } }
    fires: false
`;

describe('tests with audit events', () => {
  test('run on rules of their source', () => {
    assert.deepEqual(LOAD.problems, []);
    assert.deepEqual(
      runRuleTests(LOAD, EXEC, 't').map(({ passed, detail }) => [passed, detail]),
      [
        [true, ''],
        [true, ''],
      ],
    );
  });

  test('say which check stopped a rule that should have fired', () => {
    const [outcome] = runRuleTests(LOAD, EXEC.replace('subresource: exec', 'subresource: log'), 't');
    const stopped = outcome?.explanation?.children.find((child) => child.decisive);
    assert.deepEqual([stopped?.field, stopped?.actual], ['ka.target.subresource', 'log']);
  });

  for (const [from, to, message] of [
    ['verb: create', 'vrb: create', /unknown key 'vrb', did you mean 'verb'/],
    ['username: alice', 'user: alice', /unknown key 'user'/],
    ['resource: pods, sub', 'resources: pods, sub', /unknown key 'resources', did you mean 'resource'/],
    ['      audit:', '      type: open\n      audit:', /unknown key 'type'/],
  ] as const) {
    test(`a mistake fails the test: ${message.source}`, () => {
      const [outcome] = runRuleTests(LOAD, EXEC.replace(from, to), 't');
      assert.equal(outcome?.passed, false);
      assert.match(outcome?.detail ?? '', message);
    });
  }

  test('an event of another source is said to be one', () => {
    const [outcome] = runRuleTests(
      LOAD,
      'rule: Exec into pod\ntests: [{ name: n, event: { type: open }, fires: true }]',
      't',
    );
    assert.match(outcome?.detail ?? '', /of the source k8s_audit, this one is of syscall/);
  });

  test('quoted values stay text, others get their type', () => {
    const made = readEvents(EXEC).events[0]?.make();
    assert.ok(made !== undefined && 'event' in made);
    const json = made.event.payload?.json as { requestObject: { spec: unknown } };
    assert.deepEqual(json.requestObject.spec, { replicas: 3, note: '3', on: true, none: null });
  });
});

describe('events out of a file', () => {
  const audit = (verb: string): string =>
    JSON.stringify({ kind: 'Event', auditID: verb, stage: 'ResponseComplete', verb });
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['one description', 'type: openat\nfd: { name: /etc/passwd }\n', ['event 1']],
    ['an event key', 'event: { type: openat }\n', ['event 1']],
    ['a test file', EXEC, ['exec fires', 'get does not']],
    ['an audit event', audit('get'), ['event 1']],
    ['audit events, one a line', `${audit('get')}\n${audit('list')}\n`, ['event 1', 'event 2']],
    [
      'an event list',
      `{"kind":"EventList","items":[${audit('get')},${audit('list')}]}`,
      ['event 1', 'event 2'],
    ],
    ['a sequence', '- { type: openat }\n- { type: close }\n', ['event 1', 'event 2']],
  ];
  for (const [what, content, names] of cases) {
    test(`${what} is read`, () => {
      const { events, problems } = readEvents(content);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        events.map(({ name }) => name),
        names,
      );
      for (const event of events) assert.ok('event' in event.make());
    });
  }

  test('what cannot be read is a problem with its line, and the rest is there', () => {
    const { events, problems } = readEvents('- { type: openat }\n- { type: opnat }\n- 5\n');
    assert.equal(events.length, 1);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 3],
    );
  });
});
