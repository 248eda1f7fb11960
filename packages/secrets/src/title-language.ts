// Titles of built-in rules in another language. Rules of users have one title, and may have the id of a built-in rule.
import { BUILT_IN_RULES } from './rules/registry.ts';

const TITLES = new Map(BUILT_IN_RULES.map(({ id, title }) => [id, title]));

/** The title of a rule in a language, whichever it had before; as it is where it is not that of the built-in rule. */
export function secretTitle(
  { rule, title }: { readonly rule: string; readonly title: string },
  language: 'en' | 'zh',
): string {
  const known = TITLES.get(rule);
  return known !== undefined && (title === known.en || title === known.zh) ? known[language] : title;
}
