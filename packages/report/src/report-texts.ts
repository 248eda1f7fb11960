// Texts of the formats that people read, by language.
import type { ReportLanguage } from './report-format.ts';
import { EN } from './texts/en.ts';
import type { ReportTexts } from './texts/texts.ts';
import { ZH } from './texts/zh.ts';

export type { ReportTexts } from './texts/texts.ts';

const TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en: EN, zh: ZH };

/** The texts of a language; English where none is given. */
export function reportTexts(language: ReportLanguage | undefined): ReportTexts {
  return TEXTS[language ?? 'en'];
}
