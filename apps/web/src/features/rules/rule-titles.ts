// A rule's title in the user's language, everywhere a rule is named.
import type { RuleView } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import type { Language } from '../../i18n/catalogue.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { scanTitle } from './scan-titles.ts';

/** Text in a language; English where there is none. */
export function localText(text: RuleView['title'], language: Language): string {
  return language === 'zh-CN' && text.zh !== '' ? text.zh : text.en;
}

/** A function from a rule's name to its title; the name itself until the library is known. */
export function useRuleTitles(): (name: string) => string {
  const { language, text } = useI18n();
  const { data } = useQuery(rulesQuery);
  return useMemo(() => {
    const titles = new Map(data?.items.map((rule) => [rule.name, localText(rule.title, language)]));
    return (name) => titles.get(name) || scanTitle(name, text) || name;
  }, [data, language, text]);
}
