// Why the platform refuses what was asked of it, in Chinese: accounts, rules, responses, scanning, audit events.
import type { Sentences } from '@guardcell/kit';

export const PLATFORM_TEXTS: Sentences = {
  'name or password is wrong': '用户名或密码不正确',
  'too many attempts to sign in': '登录尝试次数过多',
  'too many sign-ins at once': '同时登录的人过多',
  'sign in from the console itself': '请在控制台中登录',
  'this needs a session or an API key': '需要登录或 API 密钥',
  'the header x-csrf-token does not match the session': '请求头 x-csrf-token 与会话不符',
  'only people have a password; an API key or the local token has none':
    '只有用户有密码；API 密钥和本机令牌没有密码',
  'the account changed in the meantime': '该账户在此期间已被修改',
  '"{0}" is the last administrator': '“{0}”是最后一名管理员',
  'there are {0} users': '已有 {0} 个用户',
  'there is a user "{0}" already': '已有用户“{0}”',
  'there are {0} API keys': '已有 {0} 个 API 密钥',
  'the entry is not in its place': '该条记录不在其位置上',
  'entries are missing after {0}': '第 {0} 条之后有记录缺失',
  'the entry before is not the one it was': '前一条记录已不是原来的那一条',
  'the entry has been changed': '该条记录已被改动',
  'the trail should end at {0} but ends at {1}': '日志应止于第 {0} 条，实际止于第 {1} 条',
  'this place of the audit trail is taken': '审计日志的这个位置已被占用',
  'the agent token is wrong': '代理令牌有误',
  'the address is not valid': '地址无效',
  'the batch is not valid': '批次无效',
  'the report is not valid': '报告无效',
  'the result is not valid': '结果无效',
  'the answer is not valid': '应答无效',
  'other uploads are being checked': '正在检查其他上传',
  'the upload cannot be checked now': '现在无法检查上传的内容',
  'the upload is too large when unpacked': '上传的内容解压后过大',
  'the upload is not gzip': '上传的内容不是 gzip',
  'the upload is not valid JSON': '上传的内容不是有效的 JSON',
  'the sensor or a digest is not written as such': '传感器或摘要的写法有误',
  // Rules.
  "'{0}' is not kept by the platform": '“{0}”不由平台保管',
  "there is a rule file '{0}' already": '已有规则文件“{0}”',
  'there are {0} custom rule files already': '已有 {0} 个自定义规则文件',
  'too many rule files are being checked': '正在检查的规则文件过多',
  'another trial on live events is under way': '另一次最近事件试验正在进行',
  // Responses.
  'more than one container is called "{0}"': '有多个容器名为“{0}”',
  'to kill a process its pid is needed': '终止进程需要其 pid',
  'the container is no longer there': '该容器已不存在',
  'the same was asked for in the meantime': '在此期间已有人提出同样的请求',
  'the response rule "{0}" comes from a file': '响应规则“{0}”来自文件',
  'there are {0} response rules': '已有 {0} 条响应规则',
  // Scanning.
  'it is in no registry that is configured, and no agent runs it now':
    '它不在任何已配置的镜像仓库中，现在也没有代理在运行它',
  'there is no registry at addresses of this kind': '这类地址上不会有镜像仓库',
  'the name must be of lower case letters, digits and . _ -': '名称只能使用小写字母、数字以及 . _ -',
  'there are {0} registries already': '已有 {0} 个镜像仓库',
  'the job has ended already': '任务已经结束',
  'somebody else has decided in the meantime': '在此期间已有他人作出决定',
  'somebody else must approve what you have asked for': '您提出的申请须由他人批准',
  'this needs an administrator, or whoever asked for it': '需要管理员，或提出申请的人',
  'its time is over': '已经到期',
  'it is requested already': '它已是待审批状态',
  'it is approved already': '它已被接受',
  'it is rejected already': '它已被拒绝',
  'it is expired already': '它已到期',
  'it is revoked already': '它已被撤销',
  'there are {0} already': '已有 {0} 个',
  'no approved statement concerns this artifact': '没有已批准的声明涉及此镜像',
  'sensors have watched for {0} days': '传感器已观察 {0} 天',
  'sensors missed files in use on {0}': '传感器于 {0} 漏掉了使用中的文件',
  'no open vulnerability is in a package that nobody touched': '没有未处理的漏洞位于从未被触及的软件包中',
  'What is accepted, in use, or in packages whose files nobody knows is not proposed.':
    '已接受的、使用中的，以及不知道有哪些文件的软件包中的漏洞不会被提议。',
  // Audit events of Kubernetes.
  'the body is neither an audit event nor a list of them': '请求正文既不是审计事件，也不是审计事件的列表',
  'too many audit events are waiting': '等待处理的审计事件过多',
  'the alerts cannot be stored now': '现在无法存储告警',
  'the events could not be evaluated': '无法评估这些事件',
  'audit events are not taken from this address': '不接受来自该地址的审计事件',
  'too many requests without a good key': '没有有效密钥的请求过多',
  'audit events need an API key': '提交审计事件需要 API 密钥',
  'this needs an API key with the role audit-ingest': '需要角色为“审计接入”的 API 密钥',
};

export const PLATFORM_HINTS: Sentences = {
  'Try again in {0} s.': '请在 {0} 秒后重试。',
  'Make somebody else administrator first.': '请先将他人设为管理员。',
  'Correct it, or save it as a draft.': '请更正，或保存为草稿。',
  'Copy what you want to change into a custom file.': '请将要修改的内容复制到自定义文件中。',
  'Correct the file, then add the exception again.': '请更正该文件，然后重新添加例外。',
  'Edit {0}; the change is picked up at once.': '请编辑 {0}，修改会立即生效。',
  'Put the key into {0}, or write the rule in a file given with --responses, which may name any path.':
    '请将密钥放入 {0}；或把规则写入用 --responses 指定的文件，其中可以使用任意路径。',
  'Link-local addresses belong to the machine and its cloud, not to registries.':
    '链路本地地址属于主机及其云平台，不会是镜像仓库。',
  'Give them as `username` and `password`.': '请填写在 `username` 和 `password` 中。',
  'Use https with `ca` for a private authority; `allowInsecure` allows http, then everything goes in clear text.':
    '请使用 https（私有证书机构请填写 `ca`）；`allowInsecure` 允许 http，此时一切都以明文传输。',
  'Add its registry, or start a container of it.': '请添加它所在的镜像仓库，或启动使用它的容器。',
  'Ask {0}.': '请联系 {0}。',
  'Statements come from accepted risks; `openvex-draft` proposes some.':
    '声明来自已接受的风险；`openvex-draft` 可给出建议。',
  'Drafts need {0} days in which sensors missed no file in use.':
    '草稿需要传感器连续 {0} 天没有漏掉使用中的文件。',
  'Send an Event or EventList of audit.k8s.io, as kube-apiserver does.':
    '请像 kube-apiserver 那样发送 audit.k8s.io 的 Event 或 EventList。',
  'Make one with `guardcell k8s audit-config`, and send it as `Authorization: Bearer …`.':
    '可用 `guardcell k8s audit-config` 创建，并以 `Authorization: Bearer …` 发送。',
};
