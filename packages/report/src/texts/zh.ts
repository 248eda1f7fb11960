// Texts of reports in Chinese.
import type { ReportTexts } from './texts.ts';

const STATUS: ReportTexts['status'] = {
  affected: '受影响',
  fixed: '已有修复版本',
  'will-not-fix': '不予修复',
  'fix-deferred': '推迟修复',
  'under-investigation': '调查中',
  'not-affected': '不受影响',
};
const IN_USE: ReportTexts['inUse'] = {
  executed: '已执行',
  loaded: '已加载',
  opened: '已打开',
  untouched: '未触及',
  unknown: '–',
};
const CATEGORY: ReportTexts['category'] = {
  permissive: '宽松',
  'weak-copyleft': '弱著佐权',
  copyleft: '著佐权',
  'network-copyleft': '网络著佐权',
  proprietary: '专有',
  unknown: '未知',
};

export const ZH: ReportTexts = {
  title: '扫描报告',
  severity: { critical: '严重', high: '高', medium: '中', low: '低', info: '提示' },
  status: STATUS,
  inUse: IN_USE,
  kind: {
    image: '镜像',
    filesystem: '文件系统',
    repository: '代码仓库',
    host: '主机',
    container: '容器',
    sbom: 'SBOM',
  },
  verdict: { allowed: '允许', denied: '禁止', review: '待审查' },
  packages: '软件包',
  vulnerabilities: '漏洞',
  secrets: '密钥泄露',
  misconfigurations: '配置问题',
  malware: '恶意软件',
  licenses: '许可证',
  manyBuiltIn: (count) => `${count} 项位于发行版文件、测试、示例或文档中；-o json 逐一列出`,
  manyReviews: (count) => `待审查：${count} 个软件包；-o json 逐一列出，许可证策略可说明哪些无妨`,
  errors: '未能检查',
  notes: '备注',
  suppressed: '已忽略',
  fixable: '可修复',
  exploited: '已知被利用',
  used: '使用中',
  nothing: '未发现问题。',
  fixFirst: '优先修复',
  osPackages: '系统软件包',
  noFix: '无修复版本',
  columns: {
    severity: '级别',
    id: '编号',
    package: '软件包',
    installed: '已安装',
    fixed: '修复版本',
    score: '风险',
    status: '状态',
    inUse: '使用情况',
    summary: '摘要',
    place: '位置',
    finding: '问题',
    fix: '处理办法',
    license: '许可证',
    verdict: '结论',
    why: '匹配依据',
    version: '版本',
    type: '类型',
  },
  factor: {
    cvss: 'CVSS',
    epss: 'EPSS',
    kev: 'KEV',
    ransomware: '勒索软件',
    ssvc: 'SSVC',
    exposure: '暴露面',
    privileged: '特权',
    'in-use': '使用情况',
    fix: '修复',
  },
  category: CATEGORY,
  finding: {
    vulnerability: (id, name) => `${name} 存在 ${id}`,
    affected(facts) {
      const fixed = facts.fixed === '' ? '尚无修复版本。' : `已在 ${facts.fixed} 中修复。`;
      const inUse = facts.inUse === 'unknown' ? '' : `使用情况：${IN_USE[facts.inUse]}。`;
      return `${facts.package}：${facts.id}。${fixed}状态：${STATUS[facts.status]}。${inUse}${facts.comparison}`;
    },
    upgrade: (name, version) => `将 ${name} 升级到 ${version} 或更高版本。`,
    secret: (title, excerpt) => `${/[。！？]$/.test(title) ? title : `${title}。`}${excerpt}`,
    secretSince: (commit, isRemoved) =>
      isRemoved ? `（仅存在于历史中，始于提交 ${commit}）` : `（始于提交 ${commit}）`,
    secretFix: '先吊销该密钥，再将其移除。',
    malware: (rule) => `恶意软件 ${rule}`,
    malwareMatch: (path, rule, sha256) => `${path} 与 ${rule} 匹配（sha256 ${sha256}）。`,
    license: (category) => `许可证（${category}）`,
    licenseVerdict: (name, expression, category, isDenied) =>
      `${name}：${expression}（${category}）${isDenied ? '被策略禁止' : '需要审查'}。`,
    rootOf: (name) => `${name} 的根目录`,
  },
  upgrade: (name, version, count) => `将 ${name} 升级到 ${version}：可解决 ${count} 个问题`,
  inHistory: (commit) => `仅在历史中，提交 ${commit}`,
  silenced: (by, reason, until) => `${reason}（${by}${until === undefined ? '' : `，有效期至 ${until}`}）`,
};
