// Texts of the formats that people read, in English and Chinese.
import type { InUse, LicenseFinding, ScanArtifact, Severity, VulnerabilityStatus } from '@guardcell/core';
import type { ReportLanguage } from './report-format.ts';

export interface ReportTexts {
  readonly title: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly status: Readonly<Record<VulnerabilityStatus, string>>;
  readonly inUse: Readonly<Record<InUse, string>>;
  readonly kind: Readonly<Record<ScanArtifact['kind'], string>>;
  readonly verdict: Readonly<Record<LicenseFinding['verdict'], string>>;
  readonly packages: string;
  readonly vulnerabilities: string;
  readonly secrets: string;
  readonly misconfigurations: string;
  readonly malware: string;
  readonly licenses: string;
  readonly errors: string;
  readonly notes: string;
  readonly suppressed: string;
  readonly fixable: string;
  readonly exploited: string;
  readonly used: string;
  readonly nothing: string;
  readonly fixFirst: string;
  readonly osPackages: string;
  readonly noFix: string;
  readonly columns: {
    readonly severity: string;
    readonly id: string;
    readonly package: string;
    readonly installed: string;
    readonly fixed: string;
    readonly score: string;
    readonly status: string;
    readonly inUse: string;
    readonly summary: string;
    readonly place: string;
    readonly finding: string;
    readonly fix: string;
    readonly license: string;
    readonly verdict: string;
    readonly why: string;
    readonly version: string;
    readonly type: string;
  };
  /** `upgrade libssl3 to 3.0.12: 4 findings`. */
  upgrade(name: string, version: string, count: number): string;
  /** The secret is gone from the files, but not from history. */
  inHistory(commit: string): string;
  /** `silenced by x: reason`. */
  silenced(by: string, reason: string, until: string | undefined): string;
}

const EN: ReportTexts = {
  title: 'Scan report',
  severity: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info' },
  status: {
    affected: 'affected',
    fixed: 'fixed',
    'will-not-fix': 'will not be fixed',
    'fix-deferred': 'fix deferred',
    'under-investigation': 'under investigation',
    'not-affected': 'not affected',
  },
  inUse: { executed: 'executed', loaded: 'loaded', opened: 'opened', untouched: 'untouched', unknown: '–' },
  kind: {
    image: 'image',
    filesystem: 'file system',
    repository: 'repository',
    host: 'host',
    container: 'container',
    sbom: 'SBOM',
  },
  verdict: { allowed: 'allowed', denied: 'denied', review: 'to review' },
  packages: 'Packages',
  vulnerabilities: 'Vulnerabilities',
  secrets: 'Secrets',
  misconfigurations: 'Misconfigurations',
  malware: 'Malware',
  licenses: 'Licences',
  errors: 'Not looked at',
  notes: 'Notes',
  suppressed: 'Suppressed',
  fixable: 'fixable',
  exploited: 'known to be exploited',
  used: 'in use',
  nothing: 'Nothing found.',
  fixFirst: 'Fix first',
  osPackages: 'system packages',
  noFix: 'no fix',
  columns: {
    severity: 'Severity',
    id: 'Id',
    package: 'Package',
    installed: 'Installed',
    fixed: 'Fixed in',
    score: 'Risk',
    status: 'Status',
    inUse: 'In use',
    summary: 'Summary',
    place: 'Place',
    finding: 'Finding',
    fix: 'What to do',
    license: 'Licence',
    verdict: 'Verdict',
    why: 'Why it matches',
    version: 'Version',
    type: 'Type',
  },
  upgrade: (name, version, count) =>
    `upgrade ${name} to ${version}: closes ${count} ${count === 1 ? 'finding' : 'findings'}`,
  inHistory: (commit) => `in history, commit ${commit}`,
  silenced: (by, reason, until) => `${reason} (${by}${until === undefined ? '' : `, until ${until}`})`,
};

const ZH: ReportTexts = {
  title: '扫描报告',
  severity: { critical: '严重', high: '高', medium: '中', low: '低', info: '提示' },
  status: {
    affected: '受影响',
    fixed: '已修复',
    'will-not-fix': '不予修复',
    'fix-deferred': '推迟修复',
    'under-investigation': '调查中',
    'not-affected': '不受影响',
  },
  inUse: { executed: '已执行', loaded: '已加载', opened: '已打开', untouched: '未触及', unknown: '–' },
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
  upgrade: (name, version, count) => `将 ${name} 升级到 ${version}：可解决 ${count} 个问题`,
  inHistory: (commit) => `仅在历史中，提交 ${commit}`,
  silenced: (by, reason, until) => `${reason}（${by}${until === undefined ? '' : `，有效期至 ${until}`}）`,
};

/** The texts of a language; English where none is given. */
export function reportTexts(language: ReportLanguage | undefined): ReportTexts {
  return language === 'zh' ? ZH : EN;
}
