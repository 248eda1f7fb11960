// Checks of objects other than pods: rights, services, ingresses, namespaces.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text } from '../check.ts';
import type { KubernetesFile, KubernetesObject } from '../parse/kubernetes.ts';
import { at, itemsAt, type Tree, textAt, textsAt } from '../parse/yaml-tree.ts';
import { GOOD_POD } from './kubernetes-examples.ts';

type Test = (object: KubernetesObject) => readonly Tree[];

function object(
  id: string,
  kinds: string,
  severity: Severity,
  title: Text,
  fix: Text,
  test: Test,
  bad: string,
): Check<'kubernetes'> {
  const wanted = kinds.split(' ');
  const find = (file: KubernetesFile): Hit[] =>
    file.objects
      .filter((one) => kinds === '*' || wanted.includes(one.kind))
      .flatMap((one) => test(one).map((place) => hit(place, `${one.kind} ${one.name}`)));
  return { id: `GC-K8S-${id}`, kind: 'kubernetes', severity, title, fix, find, good: GOOD_POD, bad };
}

const ROLES = 'Role ClusterRole';
const BINDINGS = 'RoleBinding ClusterRoleBinding';
const rules =
  (test: (rule: Tree) => boolean): Test =>
  ({ tree }) =>
    itemsAt(tree, 'rules').filter(test);
const names = (rule: Tree, key: string, ...wanted: readonly string[]): boolean =>
  textsAt(rule, key).some((name) => wanted.includes(name));
const role = (rule: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules: [${rule}]\n`;
const binding = (ref: string, subject: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: ${ref}}\nsubjects: [${subject}]\n`;
const CHANGES = ['create', 'update', 'patch', 'delete', '*'] as const;
const WORKLOADS = [
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'jobs',
  'cronjobs',
  'replicasets',
] as const;
const NAMESPACED = 'Pod Deployment StatefulSet DaemonSet Job CronJob Service ConfigMap Secret Ingress';
const found = (tree: Tree | undefined): readonly Tree[] => (tree === undefined ? [] : [tree]);
const head = (tree: Tree): Tree => ({ ...tree, endLine: tree.startLine });

export const KUBERNETES_OBJECT_CHECKS: readonly Check<'kubernetes'>[] = [
  object(
    '045',
    ROLES,
    'critical',
    ['A role may do everything', '角色拥有全部权限'],
    ['Name groups, resources and verbs.', '写明组、资源与动作。'],
    rules((rule) => names(rule, 'verbs', '*') && names(rule, 'resources', '*')),
    role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}'),
  ),
  object(
    '046',
    ROLES,
    'high',
    ['A role has a wildcard of verbs', '角色的动作使用通配符'],
    ['Name the verbs.', '写明动作。'],
    rules((rule) => names(rule, 'verbs', '*')),
    role('{apiGroups: [""], resources: [pods], verbs: ["*"]}'),
  ),
  object(
    '047',
    ROLES,
    'high',
    ['A role has a wildcard of resources', '角色的资源使用通配符'],
    ['Name the resources.', '写明资源。'],
    rules((rule) => names(rule, 'resources', '*')),
    role('{apiGroups: [""], resources: ["*"], verbs: [get]}'),
  ),
  object(
    '048',
    ROLES,
    'critical',
    ['A role may give itself rights: escalate or bind', '角色可自我授权：escalate 或 bind'],
    ['Remove the verbs.', '移除这些动作。'],
    rules((rule) => names(rule, 'verbs', 'escalate', 'bind')),
    role('{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}'),
  ),
  object(
    '049',
    ROLES,
    'critical',
    ['A role may act as others: impersonate', '角色可冒充他人：impersonate'],
    ['Remove the verb.', '移除该动作。'],
    rules((rule) => names(rule, 'verbs', 'impersonate')),
    role('{apiGroups: [""], resources: [users], verbs: [impersonate]}'),
  ),
  object(
    '050',
    ROLES,
    'high',
    ['A role may read Secrets', '角色可读取 Secret'],
    ['Name the single Secrets with resourceNames.', '用 resourceNames 指定单个 Secret。'],
    rules(
      (rule) =>
        names(rule, 'resources', 'secrets') &&
        names(rule, 'verbs', 'get', 'list', 'watch', '*') &&
        itemsAt(rule, 'resourceNames').length === 0,
    ),
    role('{apiGroups: [""], resources: [secrets], verbs: [list]}'),
  ),
  object(
    '051',
    ROLES,
    'high',
    ['A role may run commands in pods', '角色可在 Pod 中执行命令'],
    ['Remove pods/exec and pods/attach.', '移除 pods/exec 与 pods/attach。'],
    rules((rule) => names(rule, 'resources', 'pods/exec', 'pods/attach', 'pods/ephemeralcontainers')),
    role('{apiGroups: [""], resources: [pods/exec], verbs: [create]}'),
  ),
  object(
    '052',
    ROLES,
    'high',
    ['A role may make workloads', '角色可创建工作负载'],
    ['Keep it to the one namespace and controller that needs it.', '仅限必要的命名空间与控制器。'],
    ({ kind, tree }) =>
      kind === 'ClusterRole'
        ? itemsAt(tree, 'rules').filter(
            (rule) =>
              names(rule, 'resources', ...WORKLOADS) &&
              names(rule, 'verbs', 'create', 'update', 'patch', '*'),
          )
        : [],
    role('{apiGroups: [""], resources: [pods], verbs: [create]}'),
  ),
  object(
    '053',
    ROLES,
    'critical',
    ['A role may change roles or bindings', '角色可修改角色或绑定'],
    ['Leave that to cluster administrators.', '仅由集群管理员执行。'],
    rules(
      (rule) =>
        names(rule, 'resources', 'roles', 'clusterroles', 'rolebindings', 'clusterrolebindings') &&
        names(rule, 'verbs', ...CHANGES),
    ),
    role('{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}'),
  ),
  object(
    '054',
    ROLES,
    'critical',
    ['A role may change webhooks of admission', '角色可修改准入 Webhook'],
    ['Leave that to cluster administrators.', '仅由集群管理员执行。'],
    rules(
      (rule) =>
        names(rule, 'resources', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations') &&
        names(rule, 'verbs', ...CHANGES),
    ),
    role(
      '{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}',
    ),
  ),
  object(
    '055',
    ROLES,
    'critical',
    ['A role reaches nodes directly', '角色可直接访问节点'],
    ['Remove nodes/proxy.', '移除 nodes/proxy。'],
    rules((rule) => names(rule, 'resources', 'nodes/proxy')),
    role('{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}'),
  ),
  object(
    '056',
    ROLES,
    'high',
    ['A role may make tokens of service accounts', '角色可签发服务账号令牌'],
    ['Name the single accounts with resourceNames.', '用 resourceNames 指定单个账号。'],
    rules(
      (rule) =>
        names(rule, 'resources', 'serviceaccounts/token') && itemsAt(rule, 'resourceNames').length === 0,
    ),
    role('{apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}'),
  ),
  object(
    '057',
    ROLES,
    'high',
    ['A role may sign or approve certificates', '角色可签署或批准证书'],
    ['Leave that to the controllers of the cluster.', '仅由集群控制器执行。'],
    rules(
      (rule) =>
        names(rule, 'resources', 'certificatesigningrequests/approval', 'signers') &&
        names(rule, 'verbs', 'update', 'patch', 'approve', 'sign', '*'),
    ),
    role(
      '{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}',
    ),
  ),
  object(
    '058',
    ROLES,
    'medium',
    ['A role may make persistent volumes: any path of the host', '角色可创建持久卷：可访问任意主机路径'],
    ['Leave that to the storage classes.', '由存储类完成。'],
    rules((rule) => names(rule, 'resources', 'persistentvolumes') && names(rule, 'verbs', 'create', '*')),
    role('{apiGroups: [""], resources: [persistentvolumes], verbs: [create]}'),
  ),
  object(
    '059',
    BINDINGS,
    'critical',
    ['cluster-admin is bound', '绑定了 cluster-admin'],
    ['Bind a role that names what is needed.', '绑定只含必要权限的角色。'],
    ({ tree }) => (textAt(tree, 'roleRef', 'name') === 'cluster-admin' ? found(at(tree, 'roleRef')) : []),
    binding('cluster-admin', '{kind: User, name: me}'),
  ),
  object(
    '060',
    BINDINGS,
    'critical',
    ['Rights are bound to everybody', '权限绑定给所有人'],
    ['Bind named users, groups or accounts.', '绑定到具体用户、组或账号。'],
    ({ tree }) =>
      itemsAt(tree, 'subjects').filter((one) =>
        [
          'system:anonymous',
          'system:unauthenticated',
          'system:authenticated',
          'system:serviceaccounts',
        ].includes(textAt(one, 'name') ?? ''),
      ),
    binding('view', '{kind: Group, name: "system:unauthenticated"}'),
  ),
  object(
    '061',
    BINDINGS,
    'medium',
    ['Rights are bound to the default service account', '权限绑定给默认服务账号'],
    ['Make an account for the workload.', '为工作负载创建专用账号。'],
    ({ tree }) =>
      itemsAt(tree, 'subjects').filter(
        (one) => textAt(one, 'kind') === 'ServiceAccount' && textAt(one, 'name') === 'default',
      ),
    binding('view', '{kind: ServiceAccount, name: default, namespace: shop}'),
  ),
  object(
    '062',
    BINDINGS,
    'critical',
    ['The group system:masters is used: it passes by all checks', '使用了 system:masters 组：绕过所有检查'],
    ['Bind a role.', '改为绑定角色。'],
    ({ tree }) => itemsAt(tree, 'subjects').filter((one) => textAt(one, 'name') === 'system:masters'),
    binding('view', '{kind: Group, name: "system:masters"}'),
  ),
  object(
    '063',
    'Service',
    'medium',
    ['A Service opens a port of every node', 'Service 在每个节点开放端口'],
    ['Use ClusterIP behind an ingress.', '使用 ClusterIP 并置于 Ingress 之后。'],
    ({ tree }) => (textAt(tree, 'spec', 'type') === 'NodePort' ? found(at(tree, 'spec', 'type')) : []),
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n',
  ),
  object(
    '064',
    'Service',
    'medium',
    ['A load balancer is open to every address', '负载均衡对所有地址开放'],
    ['Set loadBalancerSourceRanges.', '设置 loadBalancerSourceRanges。'],
    ({ tree }) =>
      textAt(tree, 'spec', 'type') === 'LoadBalancer' &&
      itemsAt(tree, 'spec', 'loadBalancerSourceRanges').length === 0
        ? found(at(tree, 'spec', 'type'))
        : [],
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer}\n',
  ),
  object(
    '065',
    'Service',
    'medium',
    ['A Service names external addresses', 'Service 指定了外部地址'],
    ['Remove externalIPs: they can take over traffic.', '去掉 externalIPs：可劫持流量。'],
    ({ tree }) => found(at(tree, 'spec', 'externalIPs')),
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {externalIPs: [192.0.2.1]}\n',
  ),
  object(
    '066',
    'Ingress',
    'medium',
    ['An ingress without TLS', 'Ingress 未启用 TLS'],
    ['Add spec.tls.', '添加 spec.tls。'],
    ({ tree }) => (itemsAt(tree, 'spec', 'tls').length === 0 ? [head(tree)] : []),
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: []}\n',
  ),
  object(
    '067',
    'Ingress',
    'high',
    ['An ingress carries configuration of the proxy', 'Ingress 携带代理配置片段'],
    ['Remove the snippet annotations.', '去掉 snippet 注解。'],
    ({ tree }) =>
      [...(at(tree, 'metadata', 'annotations')?.map ?? [])]
        .filter(([name]) => name.endsWith('-snippet'))
        .map(([, one]) => one),
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations: {nginx.ingress.kubernetes.io/server-snippet: "x"}\n',
  ),
  object(
    '068',
    'Ingress',
    'low',
    ['An ingress takes every host name', 'Ingress 接受任意主机名'],
    ['Name the host.', '写明主机名。'],
    ({ tree }) =>
      itemsAt(tree, 'spec', 'rules').filter((rule) => ['', '*', undefined].includes(textAt(rule, 'host'))),
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{http: {paths: []}}]}\n',
  ),
  object(
    '069',
    NAMESPACED,
    'low',
    ['The object is in the default namespace', '对象位于默认命名空间'],
    ['Give each application its namespace.', '为每个应用使用独立命名空间。'],
    ({ tree }) =>
      textAt(tree, 'metadata', 'namespace') === 'default' ? found(at(tree, 'metadata', 'namespace')) : [],
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n',
  ),
  object(
    '070',
    'Pod Deployment StatefulSet DaemonSet Job CronJob',
    'medium',
    ['A workload is in a namespace of the system', '工作负载位于系统命名空间'],
    ['Use a namespace of its own.', '使用独立命名空间。'],
    ({ tree }) =>
      ['kube-system', 'kube-public', 'kube-node-lease'].includes(textAt(tree, 'metadata', 'namespace') ?? '')
        ? found(at(tree, 'metadata', 'namespace'))
        : [],
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: kube-system}\n',
  ),
  object(
    '071',
    'Pod',
    'low',
    ['A pod stands alone: nothing starts it anew', 'Pod 独立存在：不会被重新创建'],
    ['Use a Deployment, a StatefulSet or a Job.', '使用 Deployment、StatefulSet 或 Job。'],
    ({ tree }) =>
      textAt(tree, 'metadata', 'labels', 'app') === undefined &&
      textAt(tree, 'spec', 'restartPolicy') !== 'Never'
        ? [head(tree)]
        : [],
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n',
  ),
  object(
    '072',
    'Namespace',
    'medium',
    ['A namespace enforces no Pod Security profile', '命名空间未强制 Pod 安全配置'],
    [
      'Label it pod-security.kubernetes.io/enforce: baseline or restricted.',
      '添加标签 pod-security.kubernetes.io/enforce: baseline 或 restricted。',
    ],
    ({ tree }) =>
      ['baseline', 'restricted'].includes(
        textAt(tree, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce') ?? '',
      )
        ? []
        : [head(tree)],
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  ),
  object(
    '073',
    'NetworkPolicy',
    'medium',
    ['A network policy lets everything in', '网络策略允许全部入站'],
    ['Name who may connect.', '写明允许的来源。'],
    ({ tree }) =>
      itemsAt(tree, 'spec', 'ingress').filter(
        (rule) => itemsAt(rule, 'from').length === 0 && itemsAt(rule, 'ports').length === 0,
      ),
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{}]}\n',
  ),
  object(
    '074',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    'medium',
    ['An admission webhook is passed by when it fails', '准入 Webhook 失败时被绕过'],
    ['Set failurePolicy: Fail for checks of security.', '安全检查请设置 failurePolicy: Fail。'],
    ({ tree }) => itemsAt(tree, 'webhooks').filter((one) => textAt(one, 'failurePolicy') === 'Ignore'),
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\nwebhooks: [{name: a, failurePolicy: Ignore}]\n',
  ),
  object(
    '075',
    'ConfigMap',
    'high',
    ['A ConfigMap holds a secret', 'ConfigMap 中含有机密'],
    ['Use a Secret.', '使用 Secret。'],
    ({ tree }) =>
      [...(at(tree, 'data')?.map ?? [])]
        .filter(
          ([name, one]) =>
            /(?:password|passwd|secret|token|api_?key|private_?key)$/i.test(name) &&
            (one.text ?? '') !== '' &&
            !(one.text ?? '').includes('$'),
        )
        .map(([, one]) => one),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {DB_PASSWORD: hunter2}\n',
  ),
  object(
    '076',
    'ServiceAccount',
    'low',
    ['A service account mounts its token into every pod', '服务账号会将令牌挂载到每个 Pod'],
    ['Set automountServiceAccountToken: false.', '设置 automountServiceAccountToken: false。'],
    ({ tree }) => (textAt(tree, 'automountServiceAccountToken') === 'false' ? [] : [head(tree)]),
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n',
  ),
];
