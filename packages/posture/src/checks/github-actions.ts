// Checks of GitHub Actions workflows.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text, type YamlFile } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { at, itemsAt, scalars, type Tree, textAt, textsAt } from '../parse/yaml-tree.ts';
import { isLiteral, isSecretName, pipesToShell, skipsTls } from './shell.ts';

const GOOD = `name: test
on: {push: {branches: [main]}}
permissions: {contents: read}
concurrency: {group: test, cancel-in-progress: true}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
        with: {persist-credentials: false}
      - run: npm test -- "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`;

type Find = (workflow: Tree) => readonly Hit[];

function actions(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
): Check<'github-actions'> {
  const all = (file: YamlFile): Hit[] => file.documents.flatMap((document) => find(document));
  return { id: `GC-ACTIONS-${id}`, kind: 'github-actions', severity, title, fix, find: all, good: GOOD, bad };
}

function jobsOf(workflow: Tree): readonly (readonly [string, Tree])[] {
  return [...(at(workflow, 'jobs')?.map ?? [])];
}

/** Steps of the jobs of a workflow, or of a composite action. */
function stepsOf(workflow: Tree): Tree[] {
  return [
    ...jobsOf(workflow).flatMap(([, job]) => itemsAt(job, 'steps')),
    ...itemsAt(workflow, 'runs', 'steps'),
  ];
}

function triggers(workflow: Tree): ReadonlySet<string> {
  const on = at(workflow, 'on') ?? at(workflow, 'true');
  return new Set([...textsAt(workflow, 'on'), ...textsAt(workflow, 'true'), ...(on?.map.keys() ?? [])]);
}

const runs =
  (test: (text: string) => boolean): Find =>
  (workflow) =>
    stepsOf(workflow).flatMap((step) =>
      test(textAt(step, 'run') ?? '') ? [hit(at(step, 'run') ?? step)] : [],
    );

/** Text that strangers write: titles, bodies, branch names, messages of commits. */
const UNTRUSTED =
  /\$\{\{[^}]{0,200}github\.(?:event\.(?:issue\.(?:title|body)|pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch))|comment\.body|review(?:_comment)?\.body|pages[^}]{0,40}page_name|commits[^}]{0,40}(?:message|author)|head_commit\.(?:message|author)|discussion\.(?:title|body)|workflow_run\.head_(?:branch|commit)[^}]{0,40})|head_ref)\b/;

function withoutLocal(uses: string): boolean {
  return uses !== '' && !uses.startsWith('./') && !uses.startsWith('docker://');
}

function steps(test: (step: Tree) => Tree | undefined): Find {
  return (workflow) =>
    stepsOf(workflow)
      .flatMap((step) => test(step) ?? [])
      .map((place) => hit(place));
}

function uses(workflow: Tree): Tree[] {
  return [...stepsOf(workflow), ...jobsOf(workflow).map(([, job]) => job)].flatMap(
    (one) => at(one, 'uses') ?? [],
  );
}

const checksOutHead = (step: Tree): boolean =>
  (textAt(step, 'uses') ?? '').startsWith('actions/checkout@') &&
  /github\.event\.(?:pull_request|workflow_run)\.head|github\.head_ref|refs\/pull/.test(
    `${textAt(step, 'with', 'ref') ?? ''}${textAt(step, 'with', 'repository') ?? ''}`,
  );

const job = (lines: string): string => `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${lines}`;

export const GITHUB_ACTIONS_CHECKS: readonly Check<'github-actions'>[] = [
  actions(
    '001',
    'medium',
    ['An action is not pinned to a commit', 'Action 未固定到提交'],
    ['Use the full commit id, and name the version in a comment.', '使用完整提交 ID，并在注释中注明版本。'],
    (workflow) =>
      uses(workflow)
        .filter((one) => withoutLocal(one.text ?? '') && !/@[0-9a-f]{40}$/.test(one.text ?? ''))
        .map((one) => hit(one, one.text)),
    job('    steps:\n      - uses: actions/checkout@v4\n'),
  ),
  actions(
    '002',
    'critical',
    [
      'Code of a pull request is checked out with the rights of the repository',
      '以仓库权限检出拉取请求的代码',
    ],
    ['Use pull_request, or do not check out the head.', '改用 pull_request，或不要检出其代码。'],
    (workflow) =>
      ['pull_request_target', 'workflow_run'].some((name) => triggers(workflow).has(name))
        ? stepsOf(workflow)
            .filter(checksOutHead)
            .map((step) => hit(step))
        : [],
    'on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: "${{ github.event.pull_request.head.sha }}"}\n',
  ),
  actions(
    '003',
    'high',
    ['Text that strangers write is pasted into a script', '外部人员可控的文本被拼入脚本'],
    ['Pass it through env and quote the variable.', '通过 env 传入并给变量加引号。'],
    (workflow) =>
      stepsOf(workflow)
        .flatMap((step) => [
          at(step, 'run'),
          (textAt(step, 'uses') ?? '').startsWith('actions/github-script')
            ? at(step, 'with', 'script')
            : undefined,
        ])
        .flatMap((tree) => (tree !== undefined && UNTRUSTED.test(tree.text ?? '') ? [hit(tree)] : [])),
    job('    steps:\n      - run: echo "${{ github.event.issue.title }}"\n'),
  ),
  actions(
    '004',
    'high',
    ['The token may write everything', '令牌拥有全部写权限'],
    ['Name the single permissions that are needed.', '只写明必要的权限。'],
    (workflow) =>
      [at(workflow, 'permissions'), ...jobsOf(workflow).map(([, one]) => at(one, 'permissions'))].flatMap(
        (tree) => (tree?.text === 'write-all' ? [hit(tree)] : []),
      ),
    'permissions: write-all\non: push\n',
  ),
  actions(
    '005',
    'medium',
    ['No permissions are set: the default of the repository holds', '未设置权限：沿用仓库默认权限'],
    ['Set permissions: {contents: read} at the top.', '在顶部设置 permissions: {contents: read}。'],
    (workflow) =>
      at(workflow, 'jobs') !== undefined &&
      at(workflow, 'permissions') === undefined &&
      jobsOf(workflow).some(([, one]) => at(one, 'permissions') === undefined)
        ? [{ startLine: 1, endLine: 1, detail: '' }]
        : [],
    job('    steps: []\n'),
  ),
  actions(
    '006',
    'high',
    ['A secret is printed into the log', '机密被打印到日志'],
    ['Do not echo secrets.', '不要打印机密。'],
    runs(
      (text) =>
        /\becho\b[^\n|>]{0,200}\$\{\{\s*secrets\.[^\n|>]{0,100}$/m.test(text) ||
        /\btoJSON\(\s*secrets\s*\)/i.test(text),
    ),
    job('    steps:\n      - run: echo ${{ secrets.KEY }}\n'),
  ),
  actions(
    '007',
    'high',
    ['All secrets are handed on', '传递了全部机密'],
    ['Name the secrets that are needed.', '只写明必要的机密。'],
    (workflow) =>
      jobsOf(workflow).flatMap(([, one]) =>
        textAt(one, 'secrets') === 'inherit' ? [hit(at(one, 'secrets') ?? one)] : [],
      ),
    'on: push\njobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@main\n    secrets: inherit\n',
  ),
  actions(
    '008',
    'high',
    ['Pull requests run on a self-hosted machine', '拉取请求在自托管机器上运行'],
    ['Use hosted or short-lived machines for code of strangers.', '外部代码使用托管或一次性机器。'],
    (workflow) =>
      ['pull_request', 'pull_request_target'].some((name) => triggers(workflow).has(name))
        ? jobsOf(workflow).flatMap(([, one]) =>
            textsAt(one, 'runs-on').includes('self-hosted') ? [hit(at(one, 'runs-on') ?? one)] : [],
          )
        : [],
    'on: pull_request\njobs:\n  a:\n    runs-on: self-hosted\n',
  ),
  actions(
    '009',
    'low',
    ['The checkout leaves its token in the work tree', '检出后令牌留在工作目录'],
    [
      'Set persist-credentials: false where nothing is pushed.',
      '不需要推送时设置 persist-credentials: false。',
    ],
    steps((step) =>
      (textAt(step, 'uses') ?? '').startsWith('actions/checkout@') &&
      textAt(step, 'with', 'persist-credentials') !== 'false'
        ? step
        : undefined,
    ),
    job('    steps:\n      - uses: actions/checkout@v4\n'),
  ),
  actions(
    '010',
    'high',
    ['A script is fetched and run without verification', '下载脚本后未经校验直接执行'],
    ['Download, verify, then run.', '先下载并校验，再执行。'],
    runs(pipesToShell),
    job('    steps:\n      - run: curl https://example.org/i.sh | bash\n'),
  ),
  actions(
    '011',
    'medium',
    ['Certificates of servers are not checked', '未校验服务器证书'],
    ['Leave the check on.', '保留证书校验。'],
    runs(skipsTls),
    job('    steps:\n      - run: curl -k https://example.org/a\n'),
  ),
  actions(
    '012',
    'high',
    ['A secret is written into the workflow', '工作流中写有机密'],
    ['Use secrets.', '使用 secrets。'],
    (workflow) =>
      [workflow, ...jobsOf(workflow).map(([, one]) => one), ...stepsOf(workflow)]
        .flatMap((one) => [...(at(one, 'env')?.map ?? [])])
        .filter(([name, tree]) => isSecretName(name) && isLiteral(tree.text ?? ''))
        .map(([name, tree]) => hit(tree, name)),
    'on: push\nenv:\n  API_TOKEN: abc123\n',
  ),
  actions(
    '013',
    'medium',
    ['Insecure commands are allowed', '允许了不安全的命令'],
    ['Remove ACTIONS_ALLOW_UNSECURE_COMMANDS.', '去掉 ACTIONS_ALLOW_UNSECURE_COMMANDS。'],
    (workflow) =>
      [...scalars(workflow)]
        .filter(({ key, text }) => key === 'ACTIONS_ALLOW_UNSECURE_COMMANDS' && text === 'true')
        .map(({ tree }) => hit(tree)),
    'on: push\nenv: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\n',
  ),
  actions(
    '014',
    'medium',
    ['An image has no tag or the tag latest', '镜像没有标签或使用 latest'],
    ['Name a version or a digest.', '写明版本或摘要。'],
    (workflow) =>
      [
        ...jobsOf(workflow).flatMap(([, one]) => [
          at(one, 'container', 'image') ?? at(one, 'container'),
          ...[...(at(one, 'services')?.map.values() ?? [])].map((service) => at(service, 'image')),
        ]),
        ...uses(workflow).filter((one) => one.text?.startsWith('docker://') === true),
      ].flatMap((tree) =>
        isFloating((tree?.text ?? '').replace('docker://', '')) && tree !== undefined ? [hit(tree)] : [],
      ),
    job('    container: node\n'),
  ),
  actions(
    '015',
    'low',
    ['The job has no time limit', '作业没有时限'],
    ['Set timeout-minutes.', '设置 timeout-minutes。'],
    (workflow) =>
      jobsOf(workflow)
        .filter(([, one]) => at(one, 'uses') === undefined && at(one, 'timeout-minutes') === undefined)
        .map(([name, one]) => ({ startLine: one.startLine, endLine: one.startLine, detail: name })),
    job('    steps: []\n'),
  ),
  actions(
    '016',
    'high',
    ['Text that strangers write reaches the environment of later steps', '外部可控文本写入后续步骤的环境'],
    ['Check it before writing to GITHUB_ENV or GITHUB_PATH.', '写入 GITHUB_ENV 或 GITHUB_PATH 前先校验。'],
    runs(
      (text) =>
        /GITHUB_(?:ENV|PATH)/.test(text) &&
        /\$\{\{[^}]{0,100}(?:github\.event\.|github\.head_ref|inputs\.)/.test(text),
    ),
    job('    steps:\n      - run: echo "X=${{ github.head_ref }}" >> $GITHUB_ENV\n'),
  ),
  actions(
    '017',
    'medium',
    ['A name that anybody may take decides who is trusted', '以可伪造的名称判断信任'],
    [
      'Check github.event.pull_request.user.login together with the event.',
      '结合事件检查 github.event.pull_request.user.login。',
    ],
    (workflow) =>
      [...scalars(workflow)]
        .filter(({ key, text }) => key === 'if' && /github\.actor\s*==\s*'[^']{0,60}\[bot\]'/.test(text))
        .map(({ tree }) => hit(tree)),
    job("    if: github.actor == 'dependabot[bot]'\n    steps: []\n"),
  ),
];
