// Tells packages of other repositories from those of the distribution by the vendor in the rpm header.
import type { OsRelease } from '@guardcell/core';

/** Vendors as the distributions' own build systems write them, by `ID` of os-release. */
const OWN_VENDORS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:rhel|redhat)/, /^red hat\b/i],
  [/^centos$/, /^(?:centos\b|red hat\b)/i],
  [/^rocky$/, /^rocky\b|rocky enterprise software foundation/i],
  [/^almalinux$/, /^almalinux\b/i],
  [/^(?:ol|oracle)$/, /^oracle\b/i],
  [/^fedora$/, /^fedora project\b/i],
  [/^amzn$/, /^amazon\b/i],
  [/^(?:sles|sled|sle|suse|opensuse)/, /^(?:suse\b|opensuse\b|obs:\/\/build\.(?:suse|opensuse)\b)/i],
  [/^photon$/, /^vmware\b|^broadcom\b/i],
  [/^(?:azurelinux|mariner)$/, /^microsoft\b/i],
];

/**
 * True when the vendor is another than the distribution. Packages without vendor and systems not known are given
 * the benefit of the doubt: their advisories are looked up.
 */
export function isThirdPartyVendor(vendor: string, os: OsRelease | undefined): boolean {
  if (vendor === '' || os === undefined) return false;
  const own = OWN_VENDORS.find(([id]) => id.test(os.id))?.[1];
  return own !== undefined && !own.test(vendor);
}
