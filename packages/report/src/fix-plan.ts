// Which upgrades close how many open vulnerabilities: one line each, the most useful first.
import { type ScanReport, severityRank } from '@guardcell/core';
import { compareText } from './report-order.ts';
import { isOpen } from './summarize.ts';

export interface PackageUpgrade {
  readonly name: string;
  readonly purl: string;
  readonly installed: string;
  /** All fixed versions that its findings name, in the order of the findings; the last one to come out closes all. */
  readonly versions: readonly string[];
  readonly findings: number;
  /** Sum of the risk scores that go away. */
  readonly risk: number;
  /** Rank of the most severe finding, 0 for critical. */
  readonly worst: number;
}

/** Upgrades by what they take away: severity of the worst, then risk. Versions are not compared here, only listed. */
export function packageUpgrades(report: ScanReport): readonly PackageUpgrade[] {
  const upgrades = new Map<string, PackageUpgrade>();
  for (const finding of report.vulnerabilities) {
    if (finding.fixed === '' || !isOpen(finding)) continue;
    const known = upgrades.get(finding.package);
    upgrades.set(finding.package, {
      name: finding.packageName,
      purl: finding.package,
      installed: finding.installed,
      versions: [...new Set([...(known?.versions ?? []), finding.fixed])],
      findings: (known?.findings ?? 0) + 1,
      risk: (known?.risk ?? 0) + finding.score,
      worst: Math.min(known?.worst ?? 9, severityRank(finding.severity)),
    });
  }
  return [...upgrades.values()].toSorted(
    (a, b) => a.worst - b.worst || b.risk - a.risk || compareText(a.purl, b.purl),
  );
}
