// The fake API must not drift from the contract: every answer is checked against its schema.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ProblemSchema, type Registry, ROUTES, type Route, type RouteName } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { Compile } from 'typebox/compile';
import { SCENARIOS } from './fake/scenarios.ts';
import { FAKE_USERS, type FakeApi, startFakeApi } from './fake-api.ts';

interface Caller {
  readonly cookie: string;
  readonly csrf: string;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
  readonly headers: Headers;
}

async function ask(
  fake: FakeApi,
  method: string,
  path: string,
  caller?: Partial<Caller>,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(fake.url + path, {
    method,
    headers: {
      ...(caller?.cookie !== undefined && { cookie: caller.cookie }),
      ...(caller?.csrf !== undefined && { 'x-csrf-token': caller.csrf }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const content = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: content === '' ? undefined : JSON.parse(content),
    headers: response.headers,
  };
}

async function signIn(fake: FakeApi, at: number): Promise<Caller> {
  const { name, password } = FAKE_USERS[at] ?? { name: '', password: '' };
  const reply = await ask(fake, 'POST', '/api/v1/session', {}, { username: name, password });
  assert.equal(reply.status, 200);
  const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { cookie, csrf: (reply.body as { csrfToken: string }).csrfToken };
}

function assertFits(name: RouteName, body: unknown): void {
  const route: Route = ROUTES[name];
  if (route.response === undefined) {
    assert.equal(body, undefined, name);
    return;
  }
  const check = Compile(route.response);
  const faults = check.Errors(body).map((each) => `${each.instancePath} ${each.message}`);
  assert.deepEqual(faults, [], `${name}: ${faults.join('; ')}`);
}

function assertProblem(reply: Reply, status: number, code: string): void {
  assert.equal(reply.status, status);
  assert.match(reply.type, /^application\/problem\+json/);
  assert.ok(Compile(ProblemSchema).Check(reply.body));
  assert.equal((reply.body as { code: string }).code, code);
}

const OWN_RULE = '- rule: Own\n  desc: d\n  condition: evt.type = execve\n  output: o\n  priority: NOTICE\n';

/** Every route of scanning, once. */
function scanCalls({ state }: FakeApi): readonly (readonly [RouteName, string, unknown?])[] {
  const [first, second] = state.scan.artifacts;
  const artifact = `/artifacts/${encodeURIComponent(first?.id ?? '')}`;
  const other = encodeURIComponent(second?.id ?? '');
  const scope = { vulnerability: 'CVE-2024-5535', package: '', artifact: '', image: '' };
  const until = new Date(state.nowMs + 86_400_000).toISOString();
  const { name: _name, passwordSet: _set, artifacts: _count, ...registry } = state.scan.registries[0] ?? {};
  const { nextRunAt: _next, lastJob: _job, createdAt: _at, createdBy: _by, ...input } = registry as Registry;
  return [
    ['listArtifacts', '/artifacts?kind=image&running=true&sort=name'],
    ['getArtifact', artifact],
    ['listArtifactPackages', `${artifact}/packages?vulnerable=true`],
    [
      'listArtifactVulnerabilities',
      `${artifact}/vulnerabilities?severity=critical&severity=high&sort=newest`,
    ],
    ['getArtifactFindings', `${artifact}/findings`],
    ['getArtifactFixPlan', `${artifact}/fix-plan`],
    ['getArtifactReport', `${artifact}/report?format=csv`],
    ['compareArtifacts', `${artifact}/comparison?to=${other}`],
    ['scanArtifact', `${artifact}/scan`],
    ['listVulnerabilities', '/vulnerabilities?fixable=true&sort=artifacts'],
    ['vulnerabilityFacets', '/vulnerabilities/facets?exploited=true'],
    ['listVulnerablePackages', '/vulnerabilities/packages?type=deb'],
    ['listVulnerableArtifacts', '/vulnerabilities/artifacts?severity=critical'],
    ['listVulnerableWorkloads', '/vulnerabilities/workloads?inUse=executed'],
    ['getFixPlan', '/vulnerabilities/fix-plan'],
    ['getVulnerability', '/vulnerabilities/CVE-2021-44228'],
    ['listOccurrences', '/vulnerabilities/CVE-2024-5535/occurrences'],
    ['vulnerabilityData', '/vulnerability-data'],
    ['updateVulnerabilityData', '/vulnerability-data/update'],
    ['listRegistries', '/registries'],
    ['getRegistry', '/registries/ghcr'],
    ['putRegistry', '/registries/mine', input],
    ['checkRegistry', '/registries/mine/check', input],
    ['scanRegistry', '/registries/mine/scan'],
    ['deleteRegistry', '/registries/mine'],
    ['listScanJobs', '/scan-jobs?kind=registry&state=succeeded'],
    ['getScanJob', '/scan-jobs/job-11'],
    ['cancelScanJob', '/scan-jobs/job-12/cancel'],
    ['previewAcceptance', '/risk-acceptances/preview', scope],
    [
      'requestAcceptance',
      '/risk-acceptances',
      { scope, kind: 'accept-risk', reason: 'for the test alone', until },
    ],
    ['listAcceptances', '/risk-acceptances?state=requested'],
    ['getAcceptance', '/risk-acceptances/ra-3'],
    ['approveAcceptance', '/risk-acceptances/ra-5/approve', { note: '' }],
    ['rejectAcceptance', '/risk-acceptances/ra-4/reject', { note: 'no' }],
    ['revokeAcceptance', '/risk-acceptances/ra-3/revoke', { note: '' }],
    ['deleteArtifact', artifact],
  ];
}

suite('the fake API', () => {
  let fake: FakeApi;
  let admin: Caller;
  before(async () => {
    fake = await startFakeApi();
    admin = await signIn(fake, 0);
  });
  after(() => fake[Symbol.asyncDispose]());

  test('every route answers in the form of the contract', async () => {
    const alert = fake.state.alerts.find(({ rule }) => rule.startsWith('Account file'));
    const rule = { ...fake.state.responses[2], name: 'made-here' } as Record<string, unknown>;
    delete rule['origin'];
    const calls: readonly (readonly [RouteName, string, unknown?])[] = [
      ['session', '/session'],
      ['status', '/status'],
      ['overview', '/overview?window=24h'],
      ['overview', '/overview?window=7d'],
      ['listEvents', '/events?since=24h&limit=500'],
      ['eventHistogram', '/events/histogram?since=6h&buckets=30'],
      ['eventFacets', '/events/facets?severity=high&severity=critical'],
      ['getEvent', `/events/${alert?.id ?? ''}`],
      ['listContainers', '/containers?q=shop&state=running'],
      ['listContainers', '/containers?limit=500'],
      ['getContainer', '/containers/edge-nginx'],
      ['listRules', '/rules'],
      ['updateRule', '/rules/Kernel%20module%20loaded?dryRun=true', { enabled: false }],
      ['validateRules', '/rules/validate', { name: 'mine.yaml', content: '- rule: [' }],
      ['ruleVocabulary', '/rules/fields'],
      ['tuneRule', `/rules/${encodeURIComponent(alert?.rule ?? '')}/tune`, { alerts: [alert?.id] }],
      [
        'addRuleException',
        `/rules/${encodeURIComponent(alert?.rule ?? '')}/exceptions`,
        { name: 'x', fields: ['fd.name', 'proc.name'], comps: ['=', '='], values: [['/a', 'b']] },
      ],
      ['createRuleFile', '/rule-files', { name: 'own.yaml', content: OWN_RULE }],
      ['tryRules', '/rules/try', { name: 'custom/own.yaml', content: OWN_RULE, against: 'live' }],
      ['listRuleFiles', '/rule-files'],
      ['getRuleFile', '/rule-files/custom%2Fown.yaml'],
      ['putRuleFile', '/rule-files/custom%2Fown.yaml', { content: `${OWN_RULE}# changed\n` }],
      ['deleteRuleFile', '/rule-files/custom%2Fown.yaml'],
      ['listResponses', '/responses'],
      ['putResponse', '/responses/made-here', rule],
      ['getResponse', '/responses/made-here'],
      ['deleteResponse', '/responses/made-here'],
      ['listActions', '/actions?state=failed&state=undone'],
      ['runAction', '/actions', { do: 'pause', container: 'edge-nginx', reason: 'test' }],
      ['undoAction', '/actions/act-1000/undo'],
      ['getAction', '/actions/act-1000'],
      ['getSettings', '/settings'],
      ['putSettings', '/settings', fake.state.settings],
      ['listUsers', '/users'],
      ['createUser', '/users', { name: 'sam', role: 'viewer' }],
      ['updateUser', '/users/sam', { role: 'responder' }],
      ['resetPassword', '/users/sam/password', {}],
      ['deleteUser', '/users/sam'],
      ['listAudit', '/audit'],
      ['verifyAudit', '/audit/verification'],
      ['createApiKey', '/api-keys', { name: 'test', role: 'viewer', expiresInDays: 5 }],
      ['listApiKeys', '/api-keys'],
      ['deleteApiKey', '/api-keys/key-grafana'],
      ...scanCalls(fake),
      [
        'changePassword',
        '/session/password',
        { current: FAKE_USERS[0]?.password, next: FAKE_USERS[0]?.password },
      ],
    ];
    const seen = new Set<RouteName>(['login', 'logout', 'streamEvents']);
    for (const [name, path, body] of calls) {
      const route: Route = ROUTES[name];
      const reply = await ask(fake, route.method, `/api/v1${path}`, admin, body);
      assert.equal(reply.status, route.status, `${name} ${JSON.stringify(reply.body)}`);
      assertFits(name, reply.body);
      seen.add(name);
    }
    assert.deepEqual([...seen].sort(), Object.keys(ROUTES).sort());
  });

  test('pages cover the whole list once, newest first', async () => {
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const reply = await ask(fake, 'GET', `/api/v1/events?limit=90${from}`, admin);
      const page = reply.body as { items: Alert[]; nextCursor: string | null };
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    assert.deepEqual(
      ids,
      fake.state.alerts.map(({ id }) => id),
    );
    assert.deepEqual(
      fake.state.alerts.map(({ time }) => time),
      fake.state.alerts.map(({ time }) => time).toSorted((a, b) => (a < b ? 1 : -1)),
    );
    assertProblem(await ask(fake, 'GET', '/api/v1/events?cursor=x', admin), 400, 'GC_INVALID_CURSOR');
  });

  test('filters narrow, and words are searched', async () => {
    const reply = await ask(fake, 'GET', '/api/v1/events?container=blog-php&q=xmrig&limit=500', admin);
    const { items } = reply.body as { items: Alert[] };
    assert.ok(items.length >= 3 && items.every((alert) => alert.container.name === 'blog-php'));
    assertProblem(await ask(fake, 'GET', '/api/v1/events?nonsense=1', admin), 400, 'GC_INVALID_REQUEST');
  });

  test('only who is signed in, with the token of the session and the needed role, is let in', async () => {
    assertProblem(await ask(fake, 'GET', '/api/v1/status'), 401, 'GC_UNAUTHENTICATED');
    const wrong = { username: 'admin', password: 'no' };
    assertProblem(await ask(fake, 'POST', '/api/v1/session', {}, wrong), 401, 'GC_BAD_CREDENTIALS');
    const body = { do: 'pause', container: 'edge-nginx' };
    const noToken = await ask(fake, 'POST', '/api/v1/actions', { cookie: admin.cookie }, body);
    assertProblem(noToken, 403, 'GC_CSRF');
    const viewer = await signIn(fake, 2);
    assertProblem(await ask(fake, 'POST', '/api/v1/actions', viewer, body), 403, 'GC_FORBIDDEN');
    assertProblem(await ask(fake, 'GET', '/api/v1/users', viewer), 403, 'GC_FORBIDDEN');
    assert.equal((await ask(fake, 'DELETE', '/api/v1/session', viewer)).status, 204);
    assertProblem(await ask(fake, 'GET', '/api/v1/session', viewer), 401, 'GC_UNAUTHENTICATED');
  });

  test('rules from files are read-only', async () => {
    const reply = await ask(fake, 'DELETE', '/api/v1/responses/kill-reverse-shell', admin);
    assertProblem(reply, 409, 'GC_READ_ONLY');
  });

  test('live streams get what matches them, as the contract says', async () => {
    const response = await fetch(`${fake.url}/api/v1/events/stream?severity=critical`, {
      headers: { cookie: admin.cookie },
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.ok(reader !== undefined);
    await reader.read();
    fake.emitAlert('Interactive shell in container');
    const wanted = fake.emitAlert('Cryptocurrency miner started');
    fake.emit('gap', { count: 3 });
    let received = '';
    while (!received.includes('event: gap')) received += (await reader.read()).value ?? '';
    await reader.cancel();
    const data = /^event: alert\ndata: (.+)$/m.exec(received)?.[1] ?? '';
    assertFits('getEvent', JSON.parse(data));
    assert.equal((JSON.parse(data) as Alert).id, wanted.id);
    assert.doesNotMatch(received, /Interactive shell/);
  });

  test('every scenario is caught by its rule, and clauses say why', () => {
    for (const { rule } of SCENARIOS) {
      const alert = fake.emitAlert(rule);
      assert.equal(alert.rule, rule);
      assert.ok(alert.matched.length > 0 && alert.processTree.length > 1, rule);
    }
  });

  test('a broken sensor and an empty platform keep to the contract', async () => {
    fake.state.sensor = 'unavailable';
    assertFits('status', (await ask(fake, 'GET', '/api/v1/status', admin)).body);
    fake.state.sensor = 'running';
    await using empty = await startFakeApi({ empty: true });
    const caller = await signIn(empty, 0);
    for (const name of ['status', 'overview', 'listEvents', 'eventFacets', 'listContainers'] as const) {
      assertFits(name, (await ask(empty, 'GET', ROUTES[name].path, caller)).body);
    }
  });
});
