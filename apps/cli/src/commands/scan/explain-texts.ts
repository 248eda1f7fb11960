// Words of `--explain`, by language.
import type { ReportLanguage } from '@guardcell/report';

export interface ExplainTexts {
  readonly rows: Readonly<
    Record<
      | 'what'
      | 'feed'
      | 'lookedUp'
      | 'affected'
      | 'comparison'
      | 'status'
      | 'severity'
      | 'score'
      | 'foundIn'
      | 'see',
      string
    >
  >;
  heading(packageName: string, installed: string): string;
  advisory(feed: string, advisory: string): string;
  lookUp(name: string, ecosystem: string): string;
  fixedIn(version: string): string;
  readonly noCvss: string;
  inLayer(path: string, layer: string): string;
}

export const EXPLAIN_TEXTS: Readonly<Record<ReportLanguage, ExplainTexts>> = {
  en: {
    rows: {
      what: 'what',
      feed: 'feed',
      lookedUp: 'looked up',
      affected: 'affected',
      comparison: 'comparison',
      status: 'status',
      severity: 'severity',
      score: 'score',
      foundIn: 'found in',
      see: 'see',
    },
    heading: (packageName, installed) => ` in ${packageName} ${installed}`,
    advisory: (feed, advisory) => `${feed}, advisory ${advisory}`,
    lookUp: (name, ecosystem) => `${name} in ${ecosystem}`,
    fixedIn: (version) => `fixed in ${version}`,
    noCvss: 'no CVSS',
    inLayer: (path, layer) => `${path} (layer ${layer})`,
  },
  zh: {
    rows: {
      what: '摘要',
      feed: '数据源',
      lookedUp: '查询',
      affected: '受影响版本',
      comparison: '版本比较',
      status: '状态',
      severity: '级别',
      score: '风险',
      foundIn: '位置',
      see: '参考',
    },
    heading: (packageName, installed) => `，软件包 ${packageName} ${installed}`,
    advisory: (feed, advisory) => `${feed}，公告 ${advisory}`,
    lookUp: (name, ecosystem) => `${ecosystem} 中的 ${name}`,
    fixedIn: (version) => `已在 ${version} 中修复`,
    noCvss: '无 CVSS',
    inLayer: (path, layer) => `${path}（层 ${layer}）`,
  },
};
