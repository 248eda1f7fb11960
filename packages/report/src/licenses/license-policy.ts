// Judges the licences of packages by a policy: which are allowed, denied, or for a person to look at.
import type { LicenseFinding, SoftwarePackage } from '@guardcell/core';
import { type LicenseCategory, licenseCategory } from './license-category.ts';
import { type LicenseExpression, licenseText, normalizeLicense, parseLicense } from './license-expression.ts';

export type LicenseVerdict = LicenseFinding['verdict'];

export interface LicensePolicy {
  /** SPDX identifiers (`GPL-3.0-only`, or `GPL-3.0-only WITH …`) that are fine, whatever their category. */
  readonly allow?: readonly string[];
  /** Identifiers that are not; stronger than `allow`. */
  readonly deny?: readonly string[];
  /** What applies to identifiers that neither list names. */
  readonly categories?: Readonly<Partial<Record<LicenseCategory, LicenseVerdict>>>;
  /** purls without version of packages that are not judged. */
  readonly ignorePackages?: readonly string[];
}

/** Nothing is denied by itself: a project has to say what it cannot live with. */
export const DEFAULT_LICENSE_POLICY: Required<Pick<LicensePolicy, 'categories'>> = {
  categories: {
    permissive: 'allowed',
    'weak-copyleft': 'allowed',
    copyleft: 'allowed',
    'network-copyleft': 'review',
    proprietary: 'review',
    unknown: 'review',
  },
};

const ORDER = ['allowed', 'review', 'denied'] as const satisfies readonly LicenseVerdict[];

/** `OR` takes the better side, `AND` the worse one. */
function judge(expression: LicenseExpression, policy: LicensePolicy): LicenseVerdict {
  if ('conjunction' in expression) {
    const sides = [judge(expression.left, policy), judge(expression.right, policy)].map((side) =>
      ORDER.indexOf(side),
    );
    return ORDER[expression.conjunction === 'or' ? Math.min(...sides) : Math.max(...sides)] ?? 'review';
  }
  const whole = licenseText(expression);
  const [deny, allow] = [policy.deny ?? [], policy.allow ?? []];
  if (deny.includes(whole)) return 'denied';
  // The licence with its exception may be allowed although the bare licence is denied.
  if (allow.includes(whole)) return 'allowed';
  if (deny.includes(expression.license)) return 'denied';
  if (allow.includes(expression.license)) return 'allowed';
  return verdictOfCategory(licenseCategory(expression), policy);
}

function verdictOfCategory(category: LicenseCategory, policy: LicensePolicy): LicenseVerdict {
  return policy.categories?.[category] ?? DEFAULT_LICENSE_POLICY.categories[category] ?? 'review';
}

function withoutVersion(purl: string): string {
  const [path = ''] = purl.split(/[?#]/, 1);
  const at = path.lastIndexOf('@');
  return at > path.lastIndexOf('/') ? path.slice(0, at) : path;
}

/** One finding for each package that declares licences; several declarations count as `AND`. */
export function licenseFindings(
  packages: readonly SoftwarePackage[],
  policy: LicensePolicy = DEFAULT_LICENSE_POLICY,
): readonly LicenseFinding[] {
  const ignored = new Set(policy.ignorePackages);
  return packages
    .filter((item) => item.licenses.length > 0 && !ignored.has(withoutVersion(item.purl)))
    .map((item) => licenseFinding(item, policy));
}

function licenseFinding(item: SoftwarePackage, policy: LicensePolicy): LicenseFinding {
  const declared = [...new Set(item.licenses.map((text) => normalizeLicense(text) ?? text.trim()))];
  const judged = declared.map((text) => {
    const expression = parseLicense(text);
    return expression === undefined
      ? unreadable(text, policy)
      : { category: licenseCategory(expression), verdict: judge(expression, policy) };
  });
  const worst = judged.reduce((a, b) =>
    ORDER.indexOf(b.verdict) > ORDER.indexOf(a.verdict) ||
    (a.verdict === b.verdict && CATEGORY_RANK[b.category] > CATEGORY_RANK[a.category])
      ? b
      : a,
  );
  const expression =
    declared.length === 1
      ? (declared[0] ?? '')
      : declared.map((text) => (/ (?:OR|AND) /.test(text) ? `(${text})` : text)).join(' AND ');
  return { expression, package: item.purl, ...worst };
}

const CATEGORY_RANK: Readonly<Record<LicenseCategory, number>> = {
  permissive: 0,
  'weak-copyleft': 1,
  copyleft: 2,
  'network-copyleft': 3,
  proprietary: 4,
  unknown: 5,
};

/** Text that is no expression can still be named in a policy. */
function unreadable(
  text: string,
  policy: LicensePolicy,
): { readonly category: LicenseCategory; readonly verdict: LicenseVerdict } {
  const category: LicenseCategory = /^(?:proprietary|commercial|unlicensed)$/i.test(text)
    ? 'proprietary'
    : 'unknown';
  if (policy.deny?.includes(text) === true) return { category, verdict: 'denied' };
  if (policy.allow?.includes(text) === true) return { category, verdict: 'allowed' };
  return { category, verdict: verdictOfCategory(category, policy) };
}
