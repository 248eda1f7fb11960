// What findings say in a language: texts of checks, malware rules and secret rules by their ids, remarks by their codes.
// Reports are written, cached and stored in English; this is applied when somebody reads them.
import type { MalwareFinding, SecretFinding } from '@guardcell/core';
import { malwareTitle } from '@guardcell/malware';
import { findingInLanguage } from '@guardcell/posture';
import {
  type FindingCatalogue,
  type FindingLists,
  type ReportLanguage,
  reportInTexts,
} from '@guardcell/report';
import { secretTitle } from '@guardcell/secrets';
import { errorInChinese } from './error-texts.ts';
import { vulnerabilityInChinese } from './vulnerability-texts.ts';

function malware(finding: MalwareFinding, language: ReportLanguage): MalwareFinding {
  const title = malwareTitle(finding, language);
  return title === undefined ? finding : { ...finding, title };
}

const SHIPPED_BY = /^The file is part of the distribution's package (.+): what it holds is published\.$/;

/** Why something is silenced without anybody's rule. */
function builtInReason(reason: string): string {
  if (reason.startsWith('Only its owner can read'))
    return '只有所有者能读取该文件：属于本主机的密钥，位置正当。';
  if (reason.startsWith('Others cannot read the file'))
    return '其他用户无法读取该文件：本主机的密码保存于此。';
  if (reason.startsWith('The path belongs to tests')) return '该路径属于测试、示例或文档。';
  const name = SHIPPED_BY.exec(reason)?.[1];
  return name === undefined ? reason : `该文件属于发行版软件包 ${name}：其内容是公开的。`;
}

function secret(finding: SecretFinding, language: ReportLanguage): SecretFinding {
  const titled = { ...finding, title: secretTitle(finding, language) };
  const { suppressed } = titled;
  if (language !== 'zh' || suppressed?.by !== 'built-in') return titled;
  return { ...titled, suppressed: { ...suppressed, reason: builtInReason(suppressed.reason) } };
}

/** Texts in a language, whichever findings have before; for `WriteOptions.catalogue`. */
export function findingCatalogue(language: ReportLanguage): FindingCatalogue {
  return {
    vulnerability: (finding) => (language === 'zh' ? vulnerabilityInChinese(finding) : finding),
    misconfiguration: (finding) => findingInLanguage(finding, language),
    secret: (finding) => secret(finding, language),
    malware: (finding) => malware(finding, language),
    error: (error) => (language === 'zh' ? errorInChinese(error) : error),
  };
}

/** The report with its findings in a language; names, places, ids and what feeds say of vulnerabilities stay. */
export function localizedReport<Report extends FindingLists>(
  report: Report,
  language: ReportLanguage,
): Report {
  return reportInTexts(report, findingCatalogue(language));
}
