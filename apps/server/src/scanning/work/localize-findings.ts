// Findings in the language of who reads them. The texts of all checks and rules are loaded here, not by the server itself.
import { localizedReport } from '@guardcell/scan/catalogue';
import type { Work } from '../helper/protocol.ts';

export const localizeFindings: Work<'localizeFindings'> = ({ findings, language }) =>
  Promise.resolve(localizedReport(findings, language === 'zh-CN' ? 'zh' : 'en'));
