// Findings and reports in the language that was asked for; what is stored stays as it was scanned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact, ArtifactFindings, ArtifactVulnerability, RegistryCheck } from '@guardcell/contract';
import { acceptedLanguage } from '../language/accepted-language.ts';
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

const ERROR = {
  code: 'GC_LAYER_TRUNCATED',
  message: 'the tar archive ends within an entry',
  at: 'sha256:c3',
  hint: 'Push the image again with a current docker, podman or skopeo.',
};
const CHINESE = { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } };

async function sendFindings(server: TestServer): Promise<void> {
  await writeAdvisories(server.dir, [{ id: 'CVE-2030-10001', name: 'demo', fixed: '2.0.0' }]);
  const upload = sampleUpload({ ...sampleReport(), ...FOUND, errors: [ERROR] });
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
  assert.equal(english.length, 3);
  assert.deepEqual(await prints('format=sarif&language=zh-CN'), english);
});

test('what a scan could not look at, and what makes a score, is answered in the language of the header', async () => {
  await using server = await startTestServer();
  await sendFindings(server);
  const errors = async (options = {}): Promise<Artifact['errors']> =>
    ((await server.call(ARTIFACT, options)).json as unknown as Artifact).errors;
  assert.deepEqual(await errors(), [ERROR]);
  assert.deepEqual(await errors(CHINESE), [
    {
      ...ERROR,
      message: 'tar 归档在条目中间结束',
      hint: '请用新版的 docker、podman 或 skopeo 重新推送该镜像。',
    },
  ]);
  const values = async (options = {}): Promise<readonly string[]> => {
    const { json } = await server.call(`${ARTIFACT}/vulnerabilities`, options);
    const [finding] = json.items as readonly ArtifactVulnerability[];
    return [...(finding?.factors.map(({ value }) => value) ?? []), finding?.explain.comparison ?? ''];
  };
  assert.ok((await values()).includes('fixed in 2.0.0'));
  assert.ok((await values(CHINESE)).includes('已在 2.0.0 中修复'));
  const findings = await server.call(`${ARTIFACT}/findings`, CHINESE);
  const { misconfigurations } = findings.json as unknown as ArtifactFindings;
  assert.equal(misconfigurations[0]?.title, '容器以特权模式运行');
  const asked = await server.call(`${ARTIFACT}/findings?language=en`, CHINESE);
  assert.equal(
    (asked.json as unknown as ArtifactFindings).misconfigurations[0]?.title,
    'The container is privileged',
  );
});

test('why a registry cannot be read is answered in the language of the header, the code is the same', async () => {
  await using server = await startTestServer();
  const check = async (options = {}): Promise<RegistryCheck> => {
    const body = {
      url: 'http://127.0.0.1:9',
      username: '',
      ca: '',
      allowInsecure: false,
      repositories: [],
      exclude: [],
      tags: [],
      newestTags: 0,
      enabled: false,
      everyMinutes: 60,
    };
    const reply = await server.call('/api/v1/registries/shop/check', { method: 'POST', body, ...options });
    return reply.json as unknown as RegistryCheck;
  };
  const english = await check();
  assert.equal(english.code, 'GC_REGISTRY_UNREACHABLE');
  assert.match(english.detail, /^the registry does not answer \(/);
  const chinese = await check(CHINESE);
  assert.equal(chinese.code, english.code);
  assert.match(chinese.detail, /^镜像仓库没有应答（/);
});

test('the language of a header is the first that there are texts in', () => {
  const accepted = (value?: string): string =>
    acceptedLanguage({ headers: value === undefined ? {} : { 'accept-language': value } });
  assert.equal(accepted(), 'en');
  assert.equal(accepted('fr-FR,zh-TW;q=0.4,en;q=0.2'), 'zh-CN');
  assert.equal(accepted('en;q=0.2, zh;q=0.8'), 'zh-CN');
  assert.equal(accepted('zh;q=0, en'), 'en');
  assert.equal(accepted('*'), 'en');
  assert.equal(accepted(`${'zh-x,'.repeat(9000)}`), 'zh-CN');
  assert.equal(accepted(';;,=q'), 'en');
});
