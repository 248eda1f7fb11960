// `--fail-on`: what makes a scan end with 1.
import { isAtLeast, isNote, isSeverity, type ScanReport, SEVERITIES, type Severity } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { EXIT } from '../../command.ts';

const DENIED_LICENSE = 'denied-license';

export const FAIL_ON_WORDS: readonly string[] = [...SEVERITIES, DENIED_LICENSE];

export interface FailOn {
  /** This severity, and what is worse. */
  readonly severity?: Severity;
  readonly deniedLicense: boolean;
}

/** Reads `high` or `high,denied-license`. @throws CodedError GC_USAGE for other words. */
export function parseFailOn(wanted: string | undefined): FailOn {
  let severity: Severity | undefined;
  let deniedLicense = false;
  // In any case: other scanners write HIGH.
  for (const word of wanted?.split(',').map((part) => part.trim().toLowerCase()) ?? []) {
    if (word === DENIED_LICENSE) deniedLicense = true;
    else if (isSeverity(word) && severity === undefined) severity = word;
    else {
      throw new CodedError(
        'GC_USAGE',
        isSeverity(word)
          ? '--fail-on takes one severity: worse ones count too'
          : `--fail-on cannot be '${word}'`,
        { hint: `Use one of: ${SEVERITIES.join(', ')}; and ${DENIED_LICENSE}, after a comma or alone.` },
      );
    }
  }
  return { deniedLicense, ...(severity === undefined ? {} : { severity }) };
}

/** Findings win over a scan that is not complete: the build has to stop either way, and that is the stronger reason. */
export function exitCode(report: ScanReport, failOn: FailOn): number {
  if (failsOn(report, failOn)) return EXIT.findings;
  return report.errors.every(isNote) ? EXIT.ok : EXIT.partial;
}

function failsOn(report: ScanReport, { severity, deniedLicense }: FailOn): boolean {
  if (
    deniedLicense &&
    report.licenses.some(({ verdict, suppressed }) => verdict === 'denied' && suppressed === undefined)
  )
    return true;
  if (severity === undefined) return false;
  const findings = [
    ...report.vulnerabilities.filter(({ status }) => status !== 'not-affected'),
    ...report.secrets,
    ...report.misconfigurations,
    ...report.malware,
  ];
  return findings.some(
    (one) => !('suppressed' in one && one.suppressed !== undefined) && isAtLeast(one.severity, severity),
  );
}
