// The language of a report: `--lang`, or that of the environment for what people read.
import type { ScanReport } from '@guardcell/core';
import type { ReportFormat, ReportLanguage, WriteOptions } from '@guardcell/report';
import { type CommandContext, type OptionSpec, oneOf, text } from '../../command.ts';

export type ReportWords = Required<Pick<WriteOptions, 'language'>> & Pick<WriteOptions, 'catalogue'>;

export const LANGUAGE_OPTION: Readonly<Record<string, OptionSpec>> = {
  lang: {
    type: 'string',
    value: 'en|zh-CN',
    help: 'language of the report (default: of the environment for table and html, en for other formats)',
  },
};

/** Formats for people. What programs read must not change with the locale of the machine that they run on. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['table', 'html']);

/** Whether the locale is a Chinese one: the first of LC_ALL, LC_MESSAGES and LANG that is set decides, as in POSIX. */
export function isChinese(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => environment[name]).find(Boolean) ?? '';
  return /^zh(?:[^a-z]|$)/i.test(locale);
}

/** What `--lang` says, else the language of the environment. @throws CodedError GC_USAGE for other languages. */
export function languageForPeople(context: CommandContext): ReportLanguage {
  const given = oneOf(context.options, 'lang', ['en', 'zh-CN']);
  return (given === undefined ? isChinese(process.env) : given === 'zh-CN') ? 'zh' : 'en';
}

/** @throws CodedError GC_USAGE for other languages. */
export async function reportWords(
  context: CommandContext,
  format: Pick<ReportFormat, 'id'>,
): Promise<ReportWords> {
  const isAsked = text(context.options, 'lang') !== undefined || FOR_PEOPLE.has(format.id);
  if (!isAsked || languageForPeople(context) === 'en') return { language: 'en' };
  // Findings are in English: the texts of all checks and rules are loaded only to say something else.
  const { findingCatalogue } = await import('@guardcell/scan/catalogue');
  return { language: 'zh', catalogue: findingCatalogue('zh') };
}

/** An earlier report, which may be in any language, in that of scans: so that they can be compared. */
export async function inScanLanguage(report: ScanReport): Promise<ScanReport> {
  const { localizedReport } = await import('@guardcell/scan/catalogue');
  return localizedReport(report, 'en');
}
