// Checks of what an image says of itself: settings, and the commands that it was built with.
import type { Severity } from '@guardcell/core';
import type { ImageSettings } from '../artifact/facts.ts';
import type { Check, Hit, Text } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { isLiteral, isSecretName, pairs, pipesToShell, skipsTls } from './shell.ts';

type Find = (image: ImageSettings) => readonly Hit[];

const GOOD = JSON.stringify({
  reference: 'registry.example/team/app:1.4.2',
  user: '1000:1000',
  env: ['PATH=/usr/bin', 'TOKEN_FILE=/run/secrets/token'],
  exposedPorts: ['8080/tcp'],
  labels: { 'org.opencontainers.image.version': '1.4.2' },
  healthcheck: ['CMD', '/app', 'health'],
  history: [
    { createdBy: '/bin/sh -c #(nop) ADD file:1 in / ', emptyLayer: false },
    {
      createdBy: 'RUN |1 VERSION=1.2 /bin/sh -c curl -fsSL https://a.example/x -o x # buildkit',
      emptyLayer: false,
    },
  ],
  layers: ['sha256:1', 'sha256:2'],
  size: 100_000_000,
});

/** An example that differs from the good one in these members. */
function but(change: Readonly<Partial<ImageSettings>>): string {
  return JSON.stringify({ ...(JSON.parse(GOOD) as object), ...change });
}

function built(createdBy: string): string {
  return but({ history: [{ createdBy, emptyLayer: false }], layers: ['sha256:1'] });
}

function image(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
): Check<'image'> {
  return { id: `GC-IMAGE-${id}`, kind: 'image', severity, title, fix, find, good: GOOD, bad };
}

function at(path: string, detail = ''): Hit {
  return { path, startLine: 0, endLine: 0, detail };
}

/** Hits at steps of the build; `detail` is what the test gives, and nothing when it gives undefined. */
function steps(test: (command: string) => string | undefined): Find {
  return ({ history, layers }) => {
    let layer = -1;
    return history.flatMap(({ createdBy, emptyLayer }, step) => {
      if (!emptyLayer) layer += 1;
      const detail = test(createdBy.slice(0, 20_000));
      if (detail === undefined) return [];
      const diffId = emptyLayer ? undefined : layers[layer];
      return [{ ...at(`history:${step + 1}`, detail), ...(diffId === undefined ? {} : { layer: diffId }) }];
    });
  };
}

const when =
  (test: (command: string) => boolean): ((command: string) => string | undefined) =>
  (command) =>
    test(command) ? '' : undefined;

/** Names of secrets that are written out; never their values. */
function secretNames(entries: readonly (readonly [string, string])[]): readonly string[] {
  const found = entries.filter(
    ([name, value]) =>
      isSecretName(name.replaceAll(/[-.]/g, '_')) &&
      isLiteral(value) &&
      !/^(?:yes|no|on|off|\d)$/i.test(value),
  );
  return [...new Set(found.map(([name]) => `${name}=***`))];
}

function assignment(entry: string): readonly [string, string] {
  const equals = entry.indexOf('=');
  return equals === -1 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

/** `ENV` stands in the settings too, and is told from there. */
const isBuildStep = (command: string): boolean =>
  !/^(?:\/bin\/sh -c #\(nop\)\s+)?(?:ENV|LABEL)\s/.test(command);

const RUNS_AS_ROOT = /^(?:root|0)?(?::|$)/;
const MAX_SENSIBLE_LAYERS = 100;
const MAX_SENSIBLE_BYTES = 2 * 2 ** 30;

export const IMAGE_CHECKS: readonly Check<'image'>[] = [
  image(
    '001',
    'medium',
    ['The image runs as root', '镜像以 root 用户运行'],
    [
      'Set USER to a number above 0 at the end of the Dockerfile.',
      '在 Dockerfile 末尾将 USER 设为大于 0 的数字。',
    ],
    ({ user }) => (RUNS_AS_ROOT.test(user) ? [at('config:User', user)] : []),
    but({ user: '' }),
  ),
  image(
    '002',
    'high',
    ['An environment variable of the image holds a secret', '镜像的环境变量中含有机密'],
    [
      'Pass it when the container starts; whoever can pull the image can read it, so replace the secret.',
      '在容器启动时传入；任何能拉取镜像的人都能读到它，因此请更换该机密。',
    ],
    ({ env }) => secretNames(env.map(assignment)).map((detail) => at('config:Env', detail)),
    but({ env: ['DB_PASSWORD=hunter2'] }),
  ),
  image(
    '003',
    'high',
    ['A label of the image holds a secret', '镜像的标签中含有机密'],
    ['Remove the label and replace the secret.', '删除该标签并更换机密。'],
    ({ labels }) => secretNames(Object.entries(labels)).map((detail) => at('config:Labels', detail)),
    but({ labels: { 'com.example.api-key': 'a1b2c3d4' } }),
  ),
  image(
    '004',
    'high',
    ['The build history of the image holds a secret', '镜像的构建历史中含有机密'],
    [
      'Mount it at build time (RUN --mount=type=secret) instead of passing a build argument, and replace the secret.',
      '构建时用 RUN --mount=type=secret 挂载，而不是作为构建参数传入，并更换该机密。',
    ],
    steps((command) => {
      const names = isBuildStep(command) ? secretNames(pairs(command)) : [];
      return names.length === 0 ? undefined : names.join(', ');
    }),
    built('RUN |1 NPM_TOKEN=abcd1234 /bin/sh -c npm ci # buildkit'),
  ),
  image(
    '005',
    'low',
    ['The image is named without a version', '引用镜像时没有指定版本'],
    [
      'Name a version or a digest: latest is another image tomorrow.',
      '请使用版本号或摘要：latest 明天可能就是另一个镜像。',
    ],
    ({ reference }) => (reference !== '' && isFloating(reference) ? [at('config:Tag', reference)] : []),
    but({ reference: 'registry.example/team/app' }),
  ),
  image(
    '006',
    'low',
    ['The image has no health check', '镜像没有健康检查'],
    [
      'Add HEALTHCHECK, or give the orchestrator a probe and ignore this.',
      '添加 HEALTHCHECK；若编排系统已配置探针，可忽略此项。',
    ],
    ({ healthcheck }) =>
      healthcheck === undefined || healthcheck.length === 0 || healthcheck[0] === 'NONE'
        ? [at('config:Healthcheck')]
        : [],
    but({ healthcheck: ['NONE'] }),
  ),
  image(
    '007',
    'medium',
    ['A file from the network was added without a check', '构建时未经校验地添加了网络文件'],
    [
      'Use ADD --checksum=sha256:…, or fetch and verify it in RUN.',
      '使用 ADD --checksum=sha256:…，或在 RUN 中下载并校验。',
    ],
    steps(
      when(
        (command) => /\bADD\s+(?:--\S+\s+){0,8}https?:\/\//.test(command) && !command.includes('--checksum='),
      ),
    ),
    built('ADD https://example.com/tool /usr/bin/tool # buildkit'),
  ),
  image(
    '008',
    'medium',
    ['A script from the network was piped into a shell', '构建时将网络脚本直接交给 shell 执行'],
    ['Fetch it, verify its checksum, then run it.', '先下载，校验后再执行。'],
    steps(when(pipesToShell)),
    built('/bin/sh -c curl -s https://get.example.com | sh'),
  ),
  image(
    '009',
    'medium',
    ['The image offers SSH', '镜像提供 SSH 服务'],
    [
      'Remove the SSH server: containers are entered through their runtime.',
      '移除 SSH 服务：应通过容器运行时进入容器。',
    ],
    ({ exposedPorts }) =>
      exposedPorts
        .filter((port) => /^22(?:\/tcp)?$/.test(port))
        .map((port) => at('config:ExposedPorts', port)),
    but({ exposedPorts: ['22/tcp'] }),
  ),
  image(
    '010',
    'medium',
    ['Certificates of servers were not checked when the image was built', '构建镜像时未校验服务器证书'],
    [
      'Install the authority’s certificate instead of switching checks off.',
      '应安装签发机构的证书，而不是关闭校验。',
    ],
    steps(when(skipsTls)),
    built('RUN /bin/sh -c wget --no-check-certificate https://a.example/x # buildkit'),
  ),
  image(
    '011',
    'info',
    ['The image has very many layers', '镜像的层数过多'],
    [
      'Join RUN steps, or build in stages and copy the result.',
      '合并 RUN 步骤，或使用多阶段构建并只复制结果。',
    ],
    ({ layers }) =>
      layers.length > MAX_SENSIBLE_LAYERS ? [at('config:RootFS', `${layers.length} layers`)] : [],
    but({ layers: Array.from({ length: 101 }, (_, i) => `sha256:${i}`) }),
  ),
  image(
    '012',
    'info',
    ['The image is very large', '镜像过大'],
    ['Build in stages and copy only what runs.', '使用多阶段构建，只复制运行所需的内容。'],
    ({ size }) =>
      size > MAX_SENSIBLE_BYTES ? [at('config:RootFS', `${Math.round(size / 2 ** 20)} MiB`)] : [],
    but({ size: 3 * 2 ** 30 }),
  ),
];
