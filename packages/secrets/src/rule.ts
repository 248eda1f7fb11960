// What a rule of the secret scanner is, and the two short forms in which the registry is written.
import type { Severity } from '@guardcell/core';
import { leadingLiterals } from './pattern/leading-literals.ts';
import { parsePattern } from './pattern/parse-pattern.ts';
import type { SecretCheck } from './validate/check.ts';

/** Characters before a keyword that still belong to the match: `123456789` of `123456789:AA…`. */
export interface Lead {
  /** A class of the pattern notation, such as `[0-9]`. */
  readonly of: string;
  readonly max: number;
}

export interface SecretRule {
  /** Kebab-case, never reused for something else: people's ignore rules name it. */
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly severity: Severity;
  /** Any letter case; one of them is in every text that the rule matches. */
  readonly keywords: readonly string[];
  /**
   * `token`: the pattern matches from the keyword on (or from its lead).
   * `assigned`: the keyword is part of a name, the pattern matches the value assigned to that name.
   */
  readonly shape: 'token' | 'assigned';
  /** See `parsePattern`. */
  readonly pattern: string;
  readonly ignoreCase: boolean;
  readonly lead?: Lead;
  /** The match may be followed by a letter or digit. */
  readonly open: boolean;
  /** Words of which one must be in the name that is assigned to; empty: any name will do. */
  readonly hints: readonly string[];
  /** Least Shannon entropy of the secret, bits per character. */
  readonly minEntropy: number;
  readonly check?: SecretCheck;
  /** Whether texts that look like placeholders are passed over. */
  readonly placeholders: boolean;
  /** Gives way to any other rule that finds a secret at the same place, and is not used on lock files. */
  readonly generic: boolean;
  /** Without quotes the value counts only in files that hold settings, not in program text. */
  readonly quotedInCode: boolean;
}

type Details = Partial<Omit<SecretRule, 'id' | 'title' | 'severity' | 'shape' | 'pattern'>>;

const HINTS = ['key', 'token', 'secret', 'pass', 'pwd', 'auth', 'cred', 'sid', 'pat', 'webhook'] as const;

/** A rule for a secret that is recognised by its own look. Keywords are the literals its pattern begins with. */
export function token(
  id: string,
  severity: Severity,
  en: string,
  zh: string,
  pattern: string,
  details: Details = {},
): SecretRule {
  return {
    id,
    title: { en, zh },
    severity,
    keywords: details.keywords ?? leadingLiterals(parsePattern(pattern)),
    shape: 'token',
    pattern,
    ignoreCase: false,
    open: false,
    hints: [],
    minEntropy: 2.3,
    placeholders: true,
    generic: false,
    quotedInCode: false,
    ...details,
  };
}

/** A rule for a secret that is recognised by the name it is assigned to: `DATADOG_API_KEY=…`. */
export function assigned(
  id: string,
  severity: Severity,
  en: string,
  zh: string,
  keywords: readonly string[],
  pattern: string,
  details: Details = {},
): SecretRule {
  return {
    id,
    title: { en, zh },
    severity,
    keywords,
    shape: 'assigned',
    pattern,
    ignoreCase: false,
    open: false,
    hints: HINTS,
    minEntropy: 2.8,
    placeholders: true,
    generic: false,
    quotedInCode: false,
    ...details,
  };
}
