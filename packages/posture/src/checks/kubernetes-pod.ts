// Checks of pods: host access, users, capabilities, mounts. The two profiles of the Pod Security Standards are all here.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text } from '../check.ts';
import { containersOf, type KubernetesFile } from '../parse/kubernetes.ts';
import { at, itemsAt, type Tree, textAt, textsAt } from '../parse/yaml-tree.ts';
import { GOOD_POD, podWith } from './kubernetes-examples.ts';

type PodTest = (pod: Tree) => Tree | undefined;
type ContainerTest = (container: Tree, pod: Tree) => Tree | undefined;

function check(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: (file: KubernetesFile) => readonly Hit[],
  bad: string,
): Check<'kubernetes'> {
  return { id: `GC-K8S-${id}`, kind: 'kubernetes', severity, title, fix, find, good: GOOD_POD, bad };
}

/** One hit for each pod in which the test finds a place. */
function pod(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  test: PodTest,
  bad: string,
): Check<'kubernetes'> {
  const find = (file: KubernetesFile): Hit[] =>
    file.objects.flatMap(({ pod: spec, name, kind }) => {
      const place = spec === undefined ? undefined : test(spec);
      return place === undefined ? [] : [hit(place, `${kind} ${name}`)];
    });
  return check(id, severity, title, fix, find, podWith(bad));
}

/** One hit for each container in which the test finds a place. */
export function container(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  test: ContainerTest,
  bad: string,
): Check<'kubernetes'> {
  const find = (file: KubernetesFile): Hit[] =>
    file.objects.flatMap(({ pod: spec }) =>
      containersOf(spec).flatMap((one) => {
        const place = spec === undefined ? undefined : test(one, spec);
        return place === undefined ? [] : [hit(place, `container ${textAt(one, 'name') ?? ''}`)];
      }),
    );
  return check(id, severity, title, fix, find, podWith('', bad));
}

const isTrue =
  (...path: string[]): PodTest =>
  (tree) =>
    textAt(tree, ...path) === 'true' ? at(tree, ...path) : undefined;
/** The first line of the container stands for what is missing in it. */
const head = (tree: Tree): Tree => ({ ...tree, endLine: tree.startLine });
/** A setting of the container, or of its pod where the container has none. */
const effective = (one: Tree, spec: Tree, ...path: string[]): Tree | undefined =>
  at(one, 'securityContext', ...path) ?? at(spec, 'securityContext', ...path);

const HARMLESS: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]);
const VOLUMES: ReadonlySet<string> = new Set([
  'name',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
  'hostPath',
]);
const SELINUX_TYPES: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

const added = (one: Tree): readonly string[] =>
  textsAt(one, 'securityContext', 'capabilities', 'add').map((name) =>
    name.toUpperCase().replace(/^CAP_/, ''),
  );
const adds =
  (...names: readonly string[]): ContainerTest =>
  (one) =>
    added(one).some((name) => names.includes(name))
      ? at(one, 'securityContext', 'capabilities', 'add')
      : undefined;
const hostPath =
  (test: RegExp): PodTest =>
  (spec) =>
    itemsAt(spec, 'volumes').find((volume) => test.test(textAt(volume, 'hostPath', 'path') ?? ''));
const seccompOf = (one: Tree, spec: Tree): string | undefined =>
  textAt(effective(one, spec, 'seccompProfile'), 'type');
function contexts(spec: Tree): Tree[] {
  return [spec, ...containersOf(spec)].flatMap((tree) => at(tree, 'securityContext') ?? []);
}

export const KUBERNETES_POD_CHECKS: readonly Check<'kubernetes'>[] = [
  pod(
    '001',
    'high',
    ['The pod uses the network of the host', 'Pod 使用主机网络'],
    ['Remove hostNetwork.', '去掉 hostNetwork。'],
    isTrue('hostNetwork'),
    'hostNetwork: true',
  ),
  pod(
    '002',
    'high',
    ['The pod sees the processes of the host', 'Pod 可见主机进程'],
    ['Remove hostPID.', '去掉 hostPID。'],
    isTrue('hostPID'),
    'hostPID: true',
  ),
  pod(
    '003',
    'high',
    ['The pod shares memory of the host', 'Pod 共享主机 IPC'],
    ['Remove hostIPC.', '去掉 hostIPC。'],
    isTrue('hostIPC'),
    'hostIPC: true',
  ),
  container(
    '004',
    'critical',
    ['The container is privileged', '容器以特权模式运行'],
    ['Remove privileged and add single capabilities.', '去掉 privileged，只添加必要的 capability。'],
    (one) => isTrue('securityContext', 'privileged')(one),
    'securityContext: {privileged: true}',
  ),
  container(
    '005',
    'high',
    ['The container can gain privileges', '容器可提升权限'],
    ['Set allowPrivilegeEscalation: false.', '设置 allowPrivilegeEscalation: false。'],
    (one) =>
      textAt(one, 'securityContext', 'allowPrivilegeEscalation') === 'false'
        ? undefined
        : (at(one, 'securityContext', 'allowPrivilegeEscalation') ?? head(one)),
    'securityContext: {allowPrivilegeEscalation: true}',
  ),
  container(
    '006',
    'high',
    ['Capabilities beyond the baseline are added', '添加了超出基线的 capability'],
    ['Remove them.', '移除这些 capability。'],
    (one) =>
      added(one).some((name) => !HARMLESS.has(name))
        ? at(one, 'securityContext', 'capabilities', 'add')
        : undefined,
    'securityContext: {capabilities: {add: [NET_RAW]}}',
  ),
  container(
    '007',
    'medium',
    ['Capabilities are not dropped', '未移除 capability'],
    ['Set capabilities.drop: [ALL].', '设置 capabilities.drop: [ALL]。'],
    (one) =>
      textsAt(one, 'securityContext', 'capabilities', 'drop').some((name) => name.toUpperCase() === 'ALL')
        ? undefined
        : head(one),
    'securityContext: {capabilities: {drop: [KILL]}}',
  ),
  container(
    '008',
    'medium',
    ['A capability other than NET_BIND_SERVICE is added', '添加了 NET_BIND_SERVICE 以外的 capability'],
    ['Add none, or NET_BIND_SERVICE alone.', '不添加，或仅添加 NET_BIND_SERVICE。'],
    (one) =>
      added(one).some((name) => name !== 'NET_BIND_SERVICE')
        ? at(one, 'securityContext', 'capabilities', 'add')
        : undefined,
    'securityContext: {capabilities: {add: [CHOWN]}}',
  ),
  container(
    '009',
    'critical',
    [
      'SYS_ADMIN, SYS_MODULE or ALL is added: the same as privileged',
      '添加了 SYS_ADMIN、SYS_MODULE 或 ALL：等同特权',
    ],
    ['Remove it.', '移除。'],
    adds('SYS_ADMIN', 'SYS_MODULE', 'ALL'),
    'securityContext: {capabilities: {add: [SYS_ADMIN]}}',
  ),
  container(
    '010',
    'high',
    ['SYS_PTRACE, BPF or NET_ADMIN is added', '添加了 SYS_PTRACE、BPF 或 NET_ADMIN'],
    ['Remove it.', '移除。'],
    adds('SYS_PTRACE', 'BPF', 'NET_ADMIN', 'PERFMON', 'DAC_READ_SEARCH', 'SYS_RAWIO'),
    'securityContext: {capabilities: {add: [SYS_PTRACE]}}',
  ),
  container(
    '011',
    'high',
    ['The container may run as root', '容器可能以 root 运行'],
    ['Set runAsNonRoot: true.', '设置 runAsNonRoot: true。'],
    (one, spec) =>
      effective(one, spec, 'runAsNonRoot')?.text === 'true'
        ? undefined
        : (at(one, 'securityContext', 'runAsNonRoot') ?? head(one)),
    'securityContext: {runAsNonRoot: false}',
  ),
  container(
    '012',
    'high',
    ['The container runs as user 0', '容器以用户 0 运行'],
    ['Set runAsUser to another number.', '将 runAsUser 设为其他数字。'],
    (one, spec) => {
      const user = effective(one, spec, 'runAsUser');
      return user?.text === '0' ? user : undefined;
    },
    'securityContext: {runAsUser: 0}',
  ),
  container(
    '013',
    'low',
    ['The container runs in group 0', '容器以组 0 运行'],
    ['Set runAsGroup to another number.', '将 runAsGroup 设为其他数字。'],
    (one, spec) => {
      const group = effective(one, spec, 'runAsGroup');
      return group?.text === '0' ? group : undefined;
    },
    'securityContext: {runAsGroup: 0}',
  ),
  container(
    '014',
    'low',
    ['The root file system is writable', '根文件系统可写'],
    [
      'Set readOnlyRootFilesystem: true and mount what is written.',
      '设置 readOnlyRootFilesystem: true，并挂载需写入的目录。',
    ],
    (one) => (textAt(one, 'securityContext', 'readOnlyRootFilesystem') === 'true' ? undefined : head(one)),
    'securityContext: {readOnlyRootFilesystem: false}',
  ),
  container(
    '015',
    'medium',
    ['No seccomp profile', '没有 seccomp 配置'],
    ['Set seccompProfile.type: RuntimeDefault.', '设置 seccompProfile.type: RuntimeDefault。'],
    (one, spec) =>
      ['RuntimeDefault', 'Localhost', 'Unconfined'].includes(seccompOf(one, spec) ?? '')
        ? undefined
        : head(one),
    'securityContext: {seccompProfile: {type: ""}}',
  ),
  container(
    '016',
    'high',
    ['seccomp is switched off', '关闭了 seccomp'],
    ['Set seccompProfile.type: RuntimeDefault.', '设置 seccompProfile.type: RuntimeDefault。'],
    (one, spec) =>
      seccompOf(one, spec) === 'Unconfined' ? effective(one, spec, 'seccompProfile') : undefined,
    'securityContext: {seccompProfile: {type: Unconfined}}',
  ),
  container(
    '017',
    'high',
    ['AppArmor is switched off', '关闭了 AppArmor'],
    ['Use RuntimeDefault or a profile of your own.', '使用 RuntimeDefault 或自有配置。'],
    (one, spec) => {
      const profile = effective(one, spec, 'appArmorProfile');
      return textAt(profile, 'type') === 'Unconfined' ? profile : undefined;
    },
    'securityContext: {appArmorProfile: {type: Unconfined}}',
  ),
  pod(
    '018',
    'high',
    ['SELinux options leave the confinement of containers', 'SELinux 选项脱离了容器限制'],
    ['Keep the type of containers; set neither user nor role.', '保持容器类型；不要设置 user 或 role。'],
    (spec) =>
      contexts(spec)
        .map((one) => at(one, 'seLinuxOptions'))
        .find(
          (one) =>
            one !== undefined &&
            (!SELINUX_TYPES.has(textAt(one, 'type') ?? '') ||
              (textAt(one, 'user') ?? textAt(one, 'role') ?? '') !== ''),
        ),
    'securityContext: {seLinuxOptions: {type: spc_t}}',
  ),
  container(
    '019',
    'high',
    ['/proc is not masked', '/proc 未屏蔽'],
    ['Remove procMount: Unmasked.', '去掉 procMount: Unmasked。'],
    (one) =>
      textAt(one, 'securityContext', 'procMount') === 'Unmasked'
        ? at(one, 'securityContext', 'procMount')
        : undefined,
    'securityContext: {procMount: Unmasked}',
  ),
  pod(
    '020',
    'high',
    ['An unsafe sysctl is set', '设置了不安全的 sysctl'],
    ['Set it on the node, or do without.', '在节点上设置，或不使用。'],
    (spec) =>
      itemsAt(spec, 'securityContext', 'sysctls').find((one) => !SAFE_SYSCTLS.has(textAt(one, 'name') ?? '')),
    'securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}',
  ),
  pod(
    '021',
    'high',
    ['A process of a Windows host', 'Windows 主机进程'],
    ['Remove hostProcess.', '去掉 hostProcess。'],
    (spec) =>
      contexts(spec)
        .map((one) => at(one, 'windowsOptions', 'hostProcess'))
        .find((one) => one?.text === 'true'),
    'securityContext: {windowsOptions: {hostProcess: true}}',
  ),
  container(
    '022',
    'medium',
    ['A port of the host is taken', '占用了主机端口'],
    ['Use a Service.', '使用 Service。'],
    (one) => itemsAt(one, 'ports').find((port) => !['0', undefined].includes(textAt(port, 'hostPort'))),
    'ports: [{containerPort: 80, hostPort: 80}]',
  ),
  pod(
    '023',
    'high',
    ['A path of the host is mounted', '挂载了主机路径'],
    ['Use a persistent volume or a ConfigMap.', '使用持久卷或 ConfigMap。'],
    hostPath(/./),
    'volumes: [{name: a, hostPath: {path: /srv/data}}]',
  ),
  pod(
    '024',
    'critical',
    ['The socket of the container runtime is mounted', '挂载了容器运行时套接字'],
    ['Use the API of the cluster.', '使用集群 API。'],
    hostPath(/(?:docker|containerd|crio|podman|dockershim)\.sock|^\/(?:var\/)?run\/?$/),
    'volumes: [{name: a, hostPath: {path: /var/run/docker.sock}}]',
  ),
  pod(
    '025',
    'critical',
    ['The root of the host is mounted', '挂载了主机根目录'],
    ['Mount the one directory that is needed, read-only.', '只挂载必要目录，并设为只读。'],
    hostPath(/^\/$/),
    'volumes: [{name: a, hostPath: {path: /}}]',
  ),
  pod(
    '026',
    'critical',
    ['A system directory of the host is mounted', '挂载了主机系统目录'],
    ['Do without, or mount a single file read-only.', '不要挂载，或只读挂载单个文件。'],
    hostPath(
      /^\/(?:etc|proc|sys|boot|dev|root|var\/lib\/(?:kubelet|docker|containerd|etcd)|var\/log|lib\/modules|usr|home)(?:\/|$)/,
    ),
    'volumes: [{name: a, hostPath: {path: /etc}}]',
  ),
  pod(
    '027',
    'medium',
    ['A volume type outside of the restricted profile', '卷类型超出受限配置'],
    ['Use a persistent volume claim or CSI.', '使用 PVC 或 CSI。'],
    (spec) =>
      itemsAt(spec, 'volumes').find((volume) => [...volume.map.keys()].some((key) => !VOLUMES.has(key))),
    'volumes: [{name: a, nfs: {server: s, path: /}}]',
  ),
  pod(
    '028',
    'medium',
    ['The token of the service account is mounted', '自动挂载了服务账号令牌'],
    [
      'Set automountServiceAccountToken: false where the API is not called.',
      '不调用 API 时设置 automountServiceAccountToken: false。',
    ],
    (spec) =>
      textAt(spec, 'automountServiceAccountToken') === 'false'
        ? undefined
        : (at(spec, 'automountServiceAccountToken') ?? head(spec)),
    'automountServiceAccountToken: true',
  ),
  pod(
    '029',
    'low',
    ['Containers of the pod see the processes of each other', 'Pod 内容器互相可见进程'],
    ['Remove shareProcessNamespace.', '去掉 shareProcessNamespace。'],
    isTrue('shareProcessNamespace'),
    'shareProcessNamespace: true',
  ),
  pod(
    '030',
    'low',
    ['The default service account is used', '使用了默认服务账号'],
    ['Make an account for the workload.', '为工作负载创建专用账号。'],
    (spec) =>
      ['default', undefined].includes(textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount'))
        ? head(spec)
        : undefined,
    'serviceAccountName: default',
  ),
];
