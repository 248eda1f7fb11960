// What became of an action, and why one is not done, in Chinese. Words for roles, actions and states are the console's.
import { type Phrase, phrasesOf } from '@guardcell/kit';

const ROLES: Readonly<Record<string, string>> = {
  admin: '管理员',
  responder: '处置员',
  viewer: '查看者',
  'audit-ingest': '审计接入',
};
const ACTIONS: Readonly<Record<string, string>> = {
  notify: '通知',
  kill: '终止进程',
  pause: '暂停',
  resume: '恢复运行',
  stop: '停止',
  quarantine: '隔离网络',
  release: '解除隔离',
};
const STATES: Readonly<Record<string, string>> = {
  pending: '等待中',
  succeeded: '成功',
  failed: '失败',
  skipped: '已跳过',
  'dry-run': '演练',
  undone: '已撤销',
  unknown: '未知',
  // Of containers.
  created: '已创建',
  running: '运行中',
  paused: '已暂停',
  exited: '已退出',
  removed: '已移除',
  gone: '已不存在',
};
const SEVERITIES: Readonly<Record<string, string>> = {
  critical: '严重',
  high: '高',
  medium: '中',
  low: '低',
  info: '提示',
};

const role = (word = ''): string => ROLES[word] ?? word;
const action = (word = ''): string => ACTIONS[word] ?? word;
const state = (word = ''): string => STATES[word] ?? word;

/** What a role may not do, and what can be undone. */
export const REFUSALS: readonly Phrase[] = [
  [
    /^this needs the role (\S+); yours is (\S+)$/,
    (wanted, own) => `需要“${role(wanted)}”角色，您的角色是“${role(own)}”`,
  ],
  [/^This (\S+) is undone already\.$/, (kind) => `该动作（${action(kind)}）已经撤销。`],
  [/^A (\S+) cannot be undone\.$/, (kind) => `动作“${action(kind)}”无法撤销。`],
  [
    /^This (\S+) was not carried out \((\S+)\), so there is nothing to undo\.$/,
    (kind, ended) => `该动作（${action(kind)}）没有执行（${state(ended)}），无需撤销。`,
  ],
];

/** Why Guardcell acts by itself. */
export const REASONS: readonly Phrase[] = [
  [
    /^Alert "(.*)" \((\w+)\)\.(?: Also asked for by (.*)\.)?$/s,
    (rule = '', severity = '', others = '') =>
      `告警“${rule}”（${SEVERITIES[severity] ?? severity}）。${others === '' ? '' : `以下规则也提出要求：${others}。`}`,
  ],
];

/** `detail` of records. */
export const RESULTS: readonly Phrase[] = [
  [
    /^Would (\S+): the rule is in dry-run mode\.$/,
    (kind) => `将会执行“${action(kind)}”：该规则处于演练模式。`,
  ],
  [/^Would (\S+)\.$/, (kind) => `将会执行“${action(kind)}”。`],
  [/^(\S+) is not done by the sensor$/, (kind) => `传感器不执行“${action(kind)}”`],
  [
    /^(\S+) needs a container or a process in one$/,
    (kind) => `“${action(kind)}”需要以容器或其中的进程为目标`,
  ],
  [/^(\S+) took too long$/, (kind) => `“${action(kind)}”耗时过长`],
  [/^the container is (\S+), not running$/, (now) => `容器未在运行（${state(now)}）`],
  [/^the container is (\S+) afterwards$/, (now) => `容器此后的状态为“${state(now)}”`],
  ...phrasesOf({
    'The guard failed and counts as false: {0}': '条件出错，视为不成立：{0}',
    'Cool-down: this was done less than {0} s ago.': '冷却中：不到 {0} 秒前刚执行过。',
    'Limit: {0} notifications were sent within the cool-down.': '上限：冷却时间内已发送 {0} 条通知。',
    'Limit: the rule acted on {0} targets within its cool-down.':
      '上限：该规则在冷却时间内已对 {0} 个目标执行动作。',
    'The host and its processes are never acted on.': '从不对主机及其进程执行动作。',
    'An alert about the Kubernetes API has no container to act on.':
      '关于 Kubernetes API 的告警没有可执行动作的容器。',
    'There is no container to act on.': '没有可执行动作的容器。',
    'There is no process to act on.': '没有可执行动作的进程。',
    'The process is protected.': '该进程受保护。',
    'The container is protected.': '该容器受保护。',
    'Guardcell stopped before the result was known.': 'Guardcell 在得知结果之前已停止。',
    'no agent for this host was connected in time; nothing was done': '该主机的代理未及时连接；未做任何操作',
    'the command expired at {0} before this host saw it': '命令在该主机收到之前已于 {0} 过期',
    'the alert was more than 10 minutes old when it could be acted on': '可以执行动作时，告警已超过 10 分钟',
    'the alert is no longer stored': '告警已不在存储中',
    '{0} notifications are waiting already.': '已有 {0} 条通知在等待发送。',
    // Of the sensor.
    'kill needs a process as its target': '终止进程需要以进程为目标',
    'process {0} is protected': '进程 {0} 受保护',
    'process {0} was killed and has ended': '进程 {0} 已被终止并结束',
    'process {0} is killed; it ends when the paused container resumes':
      '进程 {0} 已被终止；它会在已暂停的容器恢复运行时结束',
    'process {0} has not ended after SIGKILL': '进程 {0} 在 SIGKILL 之后仍未结束',
    'process {0} has already ended': '进程 {0} 已经结束',
    'process {0} is not the one that was meant: {1}': '进程 {0} 不是所指的进程：{1}',
    'process {0} could not be killed: {1}': '无法终止进程 {0}：{1}',
    'the kernel does not permit it': '内核不允许',
    'the host itself and its processes are never a target': '主机本身及其进程从不作为目标',
    'the host itself is never a target': '主机本身从不作为目标',
    'the action was called off before it began': '动作在开始之前已被取消',
    'the action was called off': '动作已被取消',
    'the container does not exist any more': '容器已不存在',
    'the container is protected': '容器受保护',
    'the container has stopped': '容器已停止',
    'its first process still runs': '其首个进程仍在运行',
    'no process of the container is known': '不知道该容器的任何进程',
    'every process of the container has ended': '容器的所有进程都已结束',
    'processes of the container are still there after SIGKILL': '在 SIGKILL 之后容器仍有进程',
    "the container's cgroup cannot be found": '找不到容器的 cgroup',
    'the container is already paused': '容器已处于暂停状态',
    'the container is already running again': '容器已在运行',
    'the container is paused': '容器已暂停',
    'the container is running again': '容器已恢复运行',
    'its runtime said: {0}': '其运行时报告：{0}',
    'neither a runtime nor the cgroup freezer can do it': '运行时和 cgroup freezer 都无法执行',
    'the cgroup freezer failed: {0}': 'cgroup freezer 出错：{0}',
    'the kernel did not finish within {0} ms': '内核未在 {0} 毫秒内完成',
    'the container is not running, so it has no network': '容器未在运行，因此没有网络',
    'the container is not running, so nothing holds it': '容器未在运行，没有任何限制',
    'the container was cut off already': '容器的网络此前已被切断',
    'the container is cut off from every network': '容器已与所有网络断开',
    'the same pod: {0}': '同一 Pod：{0}',
    'raw frames are not covered (Linux 5.16 or newer is needed)': '不含原始帧（需要 Linux 5.16 或更新版本）',
    'the container holds CAP_NET_ADMIN and could remove the rules itself: pause or stop it':
      '容器拥有 CAP_NET_ADMIN，可能自行移除规则：请暂停或停止它',
    'the container has its network back': '容器的网络已恢复',
    'the container was not cut off': '容器的网络未被切断',
    "the container uses the host's network; cutting it off would cut off the host":
      '容器使用主机网络；切断它会切断主机',
    "the container uses the host's network, which is never cut off": '容器使用主机网络，主机网络从不切断',
    'the container shares its network with {0}': '容器与 {0} 共用网络',
    "the container's network namespace cannot be opened": '无法打开容器的网络命名空间',
    'the process no longer belongs to the container': '该进程已不属于此容器',
    'nftables failed to cut the container off: {0}': 'nftables 未能切断容器的网络：{0}',
    'nftables failed to list tables: {0}': 'nftables 未能列出表：{0}',
    'nftables failed to load rules into a new namespace: {0}': 'nftables 未能在新的命名空间中加载规则：{0}',
    'nftables failed to delete the rules: {0}': 'nftables 未能删除规则：{0}',
    'the rules are not there after they were loaded': '规则加载之后不存在',
    'the rules are still there after they were deleted': '规则删除之后仍然存在',
    'Check that the kernel has nf_tables and that Guardcell has CAP_NET_ADMIN and CAP_SYS_ADMIN.':
      '请检查内核是否有 nf_tables，以及 Guardcell 是否拥有 CAP_NET_ADMIN 和 CAP_SYS_ADMIN。',
    '{0} is not installed': '未安装 {0}',
    'Install it: apt-get install {0}': '请安装：apt-get install {0}',
    '{0} did not run: {1}': '{0} 未能运行：{1}',
    '{0} said more than {1} bytes': '{0} 的输出超过 {1} 字节',
    // Of container runtimes.
    'docker does not answer: {0}': 'docker 没有应答：{0}',
    'Check that the Docker daemon runs and that Guardcell may open its socket.':
      '请检查 Docker 守护进程是否在运行，以及 Guardcell 是否有权打开其套接字。',
    "docker's answer exceeds {0} bytes": 'docker 的应答超过 {0} 字节',
    'no version of the Docker Engine API is known to both sides': '双方没有共同支持的 Docker Engine API 版本',
    'Guardcell speaks {0} to {1}; update Docker or Guardcell.':
      'Guardcell 支持 {0} 到 {1}；请更新 Docker 或 Guardcell。',
    'docker refused to pause the container: {0}': 'docker 拒绝暂停容器：{0}',
    'docker refused to resume the container: {0}': 'docker 拒绝恢复容器运行：{0}',
    'docker refused to stop the container: {0}': 'docker 拒绝停止容器：{0}',
    'docker does not offer its event stream': 'docker 没有提供事件流',
    'docker refused to list containers: {0}': 'docker 拒绝列出容器：{0}',
    'docker refused to describe a container: {0}': 'docker 拒绝提供容器的详情：{0}',
    'docker closed the event stream': 'docker 关闭了事件流',
    'the runtime closed the event stream': '运行时关闭了事件流',
    'containerd does not know this container': 'containerd 不知道该容器',
    'the container still runs after SIGKILL': '容器在 SIGKILL 之后仍在运行',
    'the Kubernetes interface (CRI) is switched off here': '这里关闭了 Kubernetes 接口（CRI）',
    'no method {0} is described': '没有方法 {0} 的描述',
    // Of notifications.
    'Delivered to {0} at attempt {1} (status {2}).': '已送达 {0}，第 {1} 次尝试（状态 {2}）。',
    'Delivered to {0} (status {1}).': '已送达 {0}（状态 {1}）。',
    '{0} is not a public address and is not in the list of allowed receivers.':
      '{0} 不是公网地址，也不在允许的接收方名单中。',
    '{0} could not be resolved.': '无法解析 {0}。',
    'The delivery was cancelled.': '发送已取消。',
    '{0} did not answer within {1} ms.': '{0} 在 {1} 毫秒内没有应答。',
    '{0} answered with status {1}; redirects are not followed.': '{0} 返回状态 {1}；不会跟随重定向。',
    '{0} answered with status {1}.': '{0} 返回状态 {1}。',
    'TLS with {0} failed ({1}).': '与 {0} 的 TLS 连接失败（{1}）。',
    '{0} could not be reached ({1}).': '无法连接 {0}（{1}）。',
    'connection failed': '连接失败',
    '{0} notifications are already on their way.': '已有 {0} 条通知正在发送。',
    'The address of the receiver is not a URL.': '接收方的地址不是 URL。',
    'The receiver must have an http or https address.': '接收方必须使用 http 或 https 地址。',
    'The address of the receiver must not contain a user name or password.':
      '接收方的地址不得包含用户名或密码。',
    'The receiver has no host or port.': '接收方没有主机或端口。',
    'The secret file is not a regular file.': '密钥文件不是普通文件。',
    'The secret file is larger than {0} bytes.': '密钥文件超过 {0} 字节。',
    'The secret file is empty.': '密钥文件为空。',
    'The secret file does not exist.': '密钥文件不存在。',
    'The secret file may not be read.': '无权读取密钥文件。',
    'The secret file could not be read.': '无法读取密钥文件。',
  }),
];
