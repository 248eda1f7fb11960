// Words of the table of `scan registry`, by language.
import type { ReportLanguage } from '@guardcell/report';

export interface RegistryTexts {
  readonly columns: {
    readonly image: string;
    readonly critical: string;
    readonly high: string;
    readonly medium: string;
    readonly low: string;
    readonly fixable: string;
    readonly exploited: string;
    readonly secrets: string;
    readonly misconfigurations: string;
    readonly malware: string;
    readonly errors: string;
    readonly remark: string;
  };
  readonly scannedBefore: string;
  total(counts: {
    readonly scanned: number;
    readonly known: number;
    readonly other: number;
    readonly failed: number;
  }): string;
}

export const REGISTRY_TEXTS: Readonly<Record<ReportLanguage, RegistryTexts>> = {
  en: {
    columns: {
      image: 'IMAGE',
      critical: 'CRITICAL',
      high: 'HIGH',
      medium: 'MEDIUM',
      low: 'LOW',
      fixable: 'FIXABLE',
      exploited: 'KEV',
      secrets: 'SECRETS',
      misconfigurations: 'MISCONFIG',
      malware: 'MALWARE',
      errors: 'ERRORS',
      remark: 'REMARK',
    },
    scannedBefore: 'scanned before',
    total: ({ scanned, known, other, failed }) =>
      `${scanned} scanned, ${known} scanned before, ${other} no images, ${failed} failed`,
  },
  zh: {
    columns: {
      image: '镜像',
      critical: '严重',
      high: '高',
      medium: '中',
      low: '低',
      fixable: '可修复',
      exploited: 'KEV',
      secrets: '密钥泄露',
      misconfigurations: '配置问题',
      malware: '恶意软件',
      errors: '未能检查',
      remark: '备注',
    },
    scannedBefore: '此前已扫描',
    total: ({ scanned, known, other, failed }) =>
      `已扫描 ${scanned} 个，此前已扫描 ${known} 个，非镜像 ${other} 个，失败 ${failed} 个`,
  },
};
