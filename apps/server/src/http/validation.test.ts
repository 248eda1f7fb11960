import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseRuleInputSchema, ROUTES } from '@guardcell/contract';
import { ApiError } from '../errors.ts';
import { bodyCheck, queryCheck } from './validation.ts';

function errorsOf(work: () => unknown): readonly { readonly pointer: string; readonly message: string }[] {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof ApiError);
    return thrown.errors;
  }
  return assert.fail('nothing was thrown');
}

const events = queryCheck(ROUTES.listEvents.query);

test('a query parameter given once or several times becomes a list', () => {
  assert.deepEqual(events({ severity: 'high' }), { limit: 50, severity: ['high'] });
  assert.deepEqual(events({ severity: ['high', 'critical'] }), { limit: 50, severity: ['high', 'critical'] });
});

test('numbers are read only when they are whole numbers', () => {
  assert.deepEqual(events({ limit: '7' }), { limit: 7 });
  for (const limit of ['7x', '', '1e2', '0x10', ' 7', '0', '501', '-1']) {
    assert.equal(errorsOf(() => events({ limit }))[0]?.pointer, '/limit', limit);
  }
});

test('an unknown parameter is refused, so that a mistyped filter does not match everything', () => {
  assert.deepEqual(
    errorsOf(() => events({ severty: 'high' })),
    [{ pointer: '/severty', message: 'is not known here' }],
  );
  assert.equal(errorsOf(() => events(JSON.parse('{"__proto__":"x"}') as Record<string, unknown>)).length, 1);
});

test('a value outside an enumeration is answered with the values there are', () => {
  const [first] = errorsOf(() => events({ severity: ['high', 'huge'] }));
  assert.equal(first?.pointer, '/severity/1');
  assert.match(first.message, /critical, high, medium/);
});

test('a value that fits no branch of a union gives one sentence', () => {
  const check = bodyCheck(ResponseRuleInputSchema);
  const body = {
    name: 'a',
    description: '',
    enabled: true,
    trigger: { rules: [], tags: [], minSeverity: 'high' },
    guard: '',
    actions: [{ do: 'notify', with: { url: ['a'] } }],
    cooldownSeconds: 1,
    maxTargets: 1,
    mode: 'enforce',
  };
  assert.deepEqual(
    errorsOf(() => check(body)),
    [{ pointer: '/actions/0/with/url', message: 'must be string or number or boolean' }],
  );
  assert.deepEqual(
    errorsOf(() => check({ ...body, actions: [{ do: 'stop', with: {} }], surprise: 1 })),
    [{ pointer: '/surprise', message: 'is not known here' }],
  );
});
