// What a scan says: packages, vulnerabilities, secrets, misconfigurations, malware, licences, and what failed.
import type { Severity } from '../severity.ts';
import type { OsRelease, SoftwarePackage } from './package-type.ts';

export const ARTIFACT_KINDS = ['image', 'filesystem', 'repository', 'host', 'container', 'sbom'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

export interface ScanArtifact {
  readonly kind: ArtifactKind;
  /** As the user wrote it. */
  readonly name: string;
  /** Of the image manifest, `sha256:…`; empty where there is none. */
  readonly digest: string;
  /** Of the image's configuration, which docker calls the image id; left out where it is unknown. */
  readonly imageId?: string;
  /** `linux/amd64`; empty where it does not matter. */
  readonly platform: string;
  readonly os?: OsRelease;
  /** diffIDs, lowest first. */
  readonly layers: readonly string[];
  /** The step of the build that made each of `layers`, secrets masked; left out where the history is unknown. */
  readonly steps?: readonly string[];
  /** Bytes of all layers, uncompressed; 0 where unknown. */
  readonly size: number;
}

/** `in-use` grades, strongest first; `unknown` without evidence from a sensor. */
export const IN_USE = ['executed', 'loaded', 'opened', 'untouched', 'unknown'] as const;
export type InUse = (typeof IN_USE)[number];

/** Why a vulnerability counts or does not, in the words of the feed that judged it. */
export const VULNERABILITY_STATUSES = [
  'affected',
  'fixed',
  'will-not-fix',
  'fix-deferred',
  'under-investigation',
  'not-affected',
] as const;
export type VulnerabilityStatus = (typeof VULNERABILITY_STATUSES)[number];

/** How a match came about, step by step. */
export interface MatchExplanation {
  /** The feed that judged: `debian`, `osv-go`, `almalinux` … */
  readonly feed: string;
  readonly advisory: string;
  /** Name that was looked up, and its ecosystem: the source package for distributions. */
  readonly ecosystem: string;
  readonly matchedName: string;
  /** `>= 1.2.0, < 1.2.7`, or the versions that were listed. */
  readonly range: string;
  /** `1.2.3 < 1.2.7 (deb)`. */
  readonly comparison: string;
}

/** One factor of the risk score, with what it contributed. */
export interface RiskFactor {
  readonly name:
    | 'cvss'
    | 'epss'
    | 'kev'
    | 'ransomware'
    | 'ssvc'
    | 'exposure'
    | 'privileged'
    | 'in-use'
    | 'fix';
  readonly value: string;
  readonly effect: number;
}

export interface VulnerabilityFinding {
  readonly id: string;
  readonly aliases: readonly string[];
  /** purl of the package; `packageName` for people. */
  readonly package: string;
  readonly packageName: string;
  readonly installed: string;
  /** First version that is not affected; empty when there is none. */
  readonly fixed: string;
  readonly severity: Severity;
  /** CVSS base score, 0 when unknown. */
  readonly cvss: number;
  /** 0–100, see `factors`. */
  readonly score: number;
  readonly factors: readonly RiskFactor[];
  readonly status: VulnerabilityStatus;
  readonly inUse: InUse;
  readonly summary: string;
  readonly references: readonly string[];
  readonly explain: MatchExplanation;
  /** Set when an ignore rule or a VEX statement silences it; it stays visible. */
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
}

export interface SecretFinding {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly path: string;
  readonly line: number;
  readonly layer?: string;
  /** First commit that held it, when found in history. */
  readonly commit?: string;
  /** When that commit was written, RFC 3339. */
  readonly commitDate?: string;
  /** Gone from the files, and still there for whoever looks: in history, or in a layer of the image below others. */
  readonly removed?: boolean;
  /** The line with the secret masked; never the secret. */
  readonly excerpt: string;
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
}

export interface MisconfigurationFinding {
  /** `GC-DOCKER-001`. */
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  /** A file, or a part of an image's settings: `config:User`, `history:3`. */
  readonly path: string;
  /** diffID, where one layer brought it about. */
  readonly layer?: string;
  /** 0 where lines do not matter. */
  readonly startLine: number;
  readonly endLine: number;
  readonly message: string;
  readonly fix: string;
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
}

export interface MalwareFinding {
  /** Of a built-in rule; `yara:NAME` of a rule of the user, `hash:NAME` of a list of hashes. */
  readonly rule: string;
  /** What it is, for people. */
  readonly title?: string;
  readonly severity: Severity;
  readonly path: string;
  readonly layer?: string;
  readonly sha256: string;
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
}

export interface LicenseFinding {
  readonly expression: string;
  readonly package: string;
  readonly category:
    | 'permissive'
    | 'weak-copyleft'
    | 'copyleft'
    | 'network-copyleft'
    | 'proprietary'
    | 'unknown';
  readonly verdict: 'allowed' | 'denied' | 'review';
  /** Set when the policy makes an exception for the package; the verdict stays visible. */
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
}

/** Part of a target that could not be looked at, or a note about it; the rest of the report stands. */
export interface ScanError {
  readonly code: string;
  readonly message: string;
  readonly at: string;
  readonly hint: string;
  /** A note: worth knowing, but everything that was asked for was looked at. */
  readonly level?: 'note';
}

/** Whether the report is as complete with it as without it. */
export function isNote({ level }: ScanError): boolean {
  return level === 'note';
}

/** `schemaVersion` grows when a program that reads older reports could misread this one. */
export interface ScanReport {
  readonly schemaVersion: 1;
  readonly createdAt: string;
  readonly artifact: ScanArtifact;
  readonly packages: readonly SoftwarePackage[];
  readonly vulnerabilities: readonly VulnerabilityFinding[];
  readonly secrets: readonly SecretFinding[];
  readonly misconfigurations: readonly MisconfigurationFinding[];
  readonly malware: readonly MalwareFinding[];
  readonly licenses: readonly LicenseFinding[];
  readonly errors: readonly ScanError[];
}
