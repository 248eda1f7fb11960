// The server's side of scanning with its real store and helper processes: what agents send, what is matched and told.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Acceptance, DesiredState, ScanJob, VulnerabilityData } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { manualClock } from '@guardcell/kit';
import { openMemoryEventStore, openMemoryStateStore } from '@guardcell/store';
import type { OpenVexDocument } from '@guardcell/vuln';
import { CONTAINER_ID, SENSOR } from '../testing/sample-alerts.ts';
import { IMAGE_ID, MANIFEST, sampleReport, sampleUpload, writeAdvisories } from '../testing/sample-scans.ts';
import { sampleUpdate, startTestServer, type TestServer, until } from '../testing/test-server.ts';

const ARTIFACT = `/api/v1/artifacts/${MANIFEST}`;

/** A folder that outlives servers. */
async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'gc-scanning-'));
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The sample's container, with an image that is known. */
function update(state = 'running'): unknown {
  const sample = sampleUpdate();
  const [container] = sample.containers;
  const image = {
    reference: 'registry.example.com/shop/web:1',
    repository: '',
    tag: '1',
    digest: MANIFEST,
    id: IMAGE_ID,
  };
  return { ...sample, containers: [{ ...container, state, image, networkMode: 'host' }] };
}

async function settled({ server }: TestServer): Promise<void> {
  await server.platform.scanning.idle();
  await server.settled();
}

async function send(server: TestServer, upload: unknown): Promise<number> {
  const { status } = await server.agent('POST', '/agent/v1/scans', upload);
  await settled(server);
  return status;
}

async function scanAlerts(server: TestServer): Promise<readonly Alert[]> {
  const { json } = await server.call('/api/v1/events?limit=200');
  return (json.items as Alert[]).filter(({ source }) => source === 'scan');
}

/** Bytes as an agent sends them over its socket. */
async function raw(server: TestServer, token: string, body: Buffer, encoding: string): Promise<number> {
  return new Promise((done, fail) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-encoding': encoding,
      'content-length': body.length,
    };
    const call = request(
      {
        socketPath: join(server.dir, 'agent.sock'),
        method: 'POST',
        path: '/agent/v1/scans',
        headers,
        agent: false,
      },
      (response) => {
        response.resume();
        response.on('end', () => done(response.statusCode ?? 0));
      },
    );
    call.on('error', fail);
    call.end(body);
  });
}

test('what an agent sends is checked away from the main loop, kept and matched', async () => {
  await using server = await startTestServer();
  await writeAdvisories(server.dir, [{ id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' }]);
  await server.agent('POST', '/agent/v1/report', update());
  const { readFile } = await import('node:fs/promises');
  const token = (await readFile(join(server.dir, 'agent-token'), 'utf8')).trim();
  const body = Buffer.from(JSON.stringify(sampleUpload(sampleReport())));
  assert.equal(await raw(server, token, gzipSync(body), 'gzip'), 204);
  await settled(server);
  const { json: artifact } = await server.call(ARTIFACT);
  assert.deepEqual(
    [artifact.summary.packages, artifact.summary.vulnerabilities.critical, artifact.summary.running],
    [1, 1, 1],
  );
  const { json: byImage } = await server.call(`/api/v1/artifacts/${IMAGE_ID}`);
  assert.equal(byImage.summary.id, MANIFEST);
  const { json: findings } = await server.call(`${ARTIFACT}/vulnerabilities`);
  assert.deepEqual(
    findings.items.map(
      ({ id, fixed, factors }: { id: string; fixed: string; factors: { name: string; value: string }[] }) => [
        id,
        fixed,
        factors.find(({ name }) => name === 'exposure')?.value,
      ],
    ),
    [['CVE-2030-10001', '2.0.0', 'host-network']],
  );

  assert.equal(await raw(server, token, Buffer.from('{'), 'identity'), 400);
  assert.equal(await raw(server, token, Buffer.from('no gzip'), 'gzip'), 400);
  assert.equal(await raw(server, token, gzipSync(Buffer.alloc(65 * 1024 * 1024, 32)), 'gzip'), 413);
  assert.equal(await raw(server, token, body, 'br'), 415);
  assert.equal(await raw(server, 'wrong', body, 'identity'), 401);
  assert.equal(await send(server, { ...sampleUpload(sampleReport()), sensorId: '../x' }), 400);
  const subject = { ...sampleUpload(undefined).subject, manifestDigest: 'sha256:zz' };
  assert.equal(await send(server, { ...sampleUpload(sampleReport()), subject }), 400);
});

test('agents are told what to scan; a job ends with the answer, or by its time', async () => {
  const clock = manualClock(Date.now());
  await using server = await startTestServer({ deps: { clock } });
  await server.agent('POST', '/agent/v1/report', update());
  await send(server, sampleUpload(sampleReport()));
  const lines: DesiredState[] = [];
  const listener = server.server.platform.desired.listen(SENSOR, (line) => void lines.push(JSON.parse(line)));
  const { status, json: job } = await server.call(`${ARTIFACT}/scan`, { method: 'POST' });
  assert.deepEqual([status, job.kind, job.target, job.state], [202, 'container', CONTAINER_ID, 'running']);
  await until(() => lines.at(-1)?.scanning?.requests.length === 1);
  const [request] = lines.at(-1)?.scanning?.requests ?? [];
  assert.deepEqual([request?.id, request?.target], [job.id, CONTAINER_ID]);
  assert.equal((await server.call(`${ARTIFACT}/scan`, { method: 'POST' })).json.id, job.id, 'one at a time');
  await send(server, sampleUpload(sampleReport(), { requestId: job.id }));
  assert.equal((await server.call(`/api/v1/scan-jobs/${job.id}`)).json.state, 'succeeded');
  await until(() => lines.at(-1)?.scanning?.requests.length === 0);

  clock.advance(10);
  const { json: second } = await server.call(`${ARTIFACT}/scan`, { method: 'POST' });
  const problem = { code: 'GC_SCAN_DENIED', message: 'no', at: 'web', hint: '' };
  await send(server, sampleUpload(undefined, { requestId: second.id, problem }));
  const { json: failed } = await server.call(`/api/v1/scan-jobs/${second.id}`);
  assert.deepEqual([failed.state, failed.errorCode, failed.problems.length], ['failed', 'GC_SCAN_DENIED', 1]);

  clock.advance(10);
  const { json: third } = await server.call(`${ARTIFACT}/scan`, { method: 'POST' });
  clock.advance(31 * 60_000);
  await server.server.platform.scanning.agentScans.expire();
  const { json: expired } = await server.call(`/api/v1/scan-jobs/${third.id}`);
  assert.deepEqual([expired.state, expired.errorCode], ['failed', 'GC_SCAN_EXPIRED']);
  const { json: list } = await server.call('/api/v1/scan-jobs?kind=container&limit=2');
  assert.deepEqual(
    list.items.map(({ id }: ScanJob) => id),
    [third.id, second.id],
  );
  assert.equal(
    (await server.call(`/api/v1/scan-jobs?limit=2&cursor=${list.nextCursor}`)).json.items[0].id,
    job.id,
  );
  listener.close();
  const off = {
    containers: false,
    hosts: false,
    everyMinutes: 60,
    alertFrom: 'off',
    databaseMirrors: [],
    databaseEveryHours: 0,
  };
  const { json: settings } = await server.call('/api/v1/settings');
  await server.call('/api/v1/settings', { method: 'PUT', body: { ...settings, scanning: off } });
  assert.equal(server.server.platform.scanning.agentScans.desired(SENSOR).enabled, false);
  const { scanning: _left, ...older } = settings;
  const { json: kept } = await server.call('/api/v1/settings', { method: 'PUT', body: older });
  assert.equal(kept.scanning.alertFrom, 'off', 'who knows nothing of scanning changes nothing of it');
});

test('what is in use counts: executed more, never touched less', async () => {
  await using server = await startTestServer();
  await writeAdvisories(server.dir, [
    { id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' },
    { id: 'CVE-2030-10002', name: 'other', fixed: '2.0.0' },
  ]);
  await send(
    server,
    sampleUpload(
      sampleReport({
        packages: [
          ['demo', '1.0.0'],
          ['other', '1.0.0'],
        ],
      }),
    ),
  );
  const graded = async (): Promise<readonly string[]> =>
    (await server.call(`${ARTIFACT}/vulnerabilities?sort=id`)).json.items.map(
      ({ id, inUse, score }: { id: string; inUse: string; score: number }) => `${id} ${inUse} ${score > 40}`,
    );
  assert.deepEqual(await graded(), ['CVE-2030-10001 unknown true', 'CVE-2030-10002 unknown true']);
  const at = new Date().toISOString();
  const week = new Date(Date.now() - 8 * 86_400_000).toISOString();
  const container = {
    containerId: CONTAINER_ID,
    manifestDigest: MANIFEST,
    imageId: IMAGE_ID,
    from: week,
    to: at,
    lost: 0,
    packages: [
      {
        purl: 'pkg:npm/demo@1.0.0',
        grade: 'executed',
        lastAt: at,
        example: '/app/node_modules/demo/index.js',
      },
    ],
  };
  const inUse = { sensorId: SENSOR, containers: [container] };
  assert.equal((await server.agent('POST', '/agent/v1/in-use', inUse)).status, 204);
  await settled(server);
  assert.deepEqual(await graded(), ['CVE-2030-10001 executed true', 'CVE-2030-10002 untouched false']);
  const draft = await server.call(`${ARTIFACT}/report?format=openvex-draft`);
  assert.equal(draft.status, 200, draft.text);
  assert.deepEqual(
    (draft.json as OpenVexDocument).statements.map(
      ({ vulnerability, status, justification, status_notes }) => [
        vulnerability.name,
        status,
        justification,
        String(status_notes).startsWith('DRAFT'),
      ],
    ),
    [['CVE-2030-10002', 'not_affected', 'vulnerable_code_not_in_execute_path', true]],
  );
  // Who missed events cannot say that something was never touched.
  await server.agent('POST', '/agent/v1/in-use', {
    sensorId: SENSOR,
    containers: [{ ...container, lost: 3 }],
  });
  const after = await server.call(`${ARTIFACT}/report?format=openvex-draft`);
  assert.deepEqual([after.status, after.json.code], [409, 'GC_VEX_EMPTY']);
});

test('alerts: nothing at the first matching, one for each new critical, one for many, each once over restarts', () =>
  inFolder(async (dir) => {
    // They outlive the servers that use them.
    const close = (): Promise<void> => Promise.resolve();
    const stores = {
      state: { ...openMemoryStateStore(), close },
      events: { ...openMemoryEventStore(), close },
    };
    const malware = [{ rule: 'eicar', severity: 'critical', path: '/tmp/x', sha256: 'ff' }] as const;
    {
      await using server = await startTestServer({ dir, stores });
      await writeAdvisories(dir, [{ id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' }]);
      await server.agent('POST', '/agent/v1/report', update());
      await settled(server);
      const body = {
        name: 'stop-malware',
        description: '',
        enabled: true,
        trigger: { rules: [], tags: ['malware'], minSeverity: 'high' },
        guard: 'alert.source == "scan" && alert.container.image.startsWith("registry.example.com/")',
        actions: [{ do: 'pause', with: {} }],
        cooldownSeconds: 60,
        maxTargets: 3,
        mode: 'dry-run',
      };
      const rule = await server.call('/api/v1/responses/stop-malware', { method: 'PUT', body });
      assert.equal(rule.status, 200, rule.text);
      await send(server, sampleUpload(sampleReport({ malware })));
      const { json: actions } = await server.call('/api/v1/actions');
      assert.deepEqual(
        actions.items.map((each: { action: string; state: string; target: { containerId: string } }) => [
          each.action,
          each.state,
          each.target.containerId,
        ]),
        [['pause', 'dry-run', CONTAINER_ID]],
        'response rules take them like any other alert',
      );
      const first = await scanAlerts(server);
      assert.deepEqual(
        first.map(({ rule, container, priority, hostname }) => [
          rule,
          container.id,
          container.name,
          priority,
          hostname,
        ]),
        [['Malware in a running image', CONTAINER_ID, 'web', 'critical', 'host-a']],
      );
      await send(server, sampleUpload(sampleReport({ malware })));
      assert.equal((await scanAlerts(server)).length, 1, 'a second scan tells nothing again');
      const two = [
        { id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' },
        { id: 'CVE-2030-10002', name: 'demo', fixed: '3.0.0' },
      ];
      await writeAdvisories(dir, two);
      await until(async () => (await scanAlerts(server)).length === 2, 15_000);
      const [newest] = await scanAlerts(server);
      assert.equal(newest?.rule, 'New critical vulnerability in a running image');
      assert.match(
        newest?.message ?? '',
        /^CVE-2030-10002 in registry\.example\.com\/shop\/web:1: demo 1\.0\.0, fixed in 3\.0\.0$/,
      );
      assert.deepEqual(
        [newest?.container.image, newest?.outputFields['vulnerability.id']],
        ['registry.example.com/shop/web:1', 'CVE-2030-10002'],
      );
    }
    {
      // The database changes while nobody looks: found after the start.
      const many = Array.from({ length: 25 }, (_, at) => ({
        id: `CVE-2031-${10_000 + at}`,
        name: 'demo',
        fixed: '4.0.0',
      }));
      await writeAdvisories(dir, many);
      await using server = await startTestServer({ dir, stores });
      await until(async () => (await scanAlerts(server)).length >= 3, 15_000);
      await settled(server);
      const all = await scanAlerts(server);
      assert.equal(all.length, 3);
      assert.match(all[0]?.message ?? '', /^25 new vulnerabilities/);
      assert.equal(all[0]?.outputFields['vulnerability.count'], 25);
    }
    await using server = await startTestServer({ dir, stores });
    await settled(server);
    await server.server.platform.scanning.matching.request([MANIFEST]);
    await settled(server);
    assert.equal((await scanAlerts(server)).length, 3, 'nothing is told twice');
  }));

test('an alert that is decided on when the event store is full is stored as soon as it can be', async () => {
  const events = openMemoryEventStore();
  let isFull = true;
  const { CodedError } = await import('@guardcell/kit');
  const stores = {
    state: openMemoryStateStore(),
    events: {
      ...events,
      append: (items: never) =>
        isFull ? Promise.reject(new CodedError('GC_STORE_FULL', 'full')) : events.append(items),
    },
  };
  await using server = await startTestServer({ stores: stores as never });
  const malware = [{ rule: 'eicar', severity: 'critical', path: '/tmp/x', sha256: 'ff' }] as const;
  await send(server, sampleUpload(sampleReport({ malware })));
  assert.equal((await scanAlerts(server)).length, 0);
  isFull = false;
  await until(async () => (await scanAlerts(server)).length === 1, 10_000);
});

test('an accepted risk ends by its time, whoever sleeps', async () => {
  const clock = manualClock(Date.now());
  await using server = await startTestServer({ deps: { clock } });
  await writeAdvisories(server.dir, [{ id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' }]);
  await send(server, sampleUpload(sampleReport()));
  const viewer = (
    await server.call('/api/v1/api-keys', {
      method: 'POST',
      body: { name: 'v', role: 'viewer', expiresInDays: 1 },
    })
  ).json.token;
  const responder = (
    await server.call('/api/v1/api-keys', {
      method: 'POST',
      body: { name: 'r', role: 'responder', expiresInDays: 1 },
    })
  ).json.token;
  const until_ = new Date(clock.nowMs() + 3_600_000).toISOString();
  const scope = { vulnerability: 'CVE-2030-10001', package: '', artifact: MANIFEST, image: '' };
  const body = { scope, kind: 'accept-risk', reason: 'the fix comes next week', until: until_ };
  assert.equal(
    (await server.call('/api/v1/risk-acceptances', { method: 'POST', body, token: viewer })).status,
    403,
  );
  const asked = await server.call('/api/v1/risk-acceptances', { method: 'POST', body, token: responder });
  assert.deepEqual([asked.status, asked.json.state, asked.json.findings], [201, 'requested', 1]);
  const at = `/api/v1/risk-acceptances/${asked.json.id}`;
  const decision = { method: 'POST', body: { note: '' } };
  assert.equal((await server.call(`${at}/approve`, { ...decision, token: responder })).status, 403);
  assert.equal((await server.call(`${at}/approve`, decision)).json.state, 'approved');
  assert.equal((await server.call(`${at}/reject`, decision)).json.code, 'GC_CONFLICT');
  const open = async (): Promise<number> =>
    (await server.call(ARTIFACT)).json.summary.vulnerabilities.critical;
  assert.equal(await open(), 0);
  clock.advance(3_600_001);
  await server.server.platform.scanning.acceptances.expire();
  assert.equal(await open(), 1);
  const { json: list } = await server.call('/api/v1/risk-acceptances?state=expired');
  assert.deepEqual(
    list.items.map(({ id, state }: Acceptance) => [id, state]),
    [[asked.json.id, 'expired']],
  );
});

test('the database is fetched when asked; what was stored is matched; a failure keeps the old one and says why', async () => {
  const record = {
    id: 'CVE-2030-10001',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [{ package: { ecosystem: 'npm', name: 'demo' }, versions: ['1.0.0'] }],
  };
  let isBroken = false;
  const feed = createServer((_request, response) => {
    if (isBroken) response.writeHead(500).end();
    else response.end(JSON.stringify(record));
  });
  await new Promise<void>((done) => feed.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/npm.json`;
    await using server = await startTestServer({ options: { feedUrls: [`osv-npm=${url}`] } });
    await send(server, sampleUpload(sampleReport()));
    const data = async (): Promise<VulnerabilityData> =>
      (await server.call('/api/v1/vulnerability-data')).json;
    assert.deepEqual([(await data()).origin, (await data()).update.state], ['none', 'off']);
    const update = async (): Promise<VulnerabilityData> => {
      const { status, json } = await server.call('/api/v1/vulnerability-data/update', { method: 'POST' });
      assert.deepEqual([status, json.update.state], [202, 'running']);
      await settled(server);
      return data();
    };
    const updated = await update();
    assert.deepEqual([updated.origin, updated.update.state, updated.vulnerabilities], ['updated', 'off', 1]);
    assert.match(updated.update.detail, /built from 1 feed/);
    await until(async () => (await server.call(ARTIFACT)).json.summary.vulnerabilities.critical === 1);
    isBroken = true;
    const { revision } = updated;
    await rm(join(server.dir, 'advisories/feeds'), { recursive: true });
    const failed = await update();
    assert.deepEqual([failed.revision, failed.update.state], [revision, 'failed']);
    assert.match(failed.update.detail, /^GC_DB_/);
    const metrics = (await server.call('/metrics')).text;
    assert.match(metrics, /guardcell_scan_findings\{severity="critical"\} 1/);
    assert.match(metrics, /guardcell_scan_artifacts 1/);
    assert.match(metrics, /guardcell_vulnerability_database_age_seconds \d+/);
  } finally {
    feed.closeAllConnections();
    feed.close();
  }
});

test('live streams hear that there is something new to look at', async () => {
  await using server = await startTestServer();
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${server.localToken}` };
  const response = await fetch(`${server.server.url}/api/v1/events/stream`, { headers, signal: stop.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  await send(server, sampleUpload(sampleReport()));
  await until(() => /event: scan\ndata: \{"changed":"artifacts"\}/.test(text));
  const { json: job } = await server.call(`${ARTIFACT}/scan`, { method: 'POST' });
  assert.equal(job.code, 'GC_SCAN_NO_SOURCE', 'nothing runs it, and no registry is known');
  const host = await server.server.platform.scanning.agentScans.request(SENSOR, 'host', 'someone');
  await until(() => text.includes(`"job":{"id":"${host.id}","kind":"host"`));
  stop.abort();
  await reading;
});

test('a helper process that dies fails its work alone; the next work starts another', async () => {
  await using server = await startTestServer();
  await writeAdvisories(server.dir, [{ id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' }]);
  assert.equal((await server.call('/api/v1/vulnerabilities/CVE-2030-10001')).status, 200);
  const { helper } = server.server.platform.scanning;
  const pid = helper.pid();
  assert.ok(pid > 0);
  const lost = helper.call('readUpload', {
    what: 'scan',
    bytes: new Uint8Array(30 * 1024 * 1024),
    gzip: false,
  });
  process.kill(pid, 'SIGKILL');
  await assert.rejects(lost, { code: 'GC_SCAN_HELPER' });
  assert.equal((await server.call('/api/v1/vulnerabilities/CVE-2030-10001')).status, 200);
  assert.notEqual(helper.pid(), pid);
  assert.equal((await server.call('/api/v1/vulnerabilities/CVE-1999-10001')).json.code, 'GC_NOT_FOUND');
});
