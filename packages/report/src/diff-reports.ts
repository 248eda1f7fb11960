// What changed between two reports: for `--only-new BASELINE` and for comparing two images.
import type {
  LicenseFinding,
  MalwareFinding,
  MisconfigurationFinding,
  ScanReport,
  SecretFinding,
  SoftwarePackage,
  VulnerabilityFinding,
} from '@guardcell/core';
import { orderedReport } from './report-order.ts';

export interface FindingChanges<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  /** In both reports. */
  readonly unchanged: number;
}

export interface PackageChange {
  readonly before: SoftwarePackage;
  readonly after: SoftwarePackage;
}

export interface ReportDiff {
  readonly packages: FindingChanges<SoftwarePackage> & { readonly changed: readonly PackageChange[] };
  readonly vulnerabilities: FindingChanges<VulnerabilityFinding>;
  readonly secrets: FindingChanges<SecretFinding>;
  readonly misconfigurations: FindingChanges<MisconfigurationFinding>;
  readonly malware: FindingChanges<MalwareFinding>;
  readonly licenses: FindingChanges<LicenseFinding>;
}

type KeysOf<T> = (item: T) => readonly string[];

/** Type and namespace of a purl without version: what stays when a package is upgraded. */
function purlWithoutVersion(purl: string): string {
  const [path = ''] = purl.split(/[?#]/, 1);
  const at = path.lastIndexOf('@');
  return at > path.lastIndexOf('/') ? path.slice(0, at) : path;
}

/** A finding is the same when one of its names is, in the same package: upgrades and new aliases do not make it new. */
function vulnerabilityKeys(finding: VulnerabilityFinding): readonly string[] {
  const where = `${purlWithoutVersion(finding.package)}\n${finding.packageName}`;
  return [finding.id, ...finding.aliases].map((id) => `${id}\n${where}`);
}

/** Lines move when a file is edited, so they are no part of what identifies a finding. */
const secretKeys: KeysOf<SecretFinding> = (finding) => [
  [finding.rule, finding.path, finding.excerpt.trim()].join('\n'),
];
const misconfigurationKeys: KeysOf<MisconfigurationFinding> = (finding) => [
  [finding.check, finding.path, finding.message].join('\n'),
];
const malwareKeys: KeysOf<MalwareFinding> = (finding) => [
  [finding.rule, finding.path, finding.sha256].join('\n'),
];
const licenseKeys: KeysOf<LicenseFinding> = (finding) => [
  [finding.expression, purlWithoutVersion(finding.package)].join('\n'),
];

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** Each finding of one side answers for one of the other, so that a second copy of a secret is new. */
function changes<T>(before: readonly T[], after: readonly T[], keysOf: KeysOf<T>): FindingChanges<T> {
  const waiting = new Map<string, T[]>();
  for (const item of before) {
    for (const key of keysOf(item)) push(waiting, key, item);
  }
  const met = new Set<T>();
  const added: T[] = [];
  for (const item of after) {
    const partner = keysOf(item)
      .flatMap((key) => waiting.get(key) ?? [])
      .find((candidate) => !met.has(candidate));
    if (partner === undefined) added.push(item);
    else met.add(partner);
  }
  return { added, removed: before.filter((item) => !met.has(item)), unchanged: met.size };
}

function packageChanges(
  before: readonly SoftwarePackage[],
  after: readonly SoftwarePackage[],
): ReportDiff['packages'] {
  const exact = changes(before, after, (item) => [
    `${item.type}\n${item.name}\n${item.version}\n${item.arch ?? ''}`,
  ]);
  const left = new Map<string, SoftwarePackage[]>();
  const keyOf = (item: SoftwarePackage): string => `${item.type}\n${item.name}\n${item.arch ?? ''}`;
  for (const item of exact.removed) push(left, keyOf(item), item);
  const changed: PackageChange[] = [];
  const added: SoftwarePackage[] = [];
  for (const item of exact.added) {
    const partner = left.get(keyOf(item))?.shift();
    if (partner === undefined) added.push(item);
    else changed.push({ before: partner, after: item });
  }
  return { added, removed: [...left.values()].flat(), changed, unchanged: exact.unchanged };
}

/** Compares two reports; an upgraded package is `changed`, a vulnerability that outlived the upgrade is unchanged. */
export function diffReports(before: ScanReport, after: ScanReport): ReportDiff {
  const [old, now] = [orderedReport(before), orderedReport(after)];
  return {
    packages: packageChanges(old.packages, now.packages),
    vulnerabilities: changes(old.vulnerabilities, now.vulnerabilities, vulnerabilityKeys),
    secrets: changes(old.secrets, now.secrets, secretKeys),
    misconfigurations: changes(old.misconfigurations, now.misconfigurations, misconfigurationKeys),
    malware: changes(old.malware, now.malware, malwareKeys),
    licenses: changes(old.licenses, now.licenses, licenseKeys),
  };
}

/** `report` with only those findings that `baseline` does not have; packages and errors stay. */
export function onlyNew(report: ScanReport, baseline: ScanReport): ScanReport {
  const diff = diffReports(baseline, report);
  return {
    ...report,
    vulnerabilities: diff.vulnerabilities.added,
    secrets: diff.secrets.added,
    misconfigurations: diff.misconfigurations.added,
    malware: diff.malware.added,
    licenses: diff.licenses.added,
  };
}
