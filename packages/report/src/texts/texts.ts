// What texts the formats that people read have; one file for each language holds them.
import type {
  InUse,
  LicenseFinding,
  RiskFactor,
  ScanArtifact,
  Severity,
  VulnerabilityStatus,
} from '@guardcell/core';

/** Sentences about one finding. */
export interface FindingSentences {
  /** Title of a vulnerability that has no summary. */
  vulnerability(id: string, name: string): string;
  /** `libssl3 3.0.11: CVE-2023-1.`, then what is known of a fix, the status and the use, then how versions compare. */
  affected(facts: {
    readonly package: string;
    readonly id: string;
    readonly fixed: string;
    readonly status: VulnerabilityStatus;
    readonly inUse: InUse;
    readonly comparison: string;
  }): string;
  upgrade(name: string, version: string): string;
  /** With what it is written in. */
  secret(title: string, excerpt: string): string;
  /** After `secret`, of one that a later layer of the image deletes or replaces. */
  readonly secretBelow: string;
  secretSince(commit: string, isRemoved: boolean): string;
  readonly secretFix: string;
  malware(rule: string): string;
  malwareMatch(path: string, rule: string, sha256: string): string;
  license(category: string): string;
  licenseVerdict(name: string, expression: string, category: string, isDenied: boolean): string;
  rootOf(name: string): string;
}

export interface ReportTexts {
  readonly title: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly status: Readonly<Record<VulnerabilityStatus, string>>;
  readonly inUse: Readonly<Record<InUse, string>>;
  readonly kind: Readonly<Record<ScanArtifact['kind'], string>>;
  readonly verdict: Readonly<Record<LicenseFinding['verdict'], string>>;
  readonly packages: string;
  readonly vulnerabilities: string;
  readonly secrets: string;
  readonly misconfigurations: string;
  readonly malware: string;
  readonly licenses: string;
  /** Too many to list. */
  manyReviews(count: number): string;
  /** Silenced by no rule of the user's, too many to list. */
  manyBuiltIn(count: number): string;
  readonly errors: string;
  readonly notes: string;
  readonly suppressed: string;
  readonly fixable: string;
  readonly exploited: string;
  readonly used: string;
  readonly nothing: string;
  readonly fixFirst: string;
  readonly osPackages: string;
  readonly noFix: string;
  readonly columns: {
    readonly severity: string;
    readonly id: string;
    readonly package: string;
    readonly installed: string;
    readonly fixed: string;
    readonly score: string;
    readonly status: string;
    readonly inUse: string;
    readonly summary: string;
    readonly place: string;
    readonly finding: string;
    readonly fix: string;
    readonly license: string;
    readonly verdict: string;
    readonly why: string;
    readonly version: string;
    readonly type: string;
  };
  readonly factor: Readonly<Record<RiskFactor['name'], string>>;
  readonly category: Readonly<Record<LicenseFinding['category'], string>>;
  /** In the place of titles and messages that programs and people read of single findings. */
  readonly finding: FindingSentences;
  /** `upgrade libssl3 to 3.0.12: 4 findings`. */
  upgrade(name: string, version: string, count: number): string;
  /** The secret is gone from the files, but not from history. */
  inHistory(commit: string): string;
  /** The secret is gone from what a container sees, but not from the image. */
  readonly inLowerLayer: string;
  /** `silenced by x: reason`. */
  silenced(by: string, reason: string, until: string | undefined): string;
}
