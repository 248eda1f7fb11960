// Judges the licences of packages by a policy: which are allowed, denied, or for a person to look at.
import type { LicenseFinding, SoftwarePackage } from '@guardcell/core';
import { globMatches, type IgnoreRule, suppressionBy } from '@guardcell/vuln';
import { type LicenseCategory, licenseCategory } from './license-category.ts';
import { type LicenseExpression, normalizeLicense, parseLicense } from './license-expression.ts';

export type LicenseVerdict = LicenseFinding['verdict'];

export interface LicensePolicy {
  /** SPDX identifiers (`GPL-3.0-only`, `GPL-*`, or `GPL-3.0-only WITH …`) that are fine, whatever their category. */
  readonly allow?: readonly string[];
  /** Identifiers that are not; stronger than the other lists. */
  readonly deny?: readonly string[];
  /** Identifiers that a person should look at; stronger than `allow`. */
  readonly review?: readonly string[];
  /** What applies to identifiers that no list names. */
  readonly categories?: Readonly<Partial<Record<LicenseCategory, LicenseVerdict>>>;
  /** What applies to all that neither lists nor `categories` name; without it the default of the category. */
  readonly otherwise?: LicenseVerdict;
  /** Packages whose verdict does not count, with a reason; `ids` are licences. */
  readonly exceptions?: readonly IgnoreRule[];
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
  const bare = canonicalId(expression.license, expression.plus === true);
  const whole = expression.exception === undefined ? bare : `${bare} WITH ${expression.exception}`;
  // The licence with its exception may be allowed although the bare licence is denied.
  return (
    listedVerdict(whole, policy) ??
    listedVerdict(bare, policy) ??
    verdictOfCategory(licenseCategory(expression), policy)
  );
}

/** SPDX has given up names such as `GPL-2.0` and `GPL-2.0+`, and packages still use them. */
function canonicalId(id: string, plus = false): string {
  const bare = id.replace(/\+$/, '');
  if (!/^(?:A|L)?GPL-\d\.\d$|^GFDL-\d\.\d$/.test(bare)) return bare;
  return `${bare}-${plus || bare !== id ? 'or-later' : 'only'}`;
}

function listedVerdict(
  text: string,
  { deny = [], review = [], allow = [] }: LicensePolicy,
): LicenseVerdict | undefined {
  const isIn = (list: readonly string[]): boolean =>
    list.some(
      (word) =>
        word === text || canonicalId(word) === text || (word.includes('*') && globMatches(word, text)),
    );
  if (isIn(deny)) return 'denied';
  if (isIn(review)) return 'review';
  return isIn(allow) ? 'allowed' : undefined;
}

function verdictOfCategory(category: LicenseCategory, policy: LicensePolicy): LicenseVerdict {
  return (
    policy.categories?.[category] ??
    policy.otherwise ??
    DEFAULT_LICENSE_POLICY.categories[category] ??
    'review'
  );
}

function withoutVersion(purl: string): string {
  const [path = ''] = purl.split(/[?#]/, 1);
  const at = path.lastIndexOf('@');
  return at > path.lastIndexOf('/') ? path.slice(0, at) : path;
}

/**
 * One finding for each package that declares licences; several declarations count as `AND`. `today` is `YYYY-MM-DD…`:
 * exceptions that have ended by then do not count.
 */
export function licenseFindings(
  packages: readonly SoftwarePackage[],
  policy: LicensePolicy = DEFAULT_LICENSE_POLICY,
  today = '',
): readonly LicenseFinding[] {
  const ignored = new Set(policy.ignorePackages);
  return packages
    .filter((item) => item.licenses.length > 0 && !ignored.has(withoutVersion(item.purl)))
    .map((item) => withException(licenseFinding(item, policy), item, policy, today));
}

function withException(
  finding: LicenseFinding,
  item: SoftwarePackage,
  { exceptions = [] }: LicensePolicy,
  today: string,
): LicenseFinding {
  if (finding.verdict === 'allowed') return finding;
  const subject = {
    ids: [finding.expression, ...item.licenses],
    packages: [item.name, item.purl],
    paths: item.locations.map(({ path }) => path),
  };
  const suppressed = suppressionBy(exceptions, subject, today);
  return suppressed === undefined ? finding : { ...finding, suppressed };
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
  return { category, verdict: listedVerdict(text, policy) ?? verdictOfCategory(category, policy) };
}
