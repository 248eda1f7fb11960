// What a licence asks of those who pass software on. A rough order for policies, no legal advice.
import type { LicenseFinding } from '@guardcell/core';
import { isLicenseId, type LicenseExpression } from './license-expression.ts';

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

/** First pattern that fits the identifier decides. */
const FAMILIES: readonly (readonly [RegExp, LicenseCategory])[] = [
  [
    /^(?:AGPL|SSPL|OSL|RPL|CPAL|EUPL|NPOSL|RPSL|APSL-1|Watcom|Parity|CAL-1|Arphic|Hippocratic|OCLC)/,
    'network-copyleft',
  ],
  [
    /^(?:LGPL|MPL|EPL|CDDL|CPL|IPL|NPL|SISSL|MS-RL|CECILL-C|APSL-2|Artistic-1|OGTSL|SPL-1|Nokia|ErlPL|SugarCRM|LPPL|gSOAP|Interbase|CUA-OPL|RSCPL|MTLL|LPL|OFL|wxWindows|Bitstream-Vera|IPA|eCos-2|FSFULLR|CC-BY-SA|GFDL|CERN-OHL-W|YPL|ODbL)/,
    'weak-copyleft',
  ],
  [
    /^(?:GPL|CECILL-\d|QPL|Sleepycat|CERN-OHL-S|BUSL-copyleft|copyleft-next|MakeIndex|TGPPL|Aladdin|LiLiQ-Rplus|NGPL|SimPL)/,
    'copyleft',
  ],
  [
    /^(?:BUSL|Elastic|CC-BY(?:-\w+)*-(?:NC|ND)|PolyForm|JSON$|NCGL|SMLNJ-NC|Confluent|Commons|UNLICENSED|Intel-ACPI-NC|FSL|Sendmail-\d|BSD-3-Clause-No-Nuclear-License|NAIST-NC|Xfig-NC|MMPL|TermReadKey-NC)/,
    'proprietary',
  ],
];

function categoryOfId(id: string): LicenseCategory {
  const family = FAMILIES.find(([pattern]) => pattern.test(id));
  if (family !== undefined) return family[1];
  if (PERMISSIVE.test(id) && (isLicenseId(id) || /^(?:BSD|MIT)/.test(id))) return 'permissive';
  return 'unknown';
}

/** Families of which every member only asks for notices, or for nothing. */
const PERMISSIVE =
  /^(?:0BSD|AAL|AFL|Apache|Artistic-2|Beerware|BlueOak|BSD|BSL-1|Boehm|bzip2|CC0|CC-BY-\d|CC-PDDC|CNRI|curl|Cube|dtoa|Fair|FSFAP|FSFUL$|FTL|GLWTPL|HPND|IBM-pibs|ICU|IJG|Info-ZIP|Intel|ISC|JasPer|libpng|libtiff|Libpng|Linux-OpenIB|MIT|MIT-0|MirOS|MS-PL|mpich2|MulanPSL|NCSA|Naumen|Net-SNMP|NIST-PD|NTP|OLDAP|OML|OpenSSL|PHP|PostgreSQL|PSF|Python|Plexus|Public|Rdisc|Ruby|SAX-PD|SGI-B|SMLNJ|snprintf|SSH|Spencer|TCL|TCP-wrappers|Unicode|Unlicense|UPL|Vim|W3C|WTFPL|X11|Xnet|XSkat|Zed|Zend|Zlib|zlib|ZPL)/;

/** An exception that lets programs link makes strong copyleft weak. */
const LINKING_EXCEPTION =
  /classpath|gcc-exception|linking|LGPL|openvpn-openssl|GPL-3\.0-(?:linking|interface)|bison|autoconf|libtool|font|u-boot|Qt|LLVM|WxWindows|OpenJDK/i;

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
  const category = categoryOfId(expression.license);
  const softened = category === 'copyleft' && LINKING_EXCEPTION.test(expression.exception ?? '');
  return softened ? 'weak-copyleft' : category;
}
