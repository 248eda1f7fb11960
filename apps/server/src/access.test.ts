// Every route × every kind of caller, made from the contract's table: nobody gets further than the table says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ROLES, ROUTES, type Role, type Route } from '@guardcell/contract';
import { allows } from './auth/principal.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let fixture: TestServer;
const tokens = new Map<Role, string>();

before(async () => {
  fixture = await startTestServer();
  for (const role of ROLES) {
    const body = { name: role, role, expiresInDays: 1 };
    const made = await fixture.call('/api/v1/api-keys', { method: 'POST', body });
    tokens.set(role, made.json.token as string);
  }
});
after(() => fixture[Symbol.asyncDispose]());

const routes = Object.entries(ROUTES).filter(([, route]) => !('produces' in route)) as [string, Route][];

for (const [name, route] of routes) {
  test(`${name} lets in exactly those whom the contract lets in`, async () => {
    const path = route.path.replaceAll(/\{\w+\}/g, 'none');
    // The body is wrong on purpose: who is let in gets 400, 404, 409 or 200, nobody changes anything.
    const options = { method: route.method, ...(route.body !== undefined && { body: {} }) };
    for (const role of ROLES) {
      const { status, json } = await fixture.call(path, { ...options, token: tokens.get(role) ?? '' });
      if (allows(role, route.access))
        assert.ok(![401, 403].includes(status) || json.code === 'GC_FORBIDDEN', `${role}: ${status}`);
      else assert.equal(status, 403, role);
    }
    for (const token of ['', 'gck_rubbish', 'rubbish']) {
      const { status, json } = await fixture.call(path, { ...options, token });
      if (route.access === 'public') assert.equal(status, 400);
      else assert.ok(status === 401 || status === 429, `${status}`);
      assert.match(json.code, /^GC_/);
    }
  });
}

test('the live stream needs a viewer', async () => {
  assert.ok([401, 429].includes((await fixture.call('/api/v1/events/stream', { token: '' })).status));
});
