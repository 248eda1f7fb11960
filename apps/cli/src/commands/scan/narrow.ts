// `--severity` and `--ignore-unfixed`: what they leave out of a report. It is counted in a note: nobody takes the rest for
// the whole.
import {
  isAtLeast,
  isSeverity,
  type ScanError,
  type ScanReport,
  SEVERITIES,
  type Severity,
} from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import type { FailOn } from './fail-on.ts';

/** Of the note that counts what is not shown. */
export const LEFT_OUT = 'GC_FINDINGS_LEFT_OUT';

export interface Narrowing {
  /** Only findings of these, the worst first; left out: of all. */
  readonly severities?: readonly Severity[];
  readonly ignoreUnfixed: boolean;
}

/**
 * Reads `high,critical` or `high+`, in any case: other scanners write HIGH.
 * @throws CodedError GC_USAGE for other words.
 */
export function parseSeverities(wanted: string | undefined): readonly Severity[] | undefined {
  if (wanted === undefined) return undefined;
  const chosen = new Set<Severity>();
  for (const word of wanted.split(',').map((part) => part.trim().toLowerCase())) {
    const name = word.replace(/\+$/, '');
    if (!isSeverity(name)) {
      throw new CodedError('GC_USAGE', `--severity cannot be '${word}'`, {
        hint: `Use some of: ${SEVERITIES.join(', ')}, with commas; high+ is high and what is worse.`,
      });
    }
    for (const one of SEVERITIES)
      if (one === name || (name !== word && isAtLeast(one, name))) chosen.add(one);
  }
  return SEVERITIES.filter((one) => chosen.has(one));
}

/** @throws CodedError GC_USAGE when nothing that is shown could ever fail the verdict that was asked for. */
export function checkVerdict({ severities }: Narrowing, { severity }: FailOn): void {
  if (severities === undefined || severity === undefined) return;
  if (severities.some((one) => isAtLeast(one, severity))) return;
  throw new CodedError('GC_USAGE', `--severity leaves out everything that --fail-on ${severity} judges`, {
    hint: `Show it too: --severity ${severity}+, or leave out --severity.`,
  });
}

/** The report without what is not wanted; packages and licences stay. */
export function narrowed(report: ScanReport, narrowing: Narrowing): ScanReport {
  return withSeverities(
    narrowing.ignoreUnfixed ? withoutUnfixed(report) : report,
    narrowing.severities ?? SEVERITIES,
  );
}

function withoutUnfixed(report: ScanReport): ScanReport {
  const vulnerabilities = report.vulnerabilities.filter((finding) => finding.fixed !== '');
  const count = report.vulnerabilities.length - vulnerabilities.length;
  return withNote({ ...report, vulnerabilities }, count, {
    code: LEFT_OUT,
    level: 'note',
    message: `${count} vulnerabilities that no version fixes are left out (--ignore-unfixed)`,
    at: report.artifact.name,
    hint: '',
  });
}

function withSeverities(report: ScanReport, severities: readonly Severity[]): ScanReport {
  let count = 0;
  const only = <T extends { readonly severity: Severity }>(findings: readonly T[]): readonly T[] => {
    const kept = findings.filter(({ severity }) => severities.includes(severity));
    count += findings.length - kept.length;
    return kept;
  };
  const shown = {
    ...report,
    vulnerabilities: only(report.vulnerabilities),
    secrets: only(report.secrets),
    misconfigurations: only(report.misconfigurations),
    malware: only(report.malware),
  };
  return withNote(shown, count, {
    code: LEFT_OUT,
    level: 'note',
    message: `${count} findings of other severities than ${severities.join(', ')} are left out (--severity)`,
    at: report.artifact.name,
    hint: '',
  });
}

function withNote(report: ScanReport, count: number, note: ScanError): ScanReport {
  return count === 0 ? report : { ...report, errors: [...report.errors, note] };
}
