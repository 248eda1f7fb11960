// Settings as one text, to tell whether two of them are the same.
import type { SecretSettings } from './custom-rule.ts';

/** The same text for the same settings, whatever objects hold them. */
export function settingsText({ rules, allow, disabled }: SecretSettings): string {
  return JSON.stringify([
    rules.map((rule) => [
      rule.id,
      rule.title,
      rule.severity,
      rule.keywords,
      rule.pattern.pattern(),
      rule.minEntropy,
    ]),
    allow.map((rule) => [
      rule.reason,
      rule.rules,
      rule.paths.map((path) => path.pattern()),
      rule.values.map((value) => value.pattern()),
      rule.until,
    ]),
    [...disabled].toSorted(),
  ]);
}
