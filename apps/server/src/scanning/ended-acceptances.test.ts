// Acceptances that have ended are kept for a declared time and within a bound, and the audit trail outlives them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '@guardcell/kit';
import { startTestServer } from '../testing/test-server.ts';
import { FORGOTTEN_AT_ONCE, overdue } from './ended-acceptances.ts';

const AT = '/api/v1/risk-acceptances';
const DAY = 86_400_000;

test('what has ended longer ago than it is kept goes, the first that ended first', () => {
  const ended = [3, 1, 2].map((day) => ({ id: `d${day}`, endedMs: day * DAY }));
  assert.deepEqual(overdue(ended, 10, 12 * DAY), ['d1']);
  assert.deepEqual(overdue(ended, 10, 100 * DAY), ['d1', 'd2', 'd3']);
  assert.deepEqual(overdue(ended, 1000, 100 * DAY), []);
  assert.deepEqual(overdue(ended, 1000, 100 * DAY, 1), ['d1', 'd2'], 'beyond the bound, whatever its age');
  const many = Array.from({ length: 2000 }, (_, at) => ({ id: `${at}`, endedMs: at }));
  assert.equal(overdue(many, 1, 100 * DAY).length, FORGOTTEN_AT_ONCE);
});

test('ended acceptances are forgotten after the time of the settings; what is in force stays, the audit trail too', async () => {
  const clock = manualClock(Date.now());
  await using server = await startTestServer({ deps: { clock } });
  const { scanning } = server.server.platform;
  const ask = async (days: number): Promise<string> => {
    const body = {
      scope: { vulnerability: 'CVE-2030-10001', package: 'nginx', artifact: '', image: '' },
      kind: 'accept-risk',
      reason: 'the fix comes next week',
      until: new Date(clock.nowMs() + days * DAY).toISOString(),
    };
    return (await server.call(AT, { method: 'POST', body })).json.id as string;
  };
  const statusOf = async (id: string): Promise<number> => (await server.call(`${AT}/${id}`)).status;
  const settings = (await server.call('/api/v1/settings')).json;
  assert.equal(settings.scanning.acceptancesKeptDays, 365);
  const next = { ...settings, scanning: { ...settings.scanning, acceptancesKeptDays: 30 } };
  assert.equal((await server.call('/api/v1/settings', { method: 'PUT', body: next })).status, 200);
  // Who knows nothing of the new setting leaves it as it was.
  const { acceptancesKeptDays: _new, ...older } = next.scanning;
  const put = await server.call('/api/v1/settings', { method: 'PUT', body: { ...next, scanning: older } });
  assert.equal(put.json.scanning.acceptancesKeptDays, 30);

  const [short, long, revoked] = [await ask(1), await ask(300), await ask(300)];
  const revoke = { method: 'POST', body: { note: 'not needed' } } as const;
  assert.equal((await server.call(`${AT}/${revoked}/revoke`, revoke)).status, 200);
  clock.advance(20 * DAY);
  await scanning.acceptances.expire();
  await scanning.dropBefore(0);
  assert.deepEqual([await statusOf(short), await statusOf(long), await statusOf(revoked)], [200, 200, 200]);
  clock.advance(11 * DAY);
  await scanning.dropBefore(0);
  assert.deepEqual([await statusOf(short), await statusOf(long), await statusOf(revoked)], [200, 200, 404]);
  clock.advance(DAY);
  await scanning.dropBefore(0);
  assert.deepEqual([await statusOf(short), await statusOf(long)], [404, 200]);
  const { items } = (await server.call('/api/v1/audit?limit=50')).json as {
    items: { operation: string; target: string }[];
  };
  const forgotten = items.filter(({ operation }) => operation === 'forgetRiskAcceptance');
  assert.equal(forgotten.length, 2);
  assert.match(
    forgotten[1]?.target ?? '',
    new RegExp(`${revoked} accept-risk CVE-2030-10001 nginx, .*, revoked, until`),
  );
  assert.equal((await server.call('/api/v1/audit/verification')).json.ok, true);
});
