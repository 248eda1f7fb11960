// Errors and notes of what is looked for in images and folders, in Chinese. Details that parsers and other programs tell
// stay in their own words.
import type { Sentences } from '@guardcell/kit';
import type { RemarkTexts } from './remark-texts.ts';

const ZIP_DETAILS: Sentences = {
  'more than {0} ZIP entries': 'ZIP 条目超过 {0} 个',
  'names of ZIP entries are too long together': 'ZIP 条目的名称合计过长',
  'ZIP directory lies outside of the file': 'ZIP 目录位于文件之外',
  'ZIP directory is cut or broken': 'ZIP 目录被截断或损坏',
  'entry without local header': '条目没有本地头部',
  'entry is encrypted': '条目已加密',
  'entry ends beyond the file': '条目超出文件末尾',
  'entry does not inflate': '条目无法解压',
  'compression method {0} is not supported': '不支持压缩方法 {0}',
};

export const SCAN_TEXTS: RemarkTexts = {
  GC_PATHS_EXCLUDED: {
    title: '部分路径被排除',
    messages: {
      '{0} folders with all that is in them and {1} files are left out: {2}':
        '已排除 {0} 个目录（连同其全部内容）和 {1} 个文件：{2}',
      'findings in {0} files are left out: {1}': '已排除 {0} 个文件中的发现：{1}',
      'what tells the distribution and its packages is left out: {0}':
        '被排除的路径中含有发行版及其软件包的信息：{0}',
      'nothing lies where something is to be left out': '要排除的路径不存在',
      '{0} changes of files in history are left out by their path': '历史中有 {0} 处文件变更因路径被排除',
    },
  },
  GC_EXCLUDE: {
    title: '排除路径的设置有误',
    messages: {
      "'exclude' is no list of at most {0} patterns": "'exclude' 不是最多含 {0} 个模式的列表",
      'the pattern is no text': '模式不是文本',
      'the pattern is not used: {0}': '该模式未被使用：{0}',
    },
    details: {
      'it is empty': '为空',
      'it has more than {0} characters': '超过 {0} 个字符',
      'it has a NUL character': '含有 NUL 字符',
      'nothing is taken back with !': '不支持用 ! 取消排除',
      'it leads out of what is scanned': '超出扫描范围',
      'it would leave out everything': '会排除所有内容',
    },
  },
  GC_FINDINGS_LEFT_OUT: {
    title: '部分发现未列出',
    messages: {
      '{0} vulnerabilities that no version fixes are left out (--ignore-unfixed)':
        '本报告略去 {0} 个尚无修复版本的漏洞（--ignore-unfixed）',
      '{0} findings of other severities than {1} are left out (--severity)':
        '本报告略去 {0} 个不属于 {1} 级别的发现（--severity）',
    },
  },
  GC_MALWARE_SKIPPED: {
    title: '部分文件未做恶意软件检查',
    messages: {
      '{0} files larger than {1} MiB were not looked at for malware: {2}':
        '{0} 个大于 {1} MiB 的文件未做恶意软件检查：{2}',
    },
  },
  GC_MALWARE_ARCHIVE: {
    title: '部分压缩包内容未做恶意软件检查',
    messages: {
      'the archive was not looked at whole for malware: {0}': '压缩包未能完整检查恶意软件：{0}',
      'members of the archive that were not looked at for malware: {0}, as the first of them: {1}':
        '压缩包中有 {0} 个成员未做恶意软件检查，首个成员的原因：{1}',
      'findings of malware in the archive that are not listed: {0}': '压缩包中另有 {0} 个恶意软件结果未列出',
      'more remarks on archives that were not looked at whole for malware: {0}':
        '另有 {0} 条关于未能完整检查恶意软件的压缩包的说明',
      '{0} archives were not looked at whole for malware, since enough was unpacked before: {1}':
        '{0} 个压缩包未能完整检查恶意软件，因为本次扫描解压的数据已达上限：{1}',
    },
    details: {
      'more than {0} archives within each other': '压缩包嵌套超过 {0} 层',
      'more than {0} members': '成员超过 {0} 个',
      'more than {0} members to look at': '需检查的成员超过 {0} 个',
      'more than {0} broken members': '损坏的成员超过 {0} 个',
      'unpacks to more than {0} MiB': '解压后超过 {0} MiB',
      'unpacks to more than {0} times its size': '解压后超过自身大小的 {0} 倍',
      'too many large zstd files in it': '其中的大型 zstd 文件过多',
      'the compressed data are damaged or cut off': '压缩数据损坏或被截断',
      'the tar archive is damaged': 'tar 归档已损坏',
      'the tar archive is cut off': 'tar 归档被截断',
      ...ZIP_DETAILS,
    },
  },
  GC_CAPABILITIES_NOT_READ: {
    title: '未检查文件的能力（capabilities）',
    messages: {
      'capabilities of files were not looked at: they are read from images alone':
        '未检查文件的能力（capabilities）：只能从镜像中读取',
    },
  },
  GC_PASSWORDS_UNTRIED: {
    title: '部分账户未尝试常用密码',
    messages: {
      'usual passwords were not all tried for {0} accounts, {1}: {2}':
        '{0} 个账户未尝试全部常用密码，{1}：{2}',
    },
    details: {
      'their hashes are of kinds that are not known here': '其散列的种类未知',
      'a try would take too much memory or time': '一次尝试需要过多内存或时间',
      'there are too many': '账户过多',
    },
  },
  GC_MALWARE_UNAVAILABLE: {
    title: '恶意软件规则不可用',
    messages: {
      'malware rules were not used: the YARA-X library cannot be loaded ({0})':
        '未使用恶意软件规则：无法加载 YARA-X 库（{0}）',
    },
  },
  GC_MALWARE_RULES: {
    title: '恶意软件规则未被使用',
    messages: {
      'the rule file is not used: {0}': '规则文件未被使用：{0}',
      'rules of users are not used: compiling {0}': '用户规则未被使用，编译时：{0}',
    },
  },
  GC_MALWARE_SOURCE: {
    title: '规则或哈希列表未被使用',
    messages: {
      'it cannot be read ({0})': '无法读取（{0}）',
      'the folder holds no rule files (.yar, .yara)': '目录中没有规则文件（.yar、.yara）',
      'the folder holds {0} rule files, at most {1} are read': '目录中有 {0} 个规则文件，最多读取 {1} 个',
      'it is no regular file': '不是普通文件',
    },
  },
  GC_MALWARE_SOURCE_TOO_LARGE: {
    title: '规则文件过大',
    messages: {
      'with {0} bytes the files together are larger than can be held': '文件合计 {0} 字节，超出可容纳的大小',
    },
  },
  GC_MALWARE_SETTINGS: {
    title: '恶意软件扫描设置有误',
    messages: { 'no built-in malware rule is called {0}': '没有名为 {0} 的内置恶意软件规则' },
  },
  GC_MALWARE_HASHES: { title: '哈希列表未被完整使用' },
  GC_SECRETS_SETTINGS: { title: '机密扫描设置有误' },
  GC_HISTORY_NONE: {
    title: '未扫描历史',
    messages: {
      'history was not scanned: the folder belongs to no repository of git':
        '未扫描历史：该目录不属于任何 git 仓库',
      'the folder belongs to no repository of git': '该目录不属于任何 git 仓库',
    },
  },
  GC_HISTORY_GIT: {
    title: '无法用 git 读取仓库',
    messages: {
      'git cannot read the repository: {0}': 'git 无法读取该仓库：{0}',
      'git does not tell its folder': 'git 没有给出其目录',
    },
  },
  GC_HISTORY_LARGE_FILES: {
    title: '部分内容过大',
    messages: {
      '{0} staged files are too large to look at': '{0} 个暂存文件过大，未做检查',
      '{0} contents of history are larger than {1} MiB and were not looked at':
        '历史中有 {0} 个大于 {1} MiB 的内容，未做检查',
    },
  },
  GC_HISTORY_OBJECTS: {
    title: '历史不完整',
    messages: { '{0} contents of history are missing or damaged': '历史中有 {0} 个内容缺失或损坏' },
  },
  GC_HISTORY_TOO_LARGE: {
    title: '历史过大',
    messages: {
      '{0} contents beyond the first {1} were not looked at': '前 {1} 个之后的 {0} 个内容未做检查',
    },
  },
  GC_HISTORY_FINDINGS: {
    title: '历史中的密钥过多',
    messages: { '{0} more secrets in history are not listed': '历史中另有 {0} 个密钥未列出' },
  },
  GC_HISTORY_SHALLOW: {
    title: '浅克隆',
    messages: { 'the clone is shallow: older commits are not here': '浅克隆：不含更早的提交' },
  },
  GC_HISTORY_ALTERNATES: {
    title: '借用的对象',
    messages: {
      'the repository borrows objects from another one, which were read too':
        '该仓库借用了另一仓库的对象，这些对象也已读取',
    },
  },
  GC_GIT_MISSING: {
    title: '未安装 git',
    messages: { 'history was not scanned: git is not installed': '未扫描历史：未安装 git' },
  },
  GC_LICENSE_EXCEPTION_EXPIRED: {
    title: '许可证例外已到期',
    messages: {
      'an exception ended on {0}: the licences that it let pass count again':
        '一项例外已于 {0} 到期：其放行的许可证重新计入结果',
    },
  },
  GC_LICENSE_POLICY: { title: '许可证策略有误' },
  GC_IGNORE_EXPIRED: {
    title: '忽略规则已到期',
    messages: {
      'an ignore rule ended on {0}: what it silenced counts again':
        '一条忽略规则已于 {0} 到期：其忽略的问题重新计入结果',
    },
  },
  GC_IGNORE_RULE: { title: '忽略规则有误' },
  GC_SETTINGS_KEY: {
    title: '配置文件中有未知的键',
    messages: { "unknown key '{0}'": '未知的键“{0}”' },
  },
  GC_VEX_PART: { title: 'VEX 文档中有未采纳的部分' },
  GC_SBOM_UNKNOWN: {
    title: '部分组件无法判断',
    messages: {
      '{0} component has no package URL of an ecosystem with advisories and cannot be judged: {1}':
        '{0} 个组件没有可对应公告的 package URL，无法判断：{1}',
      '{0} components have no package URL of an ecosystem with advisories and cannot be judged: {1}':
        '{0} 个组件没有可对应公告的 package URL，无法判断：{1}',
    },
  },
  GC_SBOM_PART: { title: 'SBOM 中有无法读取的部分' },
  GC_SBOM_MALFORMED: { title: '无法读取 SBOM' },
  GC_SBOM_TOO_LARGE: {
    title: 'SBOM 过大',
    messages: { 'the file has more than {0} bytes': '文件超过 {0} 字节' },
  },
  GC_TEMPLATE_NOT_RENDERED: {
    title: '模板未能渲染',
    messages: {
      'a manifest that another program fills in': '需由其他程序填充的清单',
      'line {0}, rendered with default values: {1}': '第 {0} 行，按默认值渲染：{1}',
      'line {0}: {1}': '第 {0} 行：{1}',
    },
  },
  GC_OS_END_OF_LIFE: {
    title: '操作系统已停止维护',
    messages: { '{0} has had no security fixes since {1}': '{0} 自 {1} 起不再有安全更新' },
  },
  GC_OS_NO_ADVISORIES: {
    title: '没有安全公告',
    messages: { 'the database holds no advisories for {0}': '数据库中没有 {0} 的安全公告' },
  },
  GC_PACKAGES_THIRD_PARTY: {
    title: '第三方软件源',
    messages: {
      "packages of other repositories than the distribution's were listed, not judged: {0}":
        '来自发行版以外软件源的软件包已列出，但未作判断：{0} 个',
    },
  },
  GC_VERSIONS_NOT_COMPARED: {
    title: '部分版本无法比较',
    messages: {
      "advisories passed over because their versions, or the package's, cannot be compared: {0}":
        '因公告或软件包的版本无法比较而跳过的公告：{0} 条',
    },
  },
  GC_FILE_NOT_READ: {
    title: '未能完整读取',
    messages: {
      'the file has {0} bytes, {1}': '文件过大（{0} 字节）',
      '{0}: the file has {1} bytes, {2}': '{0}：文件过大（{1} 字节）',
      '{0}: {1}': '未能完整读取，{0}：{1}',
    },
    details: {
      'links lead on more often than they are followed': '链接层层相连，超过可跟随的次数',
      'no list of pins': '没有依赖列表',
      'no name or version': '没有名称或版本',
      'more than {0} bytes': '超过 {0} 字节',
      ...ZIP_DETAILS,
      'not an rpm database of a known kind, or cut off': '不是已知类型的 rpm 数据库，或被截断',
      'no package in it can be read; {0} parts are broken': '其中没有可读取的软件包；{0} 个部分已损坏',
      '{0} entries of the package database have no usable name or version':
        '软件包数据库中有 {0} 个条目没有可用的名称或版本',
      '{0} parts of the rpm database are broken': 'rpm 数据库有 {0} 个部分已损坏',
      'not readable as {0}: {1}': '无法按 {0} 解析：{1}',
    },
  },
  GC_ANALYZER_FAILED: { title: '分析出错' },
};

const NEW_DATE = '请更新日期，或将其删除。';

export const SCAN_HINTS: Sentences = {
  'Packages that stand there are neither listed nor judged.': '其中的软件包既不列出，也不判定。',
  'Patterns begin at what is scanned: **/NAME is anywhere in it.':
    '模式从扫描的根目录算起：**/名称 表示任意位置。',
  "A list of globs: exclude: [vendor, '**/testdata', '*.min.js'].":
    "通配模式的列表：exclude: [vendor, '**/testdata', '*.min.js']。",
  'YARA-X has prebuilt libraries for Linux (x64, glibc) and macOS; lists of hashes work everywhere.':
    'YARA-X 提供 Linux（x64、glibc）和 macOS 的预编译库；哈希列表在任何系统上都可用。',
  'Rules are written for YARA-X; include statements are not followed.':
    '规则须按 YARA-X 编写；不支持 include 语句。',
  'Compile them in smaller sets to find the rule that takes so long.':
    '请分成较小的几组编译，以找出耗时过长的规则。',
  'Scan the image, or run getcap -r / 2>/dev/null.': '请扫描镜像，或运行 getcap -r / 2>/dev/null。',
  'Take the id from a finding.': '请使用结果中的编号。',
  'Each line holds a SHA-256, SHA-1 or MD5 in hex, and a name if you like.':
    '每行一个十六进制的 SHA-256、SHA-1 或 MD5，后面可以加名称。',
  'Install git, or leave history out with --no-history.': '请安装 git，或用 --no-history 跳过历史。',
  'git fsck tells which. Partial clones lack contents too; nothing is fetched during a scan.':
    'git fsck 会指出是哪些。部分克隆也缺少内容；扫描时不会下载任何东西。',
  'Fetch the rest: git fetch --unshallow (actions/checkout: fetch-depth: 0).':
    '请取回其余部分：git fetch --unshallow（actions/checkout：fetch-depth: 0）。',
  'Give it a new date, or remove it.': NEW_DATE,
  'A rule has id, package or path (each a glob or a list), a reason, and may have until: YYYY-MM-DD.':
    '规则包含 id、package 或 path（通配符或其列表）和 reason，还可包含 until: YYYY-MM-DD。',
  'licenses has allow, deny, review (SPDX identifiers, {0}), otherwise and exceptions.':
    'licenses 包含 allow、deny、review（SPDX 标识符，{0}）、otherwise 和 exceptions。',
  'Applications and files need none; packages should have a purl.': '应用和文件不需要；软件包应带有 purl。',
  'CycloneDX (JSON, XML) and SPDX (JSON, tag-value) are read.':
    '可读取 CycloneDX（JSON、XML）和 SPDX（JSON、tag-value）。',
  'Scan what helm template prints, and see what a cluster would get.':
    '请扫描 helm template 的输出，以了解集群实际得到的内容。',
  'What is not listed may still be vulnerable; move to a release that is supported ({0}).':
    '未列出的软件包仍可能存在漏洞；请迁移到受支持的版本（{0}）。',
  'Its packages, and what belongs to them, were listed but not judged. guardcell db update fetches what is published.':
    '其软件包及所属文件已列出，但未作判断。guardcell db update 可获取已发布的数据。',
  "The distribution's advisories do not speak of them; ask their publishers.":
    '发行版的安全公告不涉及它们；请咨询其发布者。',
  'Please report it with the file that is named.': '请连同所示文件一并反馈此问题。',
};
