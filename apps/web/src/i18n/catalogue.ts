// What a language is to the console, and how its texts are loaded. The type of a catalogue is that of the English one:
// a key that is missing elsewhere does not compile.
import { en } from './en.ts';
import type { Texts } from './texts.ts';

export type Catalogue = Texts<typeof en>;

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

/** The language to start with: remembered, else the browser's first that we have. */
export function chooseLanguage(remembered: string | null, wanted: readonly string[]): Language {
  for (const candidate of [remembered, ...wanted]) {
    const lower = candidate?.toLowerCase() ?? '';
    if (lower.startsWith('zh')) return 'zh-CN';
    if (lower.startsWith('en')) return 'en';
  }
  return 'en';
}

/** English is built in; the others are fetched when first needed. */
export async function loadCatalogue(language: Language): Promise<Catalogue> {
  if (language === 'zh-CN') return (await import('./zh-CN.ts')).zh;
  return en;
}
