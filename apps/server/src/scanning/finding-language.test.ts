// Findings and reports in the language that was asked for; what is stored stays as it was scanned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactFindings } from '@guardcell/contract';
import { MANIFEST, sampleReport, sampleUpload, writeAdvisories } from '../testing/sample-scans.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const ARTIFACT = `/api/v1/artifacts/${MANIFEST}`;

const FOUND = {
  misconfigurations: [
    {
      check: 'GC-K8S-004',
      title: 'The container is privileged',
      severity: 'critical',
      path: '/app.yaml',
      startLine: 9,
      endLine: 9,
      message: 'The container is privileged (container web)',
      fix: 'Remove privileged and add single capabilities.',
    },
  ],
  secrets: [
    {
      rule: 'github-pat',
      title: 'GitHub personal access token',
      severity: 'critical',
      path: '/conf.py',
      line: 1,
      excerpt: 'token = "ghp_****"',
    },
  ],
} as const;

async function sendFindings(server: TestServer): Promise<void> {
  await writeAdvisories(server.dir, [{ id: 'CVE-2030-10001', name: 'other', fixed: '2.0.0' }]);
  const upload = sampleUpload({ ...sampleReport(), ...FOUND });
  assert.ok((await server.agent('POST', '/agent/v1/scans', upload)).status < 300);
  await server.server.platform.scanning.idle();
  await server.server.settled();
}

test('findings are answered in the language that is asked for, and in English without one', async () => {
  await using server = await startTestServer();
  await sendFindings(server);
  const findings = async (query: string): Promise<ArtifactFindings> =>
    (await server.call(`${ARTIFACT}/findings${query}`)).json as ArtifactFindings;
  const english = await findings('');
  assert.equal(english.misconfigurations[0]?.message, FOUND.misconfigurations[0].message);
  assert.deepEqual(await findings('?language=en'), english);
  const chinese = await findings('?language=zh-CN');
  assert.deepEqual(
    chinese.misconfigurations.map(({ check, title, message }) => [check, title, message]),
    [['GC-K8S-004', '容器以特权模式运行', '容器以特权模式运行（容器 web）']],
  );
  assert.match(chinese.secrets[0]?.title ?? '', /令牌/);
  assert.equal(chinese.secrets[0]?.excerpt, english.secrets[0]?.excerpt);
  const { status } = await server.call(`${ARTIFACT}/findings?language=fr`);
  assert.equal(status, 400);
});

test('reports are written in the language that is asked for; the fingerprints of findings are the same', async () => {
  await using server = await startTestServer();
  await sendFindings(server);
  const report = async (query: string): Promise<string> => {
    const reply = await server.call(`${ARTIFACT}/report?${query}`);
    assert.equal(reply.status, 200);
    return reply.text;
  };
  assert.match(await report('format=html&language=zh-CN'), /lang="zh-CN"[\s\S]*容器以特权模式运行/);
  const prints = async (query: string): Promise<readonly string[]> =>
    [...(await report(query)).matchAll(/"guardcell\/v1": "(\w+)"/g)].map(([, print]) => print ?? '');
  const english = await prints('format=sarif');
  assert.equal(english.length, 2);
  assert.deepEqual(await prints('format=sarif&language=zh-CN'), english);
});
