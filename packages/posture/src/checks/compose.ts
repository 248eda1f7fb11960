// Checks of docker compose files.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text, type YamlFile } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { at, itemsAt, type Tree, textAt, textsAt } from '../parse/yaml-tree.ts';
import { isLiteral, isSecretName } from './shell.ts';

const GOOD = `services:
  web:
    image: registry.example/web:1.4.2
    user: "1000"
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    restart: unless-stopped
    ports: ["127.0.0.1:8080:8080"]
    healthcheck: {test: ["CMD", "/web", "health"]}
    deploy: {resources: {limits: {memory: 256M, cpus: "0.5"}}}
`;

type Test = (service: Tree) => Tree | undefined;

function compose(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  test: Test,
  lines: string,
): Check<'compose'> {
  const find = (file: YamlFile): Hit[] =>
    file.documents
      .flatMap((document) => [...(at(document, 'services')?.map ?? [])])
      .flatMap(([name, service]) => {
        const place = test(service);
        return place === undefined ? [] : [hit(place, name)];
      });
  const bad = `services:\n  web:\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
  return { id: `GC-COMPOSE-${id}`, kind: 'compose', severity, title, fix, find, good: GOOD, bad };
}

const value =
  (key: string, ...values: readonly string[]): Test =>
  (service) =>
    values.includes(textAt(service, key) ?? '') ? at(service, key) : undefined;
const missing =
  (...keys: readonly string[]): Test =>
  (service) =>
    keys.every((key) => at(service, key) === undefined)
      ? { ...service, endLine: service.startLine }
      : undefined;
const SYSTEM_PATHS =
  /^(?:\/|\/etc|\/proc|\/sys|\/boot|\/dev|\/root|\/var\/run|\/run|\/var\/lib\/docker|\/usr|\/lib|\/home)(?:\/)?(?::|$)/;

function mounts(service: Tree, test: (source: string) => boolean): Tree | undefined {
  return itemsAt(service, 'volumes').find((volume) => test(volume.text ?? textAt(volume, 'source') ?? ''));
}

function environment(service: Tree): (readonly [string, string, Tree])[] {
  const tree = at(service, 'environment');
  const listed = (tree?.items ?? []).map((item) => {
    const [name = '', ...rest] = (item.text ?? '').split('=');
    return [name, rest.join('='), item] as const;
  });
  return [...listed, ...[...(tree?.map ?? [])].map(([name, item]) => [name, item.text ?? '', item] as const)];
}

export const COMPOSE_CHECKS: readonly Check<'compose'>[] = [
  compose(
    '001',
    'critical',
    ['The service is privileged', '服务以特权模式运行'],
    ['Remove privileged and add single capabilities.', '去掉 privileged，只添加必要的 capability。'],
    value('privileged', 'true'),
    'privileged: true',
  ),
  compose(
    '002',
    'critical',
    ['The socket of the container runtime is mounted', '挂载了容器运行时套接字'],
    ['Put a proxy with an allow list in front of it, or do without.', '在其前放置带白名单的代理，或不使用。'],
    (service) => mounts(service, (source) => /(?:docker|containerd|crio|podman)\.sock/.test(source)),
    'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]',
  ),
  compose(
    '003',
    'high',
    ['A system directory of the host is mounted', '挂载了主机系统目录'],
    ['Use a named volume or a directory of its own.', '使用命名卷或专用目录。'],
    (service) => mounts(service, (source) => SYSTEM_PATHS.test(source)),
    'volumes: ["/etc:/host/etc"]',
  ),
  compose(
    '004',
    'high',
    ['The service uses the network of the host', '服务使用主机网络'],
    ['Publish single ports.', '只发布必要端口。'],
    value('network_mode', 'host'),
    'network_mode: host',
  ),
  compose(
    '005',
    'high',
    ['The service sees the processes of the host', '服务可见主机进程'],
    ['Remove pid: host.', '去掉 pid: host。'],
    value('pid', 'host'),
    'pid: host',
  ),
  compose(
    '006',
    'medium',
    ['The service shares memory of the host', '服务共享主机 IPC'],
    ['Remove ipc: host.', '去掉 ipc: host。'],
    value('ipc', 'host'),
    'ipc: host',
  ),
  compose(
    '007',
    'high',
    ['A dangerous capability is added', '添加了危险的 capability'],
    ['Drop all and add only harmless ones.', '全部移除，只添加无害的 capability。'],
    (service) =>
      textsAt(service, 'cap_add').some((name) =>
        /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN|SYS_RAWIO|DAC_READ_SEARCH|BPF)$/i.test(
          name,
        ),
      )
        ? at(service, 'cap_add')
        : undefined,
    'cap_add: [SYS_ADMIN]',
  ),
  compose(
    '008',
    'high',
    ['A confinement is switched off', '关闭了安全限制'],
    ['Keep the seccomp and AppArmor profiles.', '保留 seccomp 与 AppArmor 配置。'],
    (service) =>
      textsAt(service, 'security_opt').some((text) => /unconfined|label[:=]disable/.test(text))
        ? at(service, 'security_opt')
        : undefined,
    'security_opt: ["seccomp:unconfined"]',
  ),
  compose(
    '009',
    'medium',
    ['The image has no tag or the tag latest', '镜像没有标签或使用 latest'],
    ['Name a version.', '写明版本。'],
    (service) => (isFloating(textAt(service, 'image') ?? '') ? at(service, 'image') : undefined),
    'image: nginx',
  ),
  compose(
    '010',
    'high',
    ['A secret is written into the environment', '环境变量中写有机密'],
    ['Use secrets: or a file outside of the repository.', '使用 secrets: 或仓库之外的文件。'],
    (service) => environment(service).find(([name, text]) => isSecretName(name) && isLiteral(text))?.[2],
    'environment: {DB_PASSWORD: hunter2}',
  ),
  compose(
    '011',
    'medium',
    ['Processes can gain privileges', '进程可提升权限'],
    ['Set security_opt: ["no-new-privileges:true"].', '设置 security_opt: ["no-new-privileges:true"]。'],
    (service) =>
      textsAt(service, 'security_opt').some(
        (text) => text.startsWith('no-new-privileges') && !text.endsWith('false'),
      )
        ? undefined
        : { ...service, endLine: service.startLine },
    'image: a:1',
  ),
  compose(
    '012',
    'low',
    ['Memory is not limited', '未限制内存'],
    [
      'Set deploy.resources.limits.memory or mem_limit.',
      '设置 deploy.resources.limits.memory 或 mem_limit。',
    ],
    (service) =>
      (at(service, 'mem_limit') ?? at(service, 'deploy', 'resources', 'limits', 'memory'))
        ? undefined
        : { ...service, endLine: service.startLine },
    'image: a:1',
  ),
  compose(
    '013',
    'medium',
    ['The service runs as root', '服务以 root 运行'],
    ['Set user to a number other than 0.', '将 user 设为非 0 的数字。'],
    (service) => (/^(?:root|0)(?::|$)/.test(textAt(service, 'user') ?? '') ? at(service, 'user') : undefined),
    'user: root',
  ),
  compose(
    '014',
    'low',
    ['The root file system is writable', '根文件系统可写'],
    ['Set read_only: true and mount what is written.', '设置 read_only: true，并挂载需写入的目录。'],
    (service) =>
      textAt(service, 'read_only') === 'true' ? undefined : { ...service, endLine: service.startLine },
    'image: a:1',
  ),
  compose(
    '015',
    'low',
    ['No health check', '没有健康检查'],
    ['Add healthcheck.', '添加 healthcheck。'],
    missing('healthcheck'),
    'image: a:1',
  ),
];
