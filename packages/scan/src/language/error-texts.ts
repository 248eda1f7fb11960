// Remarks of reports in Chinese, by code. Details that parsers and other programs tell stay in their own words.
import type { ScanError } from '@guardcell/core';
import { type Phrase, phraseIn } from './phrase.ts';

interface RemarkText {
  readonly code: string;
  /** Forms of the message; the first that matches is taken, and a message that none matches stays. */
  readonly messages: readonly Phrase[];
  readonly hints?: readonly Phrase[];
}

const anything = (text: string): readonly Phrase[] => [[/^(.*)$/s, (rest = '') => `${text}：${rest}`]];
const always = (text: string): readonly Phrase[] => [[/^/, () => text]];
const NEW_DATE = always('请更新日期，或将其删除。');

const REMARKS: readonly RemarkText[] = [
  {
    code: 'GC_MALWARE_SKIPPED',
    messages: [
      [
        /^(\d+) files larger than (\d+) MiB were not looked at for malware: (.*)$/s,
        (count = '', size = '', paths = '') => `${count} 个大于 ${size} MiB 的文件未做恶意软件检查：${paths}`,
      ],
    ],
  },
  {
    code: 'GC_MALWARE_UNAVAILABLE',
    messages: anything('恶意软件规则不可用'),
    hints: always('YARA-X 提供 Linux（x64、glibc）和 macOS 的预编译库；哈希列表在任何系统上都可用。'),
  },
  {
    code: 'GC_MALWARE_RULES',
    messages: [
      [/^the rule file is not used: (.*)$/s, (why = '') => `规则文件未被使用：${why}`],
      [/^rules of users are not used: compiling (.*)$/s, (why = '') => `用户规则未被使用，编译时：${why}`],
    ],
    hints: [
      [/^Rules are written for YARA-X/, () => '规则须按 YARA-X 编写；不支持 include 语句。'],
      [/^Compile them/, () => '请分成较小的几组编译，以找出耗时过长的规则。'],
    ],
  },
  {
    code: 'GC_HISTORY_NONE',
    messages: always('未扫描历史：该目录不属于任何 git 仓库'),
  },
  {
    code: 'GC_HISTORY_LARGE_FILES',
    messages: [
      [/^(\d+) staged files are too large to look at$/, (count = '') => `${count} 个暂存文件过大，未做检查`],
      [
        /^(\d+) contents of history are larger than (\d+) MiB and were not looked at$/,
        (count = '', size = '') => `历史中有 ${count} 个大于 ${size} MiB 的内容，未做检查`,
      ],
    ],
  },
  {
    code: 'GC_HISTORY_OBJECTS',
    messages: [
      [
        /^(\d+) contents of history are missing or damaged$/,
        (count = '') => `历史中有 ${count} 个内容缺失或损坏`,
      ],
    ],
    hints: always('git fsck 会指出是哪些。部分克隆也缺少内容；扫描时不会下载任何东西。'),
  },
  {
    code: 'GC_HISTORY_TOO_LARGE',
    messages: [
      [
        /^(\d+) contents beyond the first (\d+) were not looked at$/,
        (count = '', limit = '') => `前 ${limit} 个之后的 ${count} 个内容未做检查`,
      ],
    ],
  },
  {
    code: 'GC_HISTORY_FINDINGS',
    messages: [
      [/^(\d+) more secrets in history are not listed$/, (count = '') => `历史中另有 ${count} 个密钥未列出`],
    ],
  },
  {
    code: 'GC_HISTORY_SHALLOW',
    messages: always('浅克隆：不含更早的提交'),
    hints: always('请取回其余部分：git fetch --unshallow（actions/checkout：fetch-depth: 0）。'),
  },
  {
    code: 'GC_HISTORY_ALTERNATES',
    messages: always('该仓库借用了另一仓库的对象，这些对象也已读取'),
  },
  { code: 'GC_GIT_MISSING', messages: always('未扫描历史：未安装 git') },
  {
    code: 'GC_LICENSE_EXCEPTION_EXPIRED',
    messages: [
      [
        /^an exception ended on (\S*): /,
        (day = '') => `一项例外已于 ${day} 到期：其放行的许可证重新计入结果`,
      ],
    ],
    hints: NEW_DATE,
  },
  {
    code: 'GC_IGNORE_EXPIRED',
    messages: [
      [
        /^an ignore rule ended on (\S*): /,
        (day = '') => `一条忽略规则已于 ${day} 到期：其忽略的问题重新计入结果`,
      ],
    ],
    hints: NEW_DATE,
  },
  {
    code: 'GC_IGNORE_RULE',
    messages: anything('忽略规则有误'),
    hints: always('规则包含 id、package 或 path（通配符或其列表）和 reason，还可包含 until: YYYY-MM-DD。'),
  },
  { code: 'GC_LICENSE_POLICY', messages: anything('许可证策略有误') },
  { code: 'GC_VEX_PART', messages: anything('VEX 文档中有未采纳的部分') },
  {
    code: 'GC_SBOM_UNKNOWN',
    messages: [
      [
        /^(\d+) components? ha(?:s|ve) no package URL of an ecosystem with advisories and cannot be judged: (.*)$/s,
        (count = '', names = '') => `${count} 个组件没有可对应公告的 package URL，无法判断：${names}`,
      ],
    ],
    hints: always('应用和文件不需要；软件包应带有 purl。'),
  },
  { code: 'GC_SBOM_PART', messages: anything('SBOM 中有无法读取的部分') },
  {
    code: 'GC_TEMPLATE_NOT_RENDERED',
    messages: [
      [/^a manifest that another program fills in$/, () => '需由其他程序填充的清单'],
      [
        /^line (\d+), rendered with default values: (.*)$/s,
        (line = '', why = '') => `第 ${line} 行，按默认值渲染：${why}`,
      ],
      [/^line (\d+): (.*)$/s, (line = '', why = '') => `第 ${line} 行：${why}`],
    ],
    hints: always('请扫描 helm template 的输出，以了解集群实际得到的内容。'),
  },
  {
    code: 'GC_OS_END_OF_LIFE',
    messages: [
      [
        /^(.*) has had no security fixes since (\S+)$/s,
        (os = '', day = '') => `${os} 自 ${day} 起不再有安全更新`,
      ],
    ],
    hints: [
      [
        /^What is not listed may still be vulnerable; move to a release that is supported \((.*)\)\.$/s,
        (source = '') => `未列出的软件包仍可能存在漏洞；请迁移到受支持的版本（${source}）。`,
      ],
    ],
  },
  {
    code: 'GC_OS_NO_ADVISORIES',
    messages: [
      [/^the database holds no advisories for (.*)$/s, (os = '') => `数据库中没有 ${os} 的安全公告`],
    ],
    hints: always('其软件包及所属文件已列出，但未作判断。guardcell db update 可获取已发布的数据。'),
  },
  {
    code: 'GC_FILE_NOT_READ',
    messages: [
      [/^(.*): the file has (\d+) bytes.*$/s, (what = '', size = '') => `${what}：文件过大（${size} 字节）`],
      [/^(\S+): (.*)$/s, (what = '', why = '') => `未能完整读取，${what}：${why}`],
    ],
  },
  {
    code: 'GC_ANALYZER_FAILED',
    messages: anything('分析出错'),
    hints: always('请连同所示文件一并反馈此问题。'),
  },
  { code: 'GC_SECRETS_SETTINGS', messages: anything('机密扫描设置有误') },
  { code: 'GC_MALWARE_SETTINGS', messages: anything('恶意软件扫描设置有误') },
  { code: 'GC_MALWARE_HASHES', messages: anything('哈希列表未被完整使用') },
];

const BY_CODE: ReadonlyMap<string, RemarkText> = new Map(REMARKS.map((each) => [each.code, each]));

/** The remark with message and hint in Chinese as far as its code is known; others stay as they are. */
export function errorInChinese(error: ScanError): ScanError {
  const known = BY_CODE.get(error.code);
  if (known === undefined) return error;
  const hint = error.hint === '' ? '' : phraseIn(error.hint, known.hints ?? []);
  return { ...error, message: phraseIn(error.message, known.messages), hint };
}
