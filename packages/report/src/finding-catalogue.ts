// Texts of findings in another language: who knows the checks and rules brings them, reports only take them over.
import type {
  MalwareFinding,
  MisconfigurationFinding,
  ScanError,
  ScanReport,
  SecretFinding,
  VulnerabilityFinding,
} from '@guardcell/core';

/** What findings say, in one language. What is not known is given back as it is. Names, places and ids stay. */
export interface FindingCatalogue {
  vulnerability(finding: VulnerabilityFinding): VulnerabilityFinding;
  misconfiguration(finding: MisconfigurationFinding): MisconfigurationFinding;
  secret(finding: SecretFinding): SecretFinding;
  malware(finding: MalwareFinding): MalwareFinding;
  error(error: ScanError): ScanError;
}

/** A report, or those lists of it that are read alone. */
export type FindingLists = Pick<ScanReport, 'misconfigurations' | 'secrets' | 'malware'> &
  Partial<Pick<ScanReport, 'vulnerabilities' | 'errors'>>;

/** The report with texts of the catalogue; lists keep their order. As it is without a catalogue. */
export function inTexts<Report extends FindingLists>(
  report: Report,
  catalogue: FindingCatalogue | undefined,
): Report {
  if (catalogue === undefined) return report;
  return {
    ...report,
    ...(report.vulnerabilities === undefined
      ? {}
      : { vulnerabilities: report.vulnerabilities.map((each) => catalogue.vulnerability(each)) }),
    misconfigurations: report.misconfigurations.map((each) => catalogue.misconfiguration(each)),
    secrets: report.secrets.map((each) => catalogue.secret(each)),
    malware: report.malware.map((each) => catalogue.malware(each)),
    ...(report.errors === undefined ? {} : { errors: report.errors.map((each) => catalogue.error(each)) }),
  };
}
