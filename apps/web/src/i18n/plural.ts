// Plural forms by Intl's rules.

export interface PluralForms {
  readonly one?: string;
  readonly other: string;
}

const RULES = new Map<string, Intl.PluralRules>();

/** The form of a word for a number, in a language. */
export function plural(language: string, value: number, forms: PluralForms): string {
  let rules = RULES.get(language);
  if (rules === undefined) {
    rules = new Intl.PluralRules(language);
    RULES.set(language, rules);
  }
  return rules.select(value) === 'one' ? (forms.one ?? forms.other) : forms.other;
}
