// Whatever an audit event looks like, it is read, evaluated, alerted on or refused, and nothing throws or leaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEngine } from '../engine/engine.ts';
import { completeEnvironment } from '../engine/environment.ts';
import { FIELDS } from '../fields/registry.ts';
import { loadRules } from '../loader/load-rules.ts';
import { damaged, mutated, randomSource } from '../testing/hostile-audit.ts';
import { auditAlert } from './audit-alert.ts';
import { auditEvent } from './audit-event.ts';
import { MAX_AUDIT_DEPTH, nestsDeeper, readAudit } from './read-audit.ts';
import { withoutSecrets } from './redact-secrets.ts';

const SECRET = 'bG9vay1hdC1tZQ==';
const EVENT = {
  kind: 'Event',
  auditID: 'a',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/pods?x=1',
  verb: 'create',
  user: { username: 'mallory', groups: ['a'] },
  sourceIPs: ['192.0.2.1'],
  objectRef: { resource: 'pods', namespace: 'n', name: 'p' },
  responseStatus: { code: 201 },
  requestObject: {
    data: { a: 'b' },
    subjects: [{ kind: 'User', name: 'u' }],
    rules: [{ verbs: ['get'], resources: ['pods'], apiGroups: [''] }],
    spec: {
      hostPID: true,
      containers: [
        { name: 'c', image: 'i:1', ports: [{ hostPort: 1 }], securityContext: { privileged: true } },
      ],
      volumes: [{ name: 'v', hostPath: { path: '/etc' } }],
      ports: [{ port: 1 }],
    },
  },
  stageTimestamp: '2026-03-01T12:00:00.123456Z',
};

const ENVIRONMENT = completeEnvironment({});
const EXTRACTORS = FIELDS.filter((field) => field.sources.includes('k8s_audit')).flatMap((field) => {
  const bounds = field.argument === 'none' ? [undefined] : [undefined, '0', '/user/0', 'x*'];
  return bounds.flatMap((argument) => {
    const bound = field.bind(argument);
    return 'problem' in bound ? [] : [bound];
  });
});
const ENGINE = createEngine(
  loadRules([
    {
      name: 'r',
      content: `
- rule: everything
  desc: d
  condition: not ka.verb in (nothing) or ka.req.pod.containers.privileged intersects (true)
  output: "%ka.user.name %ka.req.pod.containers.image %ka.req.role.rules %jevt.obj %jevt.value[/objectRef]"
  priority: INFO
  source: k8s_audit
`,
    },
  ]),
);

test('fields, rules and alerts take events of any shape', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const made = auditEvent(mutated(EVENT, randomSource(seed)), 1);
      if (!made.ok) return;
      const { event } = made;
      for (const { extract, multiplicity } of EXTRACTORS) {
        const value = extract(event, ENVIRONMENT);
        if (value === undefined) continue;
        assert.equal(Array.isArray(value), multiplicity === 'list');
        if (Array.isArray(value))
          assert.ok(value.length > 0 && value.every((item) => typeof item === 'string'));
      }
      ENGINE.evaluate(event, (match) => {
        const alert = auditAlert(match, event, 'c');
        assert.ok(JSON.stringify(alert).length > 0);
        assert.ok((alert.event.args['event'] ?? '').length <= 16_384);
      });
    }),
    { numRuns: 1000 },
  );
});

test('texts of any kind are read or refused', () => {
  const list = JSON.stringify({ kind: 'EventList', items: [EVENT, EVENT] });
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { documents } = readAudit(damaged(list, randomSource(seed)));
      for (const document of documents) auditEvent(document, 1);
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readAudit(text)));
});

test('nesting is measured as JSON nests, brackets in texts do not count', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const depth = (one: unknown): number =>
        typeof one === 'object' && one !== null ? 1 + Math.max(0, ...Object.values(one).map(depth)) : 0;
      const text = JSON.stringify(value);
      const deep = depth(value);
      const padded = text + ' '.repeat(2 * deep + 2);
      assert.equal(nestsDeeper(padded, deep), false);
      if (deep > 0) assert.equal(nestsDeeper(padded, deep - 1), true);
    }),
  );
  const bomb = '['.repeat(5_000_000);
  assert.equal(readAudit(bomb, 10_000_000).problem, 'too-deep');
  const quotes = `{"a":"${'\\"{['.repeat(1000)}"}`;
  assert.equal(nestsDeeper(quotes, 2), false);
  assert.equal(
    readAudit(`${'['.repeat(MAX_AUDIT_DEPTH + 1)}${']'.repeat(MAX_AUDIT_DEPTH + 1)}`).problem,
    'too-deep',
  );
});

test('wherever a secret stands in a request about secrets, it does not get through', () => {
  const objects = [
    { kind: 'Secret', data: { a: SECRET }, stringData: { b: SECRET } },
    { data: { a: SECRET } },
    { kind: 'SecretList', items: [{ data: { a: SECRET } }, { data: SECRET }] },
    [
      { op: 'add', path: '/data/a', value: SECRET },
      { op: 'replace', path: '', value: { data: { a: SECRET } } },
    ],
    {
      kind: 'Secret',
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET } },
    },
    { kind: 'TokenRequest', status: { token: SECRET } },
    { kind: 'TokenReview', spec: { token: SECRET } },
    { kind: 'List', items: [{ kind: 'Secret', data: { a: SECRET } }] },
  ];
  for (const object of objects) {
    const masked = withoutSecrets({
      objectRef: { resource: 'secrets' },
      requestObject: object,
      responseObject: object,
    });
    assert.doesNotMatch(JSON.stringify(masked), /bG9vay1hdC1tZQ/, JSON.stringify(object));
  }
});

test('what holds no secret is the same object as before', () => {
  const event = { objectRef: { resource: 'pods' }, requestObject: EVENT.requestObject };
  assert.equal(withoutSecrets(event), event);
});
