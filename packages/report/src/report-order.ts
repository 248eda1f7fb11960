// One order for everything in a report, so that equal scans give equal files whatever finished first.
import {
  type LicenseFinding,
  type MalwareFinding,
  type MisconfigurationFinding,
  type ScanError,
  type ScanReport,
  type SecretFinding,
  type SoftwarePackage,
  severityRank,
  type VulnerabilityFinding,
} from '@guardcell/core';

/** Compares by UTF-16 code units: the same on every machine, unlike `localeCompare`. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Order<T> = (a: T, b: T) => number;

function byParts<T>(...parts: readonly ((item: T) => string | number)[]): Order<T> {
  return (a, b) => {
    for (const part of parts) {
      const [left, right] = [part(a), part(b)];
      const order =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : compareText(String(left), String(right));
      if (order !== 0) return order;
    }
    return 0;
  };
}

const PACKAGES: Order<SoftwarePackage> = byParts(
  (item) => item.type,
  (item) => item.name,
  (item) => item.version,
  (item) => item.purl,
  (item) => item.locations[0]?.path ?? '',
  (item) => item.locations[0]?.layer ?? '',
);
/** Most urgent first: severity, then risk score. */
const compareVulnerabilities: Order<VulnerabilityFinding> = byParts(
  (item) => severityRank(item.severity),
  (item) => -item.score,
  (item) => item.id,
  (item) => item.package,
  (item) => item.installed,
  (item) => item.explain.feed,
);
const SECRETS: Order<SecretFinding> = byParts(
  (item) => severityRank(item.severity),
  (item) => item.path,
  (item) => item.line,
  (item) => item.rule,
  (item) => item.commit ?? '',
);
const MISCONFIGURATIONS: Order<MisconfigurationFinding> = byParts(
  (item) => severityRank(item.severity),
  (item) => item.path,
  (item) => item.startLine,
  (item) => item.check,
  (item) => item.message,
);
const MALWARE: Order<MalwareFinding> = byParts(
  (item) => severityRank(item.severity),
  (item) => item.path,
  (item) => item.rule,
);
const LICENSES: Order<LicenseFinding> = byParts(
  (item) => item.package,
  (item) => item.expression,
);
const ERRORS: Order<ScanError> = byParts(
  (item) => item.code,
  (item) => item.at,
  (item) => item.message,
);

/** The same report with every list in its one order. */
export function orderedReport(report: ScanReport): ScanReport {
  return {
    ...report,
    packages: report.packages.toSorted(PACKAGES),
    vulnerabilities: report.vulnerabilities.toSorted(compareVulnerabilities),
    secrets: report.secrets.toSorted(SECRETS),
    misconfigurations: report.misconfigurations.toSorted(MISCONFIGURATIONS),
    malware: report.malware.toSorted(MALWARE),
    licenses: report.licenses.toSorted(LICENSES),
    errors: report.errors.toSorted(ERRORS),
  };
}
