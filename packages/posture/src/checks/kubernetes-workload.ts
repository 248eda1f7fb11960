// Checks of how containers are run: images, resources, probes, secrets.
import type { Check } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { at, itemsAt, type Tree, textAt, textsAt } from '../parse/yaml-tree.ts';
import { container } from './kubernetes-pod.ts';
import { isLiteral, isSecretName, pipesToShell } from './shell.ts';

type Test = Parameters<typeof container>[4];

const head = (tree: Tree): Tree => ({ ...tree, endLine: tree.startLine });
const without =
  (...path: readonly string[]): Test =>
  (one) =>
    at(one, ...path) === undefined ? head(one) : undefined;
/** Probes make no sense in containers that end. */
const serving =
  (key: string): Test =>
  (one, pod) =>
    itemsAt(pod, 'containers').includes(one) &&
    textAt(pod, 'restartPolicy') !== 'Never' &&
    textAt(pod, 'restartPolicy') !== 'OnFailure' &&
    at(one, key) === undefined
      ? head(one)
      : undefined;
const command = (one: Tree): string => [...textsAt(one, 'command'), ...textsAt(one, 'args')].join(' ');

export const KUBERNETES_WORKLOAD_CHECKS: readonly Check<'kubernetes'>[] = [
  container(
    '031',
    'medium',
    ['The image has no tag or the tag latest', '镜像没有标签或使用 latest'],
    ['Name a version, best with a digest.', '写明版本，最好带上摘要。'],
    (one) => (isFloating(textAt(one, 'image') ?? '') ? at(one, 'image') : undefined),
    'image: nginx',
  ),
  container(
    '032',
    'low',
    ['The image is not pinned by digest', '镜像未按摘要固定'],
    ['Add @sha256:….', '加上 @sha256:…。'],
    (one) =>
      (textAt(one, 'image') ?? '').includes('@sha256:') || (textAt(one, 'image') ?? '').includes('$')
        ? undefined
        : (at(one, 'image') ?? head(one)),
    'image: registry.example/web:1.4.2',
  ),
  container(
    '033',
    'low',
    ['The image is never pulled: a changed node decides what runs', '从不拉取镜像：运行内容取决于节点'],
    ['Use IfNotPresent or Always.', '使用 IfNotPresent 或 Always。'],
    (one) => (textAt(one, 'imagePullPolicy') === 'Never' ? at(one, 'imagePullPolicy') : undefined),
    'imagePullPolicy: Never',
  ),
  container(
    '034',
    'medium',
    ['No memory limit', '没有内存上限'],
    ['Set resources.limits.memory.', '设置 resources.limits.memory。'],
    without('resources', 'limits', 'memory'),
    'resources: {limits: {cpu: 1}}',
  ),
  container(
    '035',
    'low',
    ['No CPU limit', '没有 CPU 上限'],
    [
      'Set resources.limits.cpu where workloads share nodes.',
      '多个工作负载共用节点时设置 resources.limits.cpu。',
    ],
    without('resources', 'limits', 'cpu'),
    'resources: {limits: {memory: 1Gi}}',
  ),
  container(
    '036',
    'low',
    ['No memory request', '没有内存请求'],
    ['Set resources.requests.memory.', '设置 resources.requests.memory。'],
    without('resources', 'requests', 'memory'),
    'resources: {limits: {memory: 1Gi}}',
  ),
  container(
    '037',
    'low',
    ['No CPU request', '没有 CPU 请求'],
    ['Set resources.requests.cpu.', '设置 resources.requests.cpu。'],
    without('resources', 'requests', 'cpu'),
    'resources: {limits: {memory: 1Gi}}',
  ),
  container(
    '038',
    'low',
    ['No liveness probe', '没有存活探针'],
    ['Add livenessProbe.', '添加 livenessProbe。'],
    serving('livenessProbe'),
    'livenessProbe: ~',
  ),
  container(
    '039',
    'low',
    ['No readiness probe', '没有就绪探针'],
    ['Add readinessProbe.', '添加 readinessProbe。'],
    serving('readinessProbe'),
    'readinessProbe: ~',
  ),
  container(
    '040',
    'high',
    ['A secret is written into the environment', '环境变量中写有机密'],
    ['Use a Secret, best as a file.', '使用 Secret，最好以文件形式。'],
    (one) =>
      itemsAt(one, 'env').find(
        (entry) => isSecretName(textAt(entry, 'name') ?? '') && isLiteral(textAt(entry, 'value') ?? ''),
      ),
    'env: [{name: DB_PASSWORD, value: hunter2}]',
  ),
  container(
    '041',
    'low',
    ['A Secret is passed through the environment', '通过环境变量传递 Secret'],
    [
      'Mount it as a file: environments leak into logs and child processes.',
      '以文件挂载：环境变量会泄漏到日志和子进程。',
    ],
    (one) =>
      itemsAt(one, 'env').find((entry) => at(entry, 'valueFrom', 'secretKeyRef') !== undefined) ??
      itemsAt(one, 'envFrom').find((entry) => at(entry, 'secretRef') !== undefined),
    'env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]',
  ),
  container(
    '042',
    'high',
    ['The SSH port is open', '开放了 SSH 端口'],
    ['Run no SSH server in containers.', '不要在容器中运行 SSH 服务。'],
    (one) => itemsAt(one, 'ports').find((port) => textAt(port, 'containerPort') === '22'),
    'ports: [{containerPort: 22}]',
  ),
  container(
    '043',
    'high',
    ['A script is fetched and run at the start', '启动时下载并执行脚本'],
    ['Put it into the image.', '将其放入镜像。'],
    (one) => (pipesToShell(command(one)) ? (at(one, 'command') ?? at(one, 'args')) : undefined),
    'command: [sh, -c, "curl https://example.org/i.sh | sh"]',
  ),
  container(
    '044',
    'medium',
    ['A mount passes on to the host', '挂载会传播到主机'],
    ['Remove mountPropagation: Bidirectional.', '去掉 mountPropagation: Bidirectional。'],
    (one) =>
      itemsAt(one, 'volumeMounts').find((mount) => textAt(mount, 'mountPropagation') === 'Bidirectional'),
    'volumeMounts: [{name: a, mountPath: /a, mountPropagation: Bidirectional}]',
  ),
];
