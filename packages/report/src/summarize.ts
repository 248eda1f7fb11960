// Counts of a report: what headers, exit codes and dashboards ask for. Suppressed findings are counted apart.
import { isNote, type ScanReport, type Severity } from '@guardcell/core';

export type SeverityCounts = Readonly<Record<Severity, number>>;

export interface ReportSummary {
  readonly packages: number;
  /** Not suppressed. */
  readonly vulnerabilities: number;
  readonly vulnerabilitiesBySeverity: SeverityCounts;
  /** Of the vulnerabilities above, those with a version that is not affected. */
  readonly fixable: number;
  /** Executed, loaded or opened, as a sensor saw. */
  readonly inUse: number;
  /** On a list of vulnerabilities known to be exploited. */
  readonly exploited: number;
  readonly secrets: number;
  readonly misconfigurations: number;
  readonly misconfigurationsBySeverity: SeverityCounts;
  readonly malware: number;
  readonly licensesDenied: number;
  readonly licensesToReview: number;
  /** Vulnerabilities, secrets, misconfigurations and licences that a rule or a VEX statement silences. */
  readonly suppressed: number;
  /** Parts that were not looked at; `notes` are remarks besides. */
  readonly errors: number;
  readonly notes: number;
}

const USED: ReadonlySet<string> = new Set(['executed', 'loaded', 'opened']);

/** How many of `findings` have each severity. */
export function countSeverities(findings: readonly { readonly severity: Severity }[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Whether nobody silenced the finding. */
export function isOpen(finding: { readonly suppressed?: unknown }): boolean {
  return finding.suppressed === undefined;
}

/** Counts over the whole report. */
export function summarize(report: ScanReport): ReportSummary {
  const open = report.vulnerabilities.filter(isOpen);
  const misconfigurations = report.misconfigurations.filter(isOpen);
  const silenceable = [
    report.vulnerabilities,
    report.secrets,
    report.misconfigurations,
    report.malware,
    report.licenses,
  ].flat();
  return {
    packages: report.packages.length,
    vulnerabilities: open.length,
    vulnerabilitiesBySeverity: countSeverities(open),
    fixable: open.filter((finding) => finding.fixed !== '').length,
    inUse: open.filter((finding) => USED.has(finding.inUse)).length,
    exploited: open.filter((finding) => finding.factors.some((factor) => factor.name === 'kev')).length,
    secrets: report.secrets.filter(isOpen).length,
    misconfigurations: misconfigurations.length,
    misconfigurationsBySeverity: countSeverities(misconfigurations),
    malware: report.malware.filter(isOpen).length,
    licensesDenied: report.licenses.filter((one) => isOpen(one) && one.verdict === 'denied').length,
    licensesToReview: report.licenses.filter((one) => isOpen(one) && one.verdict === 'review').length,
    suppressed: silenceable.filter((finding) => !isOpen(finding)).length,
    errors: report.errors.filter((error) => !isNote(error)).length,
    notes: report.errors.filter(isNote).length,
  };
}
