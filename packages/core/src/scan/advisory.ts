// Advisories in one shape, whatever feed they come from, and the port through which the matcher looks them up.
import type { Severity } from '../severity.ts';
import type { VulnerabilityStatus } from './scan-report.ts';

/** How versions of an ecosystem are ordered. */
export const VERSION_SCHEMES = [
  'deb',
  'apk',
  'rpm',
  'semver',
  'npm',
  'pep440',
  'maven',
  'gem',
  'composer',
  'nuget',
  'golang',
  'cargo',
  'hex',
  'pub',
  'conan',
  'generic',
] as const;
export type VersionScheme = (typeof VERSION_SCHEMES)[number];

/** Half-open or closed interval; empty bounds are open. `0` as introduced means from the beginning. */
export interface VersionRange {
  readonly introduced: string;
  /** First version that is not affected. */
  readonly fixed: string;
  /** Last version that is affected, where no fixed one is named. */
  readonly lastAffected: string;
}

/** What one feed says of one package name in one ecosystem. */
export interface AffectedPackage {
  readonly vulnerability: string;
  /** The advisory that says so: DSA-5123-1, GHSA-…, GO-2024-1234; often the vulnerability itself. */
  readonly advisory: string;
  /** Feed name, `debian`, `osv-go` … */
  readonly feed: string;
  /** OSV ecosystem with release: `Debian:12`, `Alpine:v3.20`, `AlmaLinux:9`, `npm`, `PyPI`, `Go`, `Maven` … */
  readonly ecosystem: string;
  readonly name: string;
  readonly scheme: VersionScheme;
  readonly ranges: readonly VersionRange[];
  /** Versions listed one by one; the package is affected when either names it. */
  readonly versions: readonly string[];
  readonly status: VulnerabilityStatus;
  /** The feed's own word: `no-dsa`, `ignored`, `unimportant` … */
  readonly statusNote: string;
  readonly severity?: Severity;
  /** Module streams of rpm that it speaks of, `nodejs:18`; none: of packages outside of modules. Left out: not said. */
  readonly modules?: readonly string[];
  /** Functions that must be in use, as the feed names them. */
  readonly symbols?: readonly string[];
}

/** Facts of one vulnerability, merged over feeds. */
export interface VulnerabilityFacts {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** Vectors as published, best source first. */
  readonly cvss: readonly { readonly vector: string; readonly score: number; readonly source: string }[];
  readonly cwe: readonly string[];
  readonly references: readonly string[];
  readonly published: string;
  readonly withdrawn: boolean;
  readonly kev?: { readonly added: string; readonly ransomware: boolean };
  readonly ssvc?: { readonly exploitation: string; readonly automatable: string; readonly impact: string };
  readonly epss?: { readonly probability: number; readonly percentile: number };
}

/** Read side of the vulnerability database. Synchronous: a look-up takes microseconds. */
export interface AdvisorySource {
  affected(ecosystem: string, name: string): readonly AffectedPackage[];
  /** By id or alias. */
  facts(id: string): VulnerabilityFacts | undefined;
  /** Ecosystems that have at least one entry. */
  readonly ecosystems: ReadonlySet<string>;
  /** Changes when the content does. */
  readonly revision: string;
}
