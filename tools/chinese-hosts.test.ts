// Whatever sensors, agents and notifications report to the console is said in Chinese to whoever reads Chinese: the
// sentences are read from the source text, so that a new one without a translation fails here.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { actionInChinese, statusInChinese } from '../apps/server/src/language/host-in-chinese.ts';
import { isEnglish } from './source-texts.ts';
import { toldSentences } from './told-sentences.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** For `guardcell doctor`, for whoever starts an agent, or of our own faults. */
const NOT_TOLD = [
  /\/(?:probe|options|server-link|libbpf-functions|ancestry|proc-\w+)\.ts$|\/(?:scanning|in-use)\//,
  /\/(?:rule-loader|rules\.process|idempotency|manual-actions|response-rules|agent-api)\.ts$/,
  /^packages\/respond\/src\/(?:fields|rule-fields|load-file|action-params|problem)\.ts$/,
];
/** The forms of which sentences are made, and what is answered to a request. */
const PARTS: ReadonlySet<string> = new Set([
  'the container is already 7',
  'the container is 7',
  'the container is 7; its runtime said: 7',
  'falls back to the 7',
  'No runtime is connected that can 7; the 7 is used.',
  'nftables failed to 7: 7',
  'cut the container off',
  'delete the rules',
  'load rules into a new namespace',
  'the container was cut off already77',
  'the container is cut off from every network77',
  'docker refused to 7: 7',
  '; redirects are not followed',
  'no native function 7',
  'the same was asked for in the meantime',
]);
const RECORD = {
  id: '',
  action: 'pause',
  target: { kind: 'container', containerId: '', containerName: '', pid: 0, processStartedAt: '' },
  state: 'failed',
  errorCode: '',
  rule: '',
  alertId: '',
  actor: '',
  reason: '',
  createdAt: '',
  finishedAt: '',
  mechanism: '',
  undoneBy: '',
  undoes: '',
} as const;

function said(detail: string): readonly string[] {
  const record = actionInChinese({ ...RECORD, detail }).detail;
  const none = { problems: [] };
  const status = { sensor: { detail }, store: { detail: '' }, rules: none, responses: none, agents: [] };
  return [record, statusInChinese(status as never).sensor.detail];
}

const sentences = toldSentences(
  ROOT,
  ['packages/sensor/src/enforce', 'packages/sensor/src/containers', 'packages/sensor/src/kernel'].concat(
    ['packages/respond/src', 'packages/notify/src', 'apps/agent/src', 'apps/server/src/response'],
    ['apps/server/src/fleet'],
  ),
  {
    calls: [
      'CodedError',
      'succeeded',
      'skipped',
      'failed',
      'skip',
      'failure',
      'malformed',
      'idleSensor',
      'checked',
      'engineFailure',
    ],
    members: ['detail', 'why', 'problem'],
  },
).filter(({ file }) => !NOT_TOLD.some((one) => one.test(file)));

test('every result of an action and every state of a host is said in Chinese', () => {
  const left = new Set<string>();
  let read = 0;
  for (const { text, file } of sentences) {
    if (!isEnglish(text) || PARTS.has(text)) continue;
    read++;
    if (said(text).every(isEnglish)) left.add(`${file}: ${text}`);
  }
  assert.ok(read > 80, `only ${read} sentences were found: is the source still read?`);
  assert.deepEqual([...left], []);
});

test('sentences and clauses that stand together are said together; what others print stays', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'the container is cut off from every network; the same pod: web, db; raw frames are not covered (Linux 5.16 or newer is needed)',
      '容器已与所有网络断开；同一 Pod：web, db；不含原始帧（需要 Linux 5.16 或更新版本）',
    ],
    [
      'nft is not installed. Install it: apt-get install nftables',
      '未安装 nft。请安装：apt-get install nftables',
    ],
    [
      'docker does not answer: connect ENOENT (Check that the Docker daemon runs and that Guardcell may open its socket.)',
      'docker 没有应答：connect ENOENT（请检查 Docker 守护进程是否在运行，以及 Guardcell 是否有权打开其套接字。）',
    ],
    [
      'the container is paused; its runtime said: docker refused to pause the container: no such thing',
      '容器已暂停；其运行时报告：docker 拒绝暂停容器：no such thing',
    ],
    ['Would pause: the rule is in dry-run mode.', '将会执行“暂停”：该规则处于演练模式。'],
    ['the container is already running again', '容器已在运行'],
    ['the container was cut off already; the same pod: web', '容器的网络此前已被切断；同一 Pod：web'],
    [
      'nftables failed to delete the rules: Operation not permitted',
      'nftables 未能删除规则：Operation not permitted',
    ],
    ['nftables failed to cut the container off: result 1', 'nftables 未能切断容器的网络：result 1'],
    [
      'nftables failed to load rules into a new namespace: result 1',
      'nftables 未能在新的命名空间中加载规则：result 1',
    ],
    [
      'hooks.example.com answered with status 302; redirects are not followed.',
      'hooks.example.com 返回状态 302；不会跟随重定向。',
    ],
    ['Through docker; falls back to the cgroup v2 freezer.', '通过 docker；必要时改用 cgroup v2 freezer。'],
    [
      'No runtime is connected that can pause; the cgroup v2 freezer is used.',
      '没有可执行暂停的运行时；将使用 cgroup v2 freezer。',
    ],
    ['somebody else said; so it is', 'somebody else said; so it is'],
  ];
  for (const [english, chinese] of cases)
    assert.ok(said(english).includes(chinese), `${english}: ${said(english).join(' | ')}`);
});

test('why a rule acted is said in Chinese, why a person did stays', () => {
  const reason = (text: string): string => actionInChinese({ ...RECORD, detail: '', reason: text }).reason;
  assert.equal(
    reason('Alert "Shell in container" (high). Also asked for by stop-it.'),
    '告警“Shell in container”（高）。以下规则也提出要求：stop-it。',
  );
  assert.equal(reason('investigating a reverse shell'), 'investigating a reverse shell');
});
