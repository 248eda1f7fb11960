// Errors of registries and of the jobs that scan, in Chinese.
import type { Sentences } from '@guardcell/kit';
import type { RemarkTexts } from './remark-texts.ts';

export const REGISTRY_TEXTS: RemarkTexts = {
  GC_REGISTRY_ADDRESS: {
    title: '镜像仓库地址不可用',
    messages: {
      'there is no registry at addresses of this kind': '这类地址上不会有镜像仓库',
      'the name of the registry leads to an address that is not allowed':
        '镜像仓库的名称解析到了不允许的地址',
      'the registry leads to an address that is not allowed': '镜像仓库指向了不允许的地址',
    },
  },
  GC_REGISTRY_ANSWER: {
    title: '镜像仓库的应答有误',
    messages: {
      'the registry names no address for tokens': '镜像仓库没有给出令牌地址',
      'the token service answers without a usable token': '令牌服务的应答中没有可用的令牌',
      'the registry answers with something else than JSON': '镜像仓库的应答不是 JSON',
      'the pages of the list never end': '列表的分页没有尽头',
      'the next page has no usable address': '下一页没有可用的地址',
      'the registry continues on another host': '镜像仓库的下一页在另一台主机上',
      'the registry redirects from TLS to something else': '镜像仓库从 TLS 重定向到了其他协议',
      'the registry redirects without end': '镜像仓库无休止地重定向',
    },
  },
  GC_REGISTRY_AUTH: {
    title: '镜像仓库拒绝访问',
    messages: {
      'the registry wants credentials sent over plain HTTP': '镜像仓库要求通过明文 HTTP 发送凭据',
      'the token service answers {0}': '令牌服务返回 {0}',
      'the registry answers {0}: no access': '镜像仓库返回 {0}：无权访问',
      'the registry does not list its repositories: {0}': '镜像仓库不提供镜像库列表：{0}',
    },
  },
  GC_REGISTRY_CREDENTIALS: {
    title: '镜像仓库凭据不可用',
    messages: {
      'the name of a credential helper is not usable': '凭据助手的名称不可用',
      'the credential helper cannot be run': '无法运行凭据助手',
      'the file with credentials cannot be read': '无法读取凭据文件',
      'the file with credentials is not a JSON object': '凭据文件不是 JSON 对象',
      'the credential helper was ended: too slow or too much output': '凭据助手过慢或输出过多，已被终止',
      'the credential helper {0}': '凭据助手出错：{0}',
    },
  },
  GC_REGISTRY_FAILING: {
    title: '镜像仓库连续出错',
    messages: { 'the registry fails again and again: {0}': '镜像仓库连续出错，不再继续：{0}' },
  },
  GC_REGISTRY_PLAIN_HTTP: {
    title: '不允许明文 HTTP',
    messages: { 'plain HTTP is for registries on this machine': '明文 HTTP 只用于本机的镜像仓库' },
  },
  GC_REGISTRY_RATE_LIMIT: {
    title: '镜像仓库限制请求频率',
    messages: {
      'the token service answers {0}': '令牌服务返回 {0}',
      'the registry limits requests and asks to wait': '镜像仓库限制请求频率，要求等待',
    },
  },
  GC_REGISTRY_REFUSED: {
    title: '镜像仓库拒绝了请求',
    messages: {
      'the registry answers {0}': '镜像仓库返回 {0}',
      'the registry does not list its repositories: {0}': '镜像仓库不提供镜像库列表：{0}',
    },
  },
  GC_REGISTRY_TIMEOUT: {
    title: '镜像仓库超时',
    messages: { 'no answer within {0} s': '{0} 秒内没有应答' },
  },
  GC_REGISTRY_SLOW: {
    title: '镜像仓库发送过慢',
    messages: {
      'the registry sends too slowly to go on': '镜像仓库发送过慢，无法继续',
      'the registry breaks off again and again': '镜像仓库一再中断传输',
    },
  },
  GC_REGISTRY_TLS: {
    title: 'TLS 连接不可信',
    messages: {
      'the file cannot be read': '无法读取该文件',
      'no trusted TLS connection ({0})': '无法建立可信的 TLS 连接（{0}）',
    },
  },
  GC_REGISTRY_TOO_LARGE: {
    title: '镜像仓库过大',
    messages: {
      'the registry has more than {0} repositories': '镜像仓库中的镜像库超过 {0} 个',
      'the registry has more than {0} images': '镜像仓库中的镜像超过 {0} 个',
      'the registry has more than {0}': '镜像仓库的内容超过 {0}',
    },
  },
  GC_REGISTRY_UNREACHABLE: {
    title: '无法连接镜像仓库',
    messages: { 'the registry does not answer ({0})': '镜像仓库没有应答（{0}）' },
  },
  GC_SCAN_EXPIRED: {
    title: '代理未应答',
    messages: { 'the agent did not answer in time': '代理未在规定时间内应答' },
  },
  GC_SCAN_FAILED: {
    title: '扫描失败',
    messages: {
      'the scan ended early: {0}': '扫描提前结束：{0}',
      'the agent could not scan': '代理无法扫描',
      '{0} scanned, {1} known or no images, {2} failed': '已扫描 {0} 个，{1} 个已知或不是镜像，{2} 个失败',
    },
  },
  GC_SCAN_HELPER: {
    title: '扫描进程已结束',
    messages: {
      'the process that does the work ended: the server is stopping': '执行扫描的进程已结束：服务器正在停止',
      'the process that does the work ended: {0}': '执行扫描的进程已结束：{0}',
    },
  },
  GC_SCAN_INTERRUPTED: {
    title: '扫描被中断',
    messages: {
      'the server ended while the job ran, or could not record its end':
        '服务器在任务运行期间停止，或未能记录任务的结束',
    },
  },
  GC_SCAN_OVER_BUDGET: {
    title: '扫描超出资源限额',
    messages: { 'the scan was ended: {0}': '扫描已被终止：{0}' },
  },
  GC_SCAN_TARGET_GONE: {
    title: '扫描目标已消失',
    messages: {
      'the container ended while it was scanned': '容器在扫描期间结束',
      'the container ended while it was scanned: this may be only a part of it':
        '容器在扫描期间结束：结果可能只是其中一部分',
      'the container ended before it was scanned': '容器在扫描之前已结束',
    },
  },
  GC_NOT_FOUND: { title: '已不存在' },
  GC_INTERNAL: { title: '内部错误', messages: { 'there is no JSON': '没有 JSON' } },
};

export const REGISTRY_HINTS: Sentences = {
  'Try again when the connection is better.': '请在网络状况改善后重试。',
  'Less than {0} bytes a second came; try again when the connection is better.':
    '每秒收到的数据不足 {0} 字节；请在网络状况改善后重试。',
  'Link-local addresses belong to the machine and its cloud, not to registries.':
    '链路本地地址属于主机及其云平台，不会是镜像仓库。',
  'Check the credentials in docker config, or give a user name and a password file.':
    '请检查 docker 配置中的凭据，或提供用户名和密码文件。',
  'The image does not exist, or it needs (other) credentials: docker login, or a user name and a password file.':
    '镜像不存在，或需要（其他）凭据：docker login，或用户名和密码文件。',
  'Give credentials that may list them, or name each repository in full.':
    '请提供有权列出镜像库的凭据，或写明每个镜像库的全名。',
  'Use TLS, with a CA file for a private authority, or allow plain HTTP for other machines explicitly.':
    '请使用 TLS（私有证书机构请提供 CA 文件），或明确允许对其他主机使用明文 HTTP。',
  'Wait, or log in: limits are higher for accounts.': '请等待，或登录：登录用户的限额更高。',
  'Give the CA file of a private authority, or use plain HTTP for a registry on this machine.':
    '请提供私有证书机构的 CA 文件；本机的镜像仓库可使用明文 HTTP。',
  'Name the repositories that are to be scanned, or only the newest tags.':
    '请指明要扫描的镜像库，或只扫描最新的标签。',
  'The log of the server says more; the work is tried again when it is due or asked for.':
    '详情见服务器日志；到期或再次请求时会重试。',
  'Scan it with `guardcell scan` where more may be taken.': '请在资源充足的地方用 `guardcell scan` 扫描。',
};

/** What jobs say of themselves without an error. */
export const JOB_DETAILS: Sentences = {
  'scanned by the agent': '已由代理扫描',
  'the agent was asked': '已请求代理',
  'ended by a user': '已由用户终止',
  '{0} scanned, {1} known or no images, {2} failed': '已扫描 {0} 个，{1} 个已知或不是镜像，{2} 个失败',
  'the registry answers': '镜像仓库已应答',
  'the registry answers; no repository passes the filters': '镜像仓库已应答；没有镜像库符合筛选条件',
};
