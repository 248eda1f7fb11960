// Words of `db status`, by language.
import type { ReportLanguage } from '@guardcell/report';

export interface StatusTexts {
  readonly columns: {
    readonly feed: string;
    readonly date: string;
    readonly age: string;
    readonly records: string;
    readonly packages: string;
    readonly skipped: string;
    readonly licence: string;
    readonly problem: string;
  };
  readonly today: string;
  days(count: number): string;
  readonly snapshot: string;
  readonly signed: {
    readonly shipped: string;
    readonly no: string;
    readonly trusted: string;
    readonly untrusted: string;
    readonly unchecked: string;
  };
  built(facts: {
    readonly at: string;
    readonly age: string;
    readonly size: string;
    readonly signed: string;
    readonly revision: string;
  }): string;
  content(counts: {
    readonly vulnerabilities: number;
    readonly packages: number;
    readonly ecosystems: number;
  }): string;
}

export const STATUS_TEXTS: Readonly<Record<ReportLanguage, StatusTexts>> = {
  en: {
    columns: {
      feed: 'FEED',
      date: 'DATE',
      age: 'AGE',
      records: 'RECORDS',
      packages: 'PACKAGES',
      skipped: 'SKIPPED',
      licence: 'LICENCE',
      problem: 'PROBLEM',
    },
    today: 'today',
    days: (count) => `${count} d`,
    snapshot: 'snapshot that ships with Guardcell',
    signed: {
      shipped: 'part of Guardcell',
      no: 'not signed',
      trusted: 'signed, trusted',
      untrusted: 'signed, by none of the trusted keys',
      unchecked: 'signed, not checked',
    },
    built: ({ at, age, size, signed, revision }) =>
      `built ${at} (${age}), ${size}, ${signed}, revision ${revision}`,
    content: ({ vulnerabilities, packages, ecosystems }) =>
      `${vulnerabilities} vulnerabilities, ${packages} packages, ${ecosystems} ecosystems`,
  },
  zh: {
    columns: {
      feed: '数据源',
      date: '数据日期',
      age: '距今',
      records: '记录',
      packages: '软件包',
      skipped: '略过',
      licence: '许可证',
      problem: '问题',
    },
    today: '今天',
    days: (count) => `${count} 天`,
    snapshot: 'Guardcell 自带的快照',
    signed: {
      shipped: 'Guardcell 的一部分',
      no: '未签名',
      trusted: '已签名，可信',
      untrusted: '已签名，但不是由受信任的密钥所签',
      unchecked: '已签名，未核对',
    },
    built: ({ at, age, size, signed, revision }) =>
      `构建于 ${at}（${age}），${size}，${signed}，版本 ${revision}`,
    content: ({ vulnerabilities, packages, ecosystems }) =>
      `${vulnerabilities} 个漏洞，${packages} 个软件包，${ecosystems} 个生态`,
  },
};
