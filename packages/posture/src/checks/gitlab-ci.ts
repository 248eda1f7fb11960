// Checks of GitLab pipelines.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text, type YamlFile } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { at, itemsAt, scalars, type Tree, textAt } from '../parse/yaml-tree.ts';
import { isLiteral, isSecretName, pipesToShell, skipsTls } from './shell.ts';

const GOOD = `include:
  - project: platform/templates
    ref: 3f1c2d4e5a6b7c8d9e0f3f1c2d4e5a6b7c8d9e0f
    file: /build.yml
variables: {LOG_LEVEL: info}
build:
  image: node:24.1.0
  script: [npm ci, npm test]
  artifacts: {paths: [dist], expire_in: 1 week}
`;

type Find = (document: Tree) => readonly Hit[];

function gitlab(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
): Check<'gitlab-ci'> {
  const all = (file: YamlFile): Hit[] => file.documents.flatMap((document) => find(document));
  return { id: `GC-GITLAB-${id}`, kind: 'gitlab-ci', severity, title, fix, find: all, good: GOOD, bad };
}

function scripts(test: (text: string) => boolean): Find {
  return (document) =>
    [...scalars(document)]
      .filter(({ key, text }) => /^(?:before_|after_)?script$|^-$/.test(key) && test(text))
      .map(({ tree }) => hit(tree));
}

function includes(document: Tree): readonly Tree[] {
  const tree = at(document, 'include');
  return tree === undefined ? [] : tree.items.length > 0 ? tree.items : [tree];
}

function jobs(document: Tree): Tree[] {
  return [document, ...document.map.values()].filter((tree) => tree.map.size > 0);
}

export const GITLAB_CI_CHECKS: readonly Check<'gitlab-ci'>[] = [
  gitlab(
    '001',
    'high',
    ['A secret is written into variables', '变量中写有机密'],
    ['Use masked, protected variables of the project.', '使用项目的受保护且隐藏的变量。'],
    (document) =>
      jobs(document).flatMap((job) =>
        [...(at(job, 'variables')?.map ?? [])]
          .filter(([name, tree]) => isSecretName(name) && isLiteral(tree.text ?? textAt(tree, 'value') ?? ''))
          .map(([name, tree]) => hit(tree, name)),
      ),
    'variables:\n  DEPLOY_TOKEN: abc123\n',
  ),
  gitlab(
    '002',
    'high',
    ['A configuration is included from outside over the net', '通过网络引入外部配置'],
    ['Include from a project at a fixed ref.', '从固定 ref 的项目中引入。'],
    (document) =>
      includes(document)
        .filter(
          (one) =>
            /^https?:/.test(one.text ?? textAt(one, 'remote') ?? '') && at(one, 'integrity') === undefined,
        )
        .map((one) => hit(one)),
    'include:\n  - remote: https://example.org/a.yml\n',
  ),
  gitlab(
    '003',
    'medium',
    ['A configuration is included without a fixed ref', '引入配置时未固定 ref'],
    ['Set ref to a commit or a protected tag.', '将 ref 设为提交或受保护的标签。'],
    (document) =>
      includes(document)
        .filter(
          (one) =>
            at(one, 'project') !== undefined &&
            (textAt(one, 'ref') === undefined || /^(?:main|master|HEAD)$/.test(textAt(one, 'ref') ?? '')),
        )
        .map((one) => hit(one)),
    'include:\n  - project: a/b\n    file: /x.yml\n',
  ),
  gitlab(
    '004',
    'medium',
    ['The job image has no tag or the tag latest', '作业镜像没有标签或使用 latest'],
    ['Name a version.', '写明版本。'],
    (document) =>
      jobs(document)
        .flatMap((job) => [at(job, 'image'), ...itemsAt(job, 'services')])
        .flatMap((tree) =>
          tree !== undefined && isFloating(tree.text ?? textAt(tree, 'name') ?? '') ? [hit(tree)] : [],
        ),
    'build:\n  image: node\n  script: [a]\n',
  ),
  gitlab(
    '005',
    'high',
    ['A script is fetched and run without verification', '下载脚本后未经校验直接执行'],
    ['Download, verify, then run.', '先下载并校验，再执行。'],
    scripts(pipesToShell),
    'build:\n  script:\n    - curl https://example.org/i.sh | bash\n',
  ),
  gitlab(
    '006',
    'medium',
    ['Certificates of servers are not checked', '未校验服务器证书'],
    ['Install the certificate authority and leave the check on.', '安装 CA 证书并保留校验。'],
    (document) => [
      ...scripts(skipsTls)(document),
      ...[...scalars(document)]
        .filter(
          ({ key, text }) =>
            (key === 'GIT_SSL_NO_VERIFY' && /^(?:1|true)$/.test(text)) ||
            (key === 'NODE_TLS_REJECT_UNAUTHORIZED' && text === '0'),
        )
        .map(({ tree }) => hit(tree)),
    ],
    'build:\n  script:\n    - curl -k https://example.org/a\n',
  ),
  gitlab(
    '007',
    'high',
    ['A secret is printed into the log', '机密被打印到日志'],
    ['Do not echo secret variables or the whole environment.', '不要打印机密变量或整个环境。'],
    scripts(
      (text) =>
        /\becho\b[^;&|\n]{0,200}\$\{?\w{0,60}(?:PASSWORD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY)\w{0,20}\}?[^|>\n]{0,60}$/i.test(
          text,
        ) || /^\s*(?:env|printenv|export)\s*$/m.test(text),
    ),
    'build:\n  script:\n    - echo $CI_JOB_TOKEN\n',
  ),
  gitlab(
    '008',
    'high',
    ['docker in docker without TLS', 'Docker 中运行的 Docker（dind）未启用 TLS'],
    ['Leave DOCKER_TLS_CERTDIR set and use port 2376.', '保留 DOCKER_TLS_CERTDIR 并使用 2376 端口。'],
    (document) =>
      [...scalars(document)]
        .filter(
          ({ key, text }) =>
            (key === 'DOCKER_TLS_CERTDIR' && text === '') ||
            (key === 'DOCKER_HOST' && text.endsWith(':2375')),
        )
        .map(({ tree }) => hit(tree)),
    'variables:\n  DOCKER_TLS_CERTDIR: ""\n',
  ),
  gitlab(
    '009',
    'low',
    ['The job may fail without anybody noticing', '安全作业失败时无人知晓'],
    ['Remove allow_failure from scanning jobs.', '从扫描作业中去掉 allow_failure。'],
    (document) =>
      [...document.map]
        .filter(
          ([name, job]) => /scan|sast|secret|audit/i.test(name) && textAt(job, 'allow_failure') === 'true',
        )
        .map(([, job]) => hit(at(job, 'allow_failure') ?? job)),
    'image-scan:\n  script: [scan]\n  allow_failure: true\n',
  ),
];
