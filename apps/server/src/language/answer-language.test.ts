// Answers in the language of who asks; what programs go by is the same in both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Problem } from '@guardcell/contract';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { problemInChinese } from './problem-in-chinese.ts';

let fixture: TestServer;
before(async () => {
  fixture = await startTestServer();
});
after(() => fixture[Symbol.asyncDispose]());

const CHINESE = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' };
const HAN = /[\u4e00-\u9fff]/;

type Options = NonNullable<Parameters<TestServer['call']>[1]>;
const asked = async (path: string, options: Options = {}): Promise<Problem> =>
  (await fixture.call(path, options)).json as Problem;

test('title, detail, hint and what is wrong at each place are in Chinese; codes and places are the same', async () => {
  const body = { url: 'http://192.0.2.7', username: 'a:b' };
  const cases: readonly [string, Options, string][] = [
    ['/api/v1/nothing', {}, '该地址没有内容'],
    ['/api/v1/events/none', {}, '没有事件“none”'],
    ['/api/v1/events?limit=x', {}, '/limit 类型必须是 integer'],
    ['/api/v1/events?colour=red', {}, '/colour 在这里未知'],
    ['/api/v1/events?since=yesterday', {}, '/since 必须是 RFC 3339 时间，或 10m、24h、7d 这样的时长'],
    ['/api/v1/events?cursor=rubbish', {}, '该游标不属于告警列表'],
    ['/api/v1/settings', { method: 'PUT', body: '{' }, '请求正文不是有效的 JSON'],
    ['/api/v1/events', { token: '' }, '需要登录或 API 密钥'],
    ['/api/v1/containers/%zz', {}, '“/api/v1/containers/%zz”不是有效的 URL 部分'],
    ['/api/v1/registries/shop', { method: 'PUT', body }, '请求正文缺少'],
    [
      '/api/v1/session',
      { method: 'POST', token: '', body: { username: 'admin', password: 'wrong wrong wrong' } },
      '用户名或密码不正确',
    ],
  ];
  for (const [path, options, detail] of cases) {
    const english = await asked(path, options);
    const reply = await fixture.call(path, { ...options, headers: CHINESE });
    const chinese = reply.json as Problem;
    assert.ok(chinese.detail.startsWith(detail), `${path}: ${chinese.detail}`);
    assert.match(chinese.title, HAN);
    assert.equal(chinese.hint === undefined, english.hint === undefined);
    if (chinese.hint !== undefined) assert.match(chinese.hint, HAN);
    assert.deepEqual(
      [chinese.code, chinese.type, chinese.status],
      [english.code, english.type, reply.status],
    );
    const pointers = (problem: Problem) => problem.errors?.map(({ pointer }) => pointer);
    assert.deepEqual(pointers(chinese), pointers(english));
    for (const { message } of chinese.errors ?? []) assert.match(message, HAN);
    assert.doesNotMatch(JSON.stringify(english), HAN);
    assert.equal(reply.headers.get('content-language'), 'zh-CN');
    assert.equal(reply.headers.get('vary'), 'Accept-Language');
  }
});

test('an answer in English says so, and that it depends on who asks', async () => {
  const { headers } = await fixture.call('/api/v1/nothing', {
    headers: { 'accept-language': 'de, en;q=0.5' },
  });
  assert.equal(headers.get('content-language'), 'en');
  assert.equal(headers.get('vary'), 'Accept-Language');
});

test('the state of the platform is told in the language of who asks', async () => {
  const sensor = async (headers: Record<string, string>): Promise<readonly (string | null)[]> => {
    const reply = await fixture.call('/api/v1/status', { headers });
    return [reply.json.sensor.detail as string, reply.headers.get('content-language')];
  };
  assert.deepEqual(await sensor({}), ['the agent has not reported yet', 'en']);
  assert.deepEqual(await sensor(CHINESE), ['代理尚未上报', 'zh-CN']);
});

test('what is wrong with a rule is told in the language of who asks, when it is checked and when it is refused', async () => {
  const content =
    '- rule: A\n  desc: d\n  condition: evt.type = execve and nosuch.field = 1\n  output: o\n  priority: INFO\n';
  const checked = await fixture.call('/api/v1/rules/validate', {
    method: 'POST',
    body: { name: 'a.yaml', content },
    headers: CHINESE,
  });
  assert.equal(checked.json.problems[0].message, '不存在的字段 nosuch.field');
  const refused = await fixture.call('/api/v1/rule-files', {
    method: 'POST',
    body: { name: 'a.yaml', content },
    headers: CHINESE,
  });
  const { code, detail, hint, errors = [] } = refused.json as Problem;
  assert.equal(code, 'GC_INVALID_RULES');
  assert.equal(detail, 'custom/a.yaml:3:36: 不存在的字段 nosuch.field');
  assert.match(hint ?? '', HAN);
  assert.deepEqual(errors, [{ pointer: 'custom/a.yaml:3:36', message: '不存在的字段 nosuch.field' }]);
});

test('the audit trail is the same, whatever language was answered', async () => {
  for (const headers of [{}, CHINESE])
    assert.equal(
      (await fixture.call('/api/v1/rules/none', { method: 'PATCH', body: { enabled: false }, headers }))
        .status,
      404,
    );
  const { json } = await fixture.call('/api/v1/audit');
  const [one, other] = (json.items as readonly Record<string, unknown>[]).filter(
    ({ code }) => code === 'GC_NOT_FOUND',
  );
  const facts = ({ code, target, result, operation }: Record<string, unknown> = {}) => [
    code,
    target,
    result,
    operation,
  ];
  assert.deepEqual(facts(one), facts(other));
  assert.doesNotMatch(JSON.stringify([one, other]), HAN);
});

const problem = { type: '', title: '', status: 400, instance: '', code: 'GC_FORBIDDEN', requestId: '' };

test('roles, actions and states have the words of the console', () => {
  const said = (detail: string, code = 'GC_FORBIDDEN'): string =>
    problemInChinese({ ...problem, code, detail }).detail;
  assert.equal(said('this needs the role admin; yours is viewer'), '需要“管理员”角色，您的角色是“查看者”');
  assert.equal(
    said('This pause was not carried out (failed), so there is nothing to undo.'),
    '该动作（暂停）没有执行（失败），无需撤销。',
  );
});

test('what another program says stands behind what the code says, and no text is read for long', () => {
  const said = (detail: string, code: string): string =>
    problemInChinese({ ...problem, code, detail }).detail;
  assert.equal(said('disk I/O error', 'GC_STORE_IO'), '无法读写存储：disk I/O error');
  const long = `there is no user "${'"'.repeat(200_000)}`;
  const began = performance.now();
  assert.equal(said(long, 'GC_NOT_FOUND'), long);
  assert.ok(performance.now() - began < 1000);
});

test('a value that is wrong in several ways is told all of them', () => {
  const [said] = problemInChinese({
    ...problem,
    detail: '/a must be string or null',
    errors: [{ pointer: '/a', message: 'must not have fewer than 3 characters; must match pattern "^a$"' }],
  }).errors ?? [{}];
  assert.deepEqual(said, { pointer: '/a', message: '不得少于 3 个字符；必须符合模式“^a$”' });
});
