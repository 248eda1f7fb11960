// The `licenses` part of a configuration: which licences are allowed, denied or for a person to look at.
import { isObject, type ScanError } from '@guardcell/core';
import { readIgnoreRules } from '@guardcell/vuln';
import { LICENSE_CATEGORIES, type LicenseCategory } from './license-category.ts';
import { normalizeLicense } from './license-expression.ts';
import type { LicensePolicy, LicenseVerdict } from './license-policy.ts';

export interface ReadLicensePolicy {
  readonly policy: LicensePolicy;
  /** What was not taken, and words that no licence list knows. */
  readonly problems: readonly ScanError[];
}

const LISTS = { allow: 'allowed', deny: 'denied', review: 'review' } as const satisfies Readonly<
  Record<string, LicenseVerdict>
>;
const KEYS: ReadonlySet<string> = new Set([...Object.keys(LISTS), 'otherwise', 'exceptions']);
const MAX_WORDS = 10_000;

function problem(message: string, at: string, level?: 'note'): ScanError {
  return {
    code: 'GC_LICENSE_POLICY',
    message,
    at,
    hint: `licenses has allow, deny, review (SPDX identifiers, ${LICENSE_CATEGORIES.join(', ')}), otherwise and exceptions.`,
    ...(level === undefined ? {} : { level }),
  };
}

/**
 * Reads what stands under `licenses`.
 * @example readLicensePolicy({ deny: ['network-copyleft', 'GPL-3.0-only'], exceptions: [{ package: 'pkg:npm/x@*', reason: 'own work' }] }, '.guardcell.yaml')
 */
export function readLicensePolicy(value: unknown, file: string): ReadLicensePolicy {
  if (value === undefined || value === null) return { policy: {}, problems: [] };
  if (!isObject(value)) return { policy: {}, problems: [problem("'licenses' is no mapping", file)] };
  const problems: ScanError[] = Object.keys(value)
    .filter((key) => !KEYS.has(key))
    .map((key) => problem(`unknown key '${key}'`, `${file}: licenses`));
  const lists: Record<keyof typeof LISTS, string[]> = { allow: [], deny: [], review: [] };
  const categories: Partial<Record<LicenseCategory, LicenseVerdict>> = {};
  for (const name of ['allow', 'review', 'deny'] as const) {
    for (const word of wordsOf(value[name], `${file}: licenses.${name}`, problems)) {
      const category = LICENSE_CATEGORIES.find((known) => known === word);
      // Read from the mildest list to the strictest: the strictest stays.
      if (category !== undefined) categories[category] = LISTS[name];
      else lists[name].push(licenseOf(word, `${file}: licenses.${name}`, problems));
    }
  }
  const otherwise = verdictOf(value['otherwise'], `${file}: licenses.otherwise`, problems);
  const exceptions = readIgnoreRules(value, `${file}: licenses`, 'exceptions');
  problems.push(...exceptions.problems);
  return {
    policy: {
      ...lists,
      categories,
      exceptions: exceptions.rules,
      ...(otherwise === undefined ? {} : { otherwise }),
    },
    problems,
  };
}

function wordsOf(value: unknown, at: string, problems: ScanError[]): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const words = list.filter((one) => typeof one === 'string' && one.trim() !== '') as string[];
  if (words.length !== list.length || words.length > MAX_WORDS)
    problems.push(problem(`a list of at most ${MAX_WORDS} texts is expected`, at));
  return words.slice(0, MAX_WORDS).map((word) => word.trim());
}

function licenseOf(word: string, at: string, problems: ScanError[]): string {
  if (word.includes('*')) return word;
  const known = normalizeLicense(word);
  if (known !== undefined && !/ (?:OR|AND) /.test(known)) return known;
  problems.push(
    problem(`'${word}' is no SPDX identifier: only packages that say exactly this are meant`, at, 'note'),
  );
  return word;
}

const VERDICTS: Readonly<Record<string, LicenseVerdict>> = {
  allow: 'allowed',
  deny: 'denied',
  review: 'review',
};

function verdictOf(value: unknown, at: string, problems: ScanError[]): LicenseVerdict | undefined {
  if (value === undefined || value === null) return undefined;
  const verdict = typeof value === 'string' && Object.hasOwn(VERDICTS, value) ? VERDICTS[value] : undefined;
  if (verdict === undefined) problems.push(problem('allow, deny or review is expected', at));
  return verdict;
}
