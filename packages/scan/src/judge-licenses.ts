// The licences of packages held against the policy; exceptions that have ended are told.
import type { LicenseFinding, ScanError, SoftwarePackage } from '@guardcell/core';
import { type LicensePolicy, licenseFindings } from '@guardcell/report';
import { expiredRules } from '@guardcell/vuln';

/** `today` is `YYYY-MM-DD…`. */
export function judgeLicenses(
  packages: readonly SoftwarePackage[],
  policy: LicensePolicy | undefined,
  today: string,
  errors: ScanError[],
): readonly LicenseFinding[] {
  for (const { at, until } of expiredRules(policy?.exceptions ?? [], today)) {
    errors.push({
      code: 'GC_LICENSE_EXCEPTION_EXPIRED',
      level: 'note',
      message: `an exception ended on ${until ?? ''}: the licences that it let pass count again`,
      at: `licenses.${at}`,
      hint: 'Give it a new date, or remove it.',
    });
  }
  return licenseFindings(packages, policy, today);
}
