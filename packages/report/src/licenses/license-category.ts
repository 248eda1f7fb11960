// What a licence asks of those who pass software on. A rough order for policies, no legal advice.
import type { LicenseFinding } from '@guardcell/core';
import type { LicenseExpression } from './license-expression.ts';
import { LICENSE_FAMILIES } from './license-families.ts';

export type LicenseCategory = LicenseFinding['category'];

/** From least to most demanding; of `AND` the most demanding part counts, of `OR` the least. */
export const LICENSE_CATEGORIES = [
  'permissive',
  'weak-copyleft',
  'copyleft',
  'network-copyleft',
  'proprietary',
  'unknown',
] as const satisfies readonly LicenseCategory[];

/** The longest beginning that fits decides: `CC-BY-NC-` before `CC-BY-`. */
const PREFIXES = Object.entries(LICENSE_FAMILIES)
  .flatMap(([category, family]) =>
    family.split(/\s+/).map((prefix) => ({ prefix, category: category as keyof typeof LICENSE_FAMILIES })),
  )
  .toSorted((a, b) => b.prefix.length - a.prefix.length);

/** Exceptions that let other programs link, or generated files be passed on, make copyleft weak. */
const LINKING_EXCEPTION =
  /classpath|gcc-exception|linking|lgpl-|openvpn-openssl|bison|autoconf|libtool|font|u-boot|qt-|wxwindows|openjdk|syscall/i;

function rank(category: LicenseCategory): number {
  return LICENSE_CATEGORIES.indexOf(category);
}

/** The category of a whole expression: users may choose between the sides of `OR` and must keep both of `AND`. */
export function licenseCategory(expression: LicenseExpression): LicenseCategory {
  if ('conjunction' in expression) {
    const [left, right] = [licenseCategory(expression.left), licenseCategory(expression.right)];
    const [milder, harder] = rank(left) <= rank(right) ? [left, right] : [right, left];
    return expression.conjunction === 'or' ? milder : harder;
  }
  const { license, exception = '' } = expression;
  const category = PREFIXES.find(({ prefix }) => license.startsWith(prefix))?.category ?? 'unknown';
  return category === 'copyleft' && LINKING_EXCEPTION.test(exception) ? 'weak-copyleft' : category;
}
