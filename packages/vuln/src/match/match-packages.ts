// Which vulnerabilities concern which packages. Distribution advisories judge packages of the distribution, and only
// they do; language advisories judge the rest. No guessing by similar names.
import {
  type AdvisorySource,
  type InUse,
  type OsRelease,
  type ScanError,
  type SoftwarePackage,
  UNKNOWN_EXPOSURE,
  type VulnerabilityFinding,
} from '@guardcell/core';
import { distributionOf } from '../purl/distribution.ts';
import { isSystemPackage, lookupsOf } from '../purl/lookup.ts';
import type { RiskInput } from '../risk/score.ts';
import { endOfLife } from './end-of-life.ts';
import { findingOf } from './finding.ts';
import { hitsOf, identities, type VulnerabilityHits } from './hits.ts';
import { remembering } from './remembering.ts';

export interface MatchOptions {
  /** Today, `YYYY-MM-DD…`; decides whether the distribution's support has ended. */
  readonly today?: string;
  /** Evidence of a sensor; `unknown` without. */
  inUse?(pkg: SoftwarePackage): InUse;
  /** Of the workloads that run it; unknown without. */
  readonly exposure?: RiskInput['exposure'];
}

export interface MatchResult {
  /** Highest score first. */
  readonly findings: readonly VulnerabilityFinding[];
  /** What limits the result, in the shape of scan errors: end of life, no advisories for the distribution. */
  readonly warnings: readonly ScanError[];
  /** Packages that no advisory could speak of, and why. */
  readonly unjudged: {
    /** From repositories that are not the distribution's. */
    readonly thirdParty: number;
    /** Their files belong to a system package, which is judged instead. */
    readonly owned: number;
    /** Of a type, or a distribution, without advisories. */
    readonly withoutAdvisories: number;
    /** Entries that were passed over because versions could not be compared. */
    readonly unreadable: number;
  };
}

/** Matches packages with advisories: a look-up by name for each, so time is linear in packages. */
export function matchPackages(
  packages: readonly SoftwarePackage[],
  os: OsRelease | undefined,
  database: AdvisorySource,
  options: MatchOptions = {},
): MatchResult {
  const source = remembering(database);
  const identity = identities(source);
  const judged = distributionPackages(packages, os);
  const unjudged = { thirdParty: 0, owned: 0, withoutAdvisories: 0, unreadable: 0 };
  const findings = new Map<string, VulnerabilityFinding>();
  for (const pkg of packages) {
    if (pkg.ownedBy !== undefined && judged.has(pkg.ownedBy)) {
      unjudged.owned += 1;
      continue;
    }
    const lookups = lookupsOf(pkg, os);
    if (lookups.length === 0) {
      const foreign = isSystemPackage(pkg.type) && pkg.thirdParty !== undefined;
      unjudged[foreign ? 'thirdParty' : 'withoutAdvisories'] += 1;
      continue;
    }
    const { vulnerabilities, unreadable } = hitsOf(pkg, lookups, source, identity);
    unjudged.unreadable += unreadable;
    for (const vulnerability of vulnerabilities) {
      const facts = factsOf(vulnerability, source);
      if (facts?.withdrawn === true) continue;
      const key = `${vulnerability.id} ${pkg.purl}`;
      const finding = findingOf(pkg, vulnerability, facts, {
        inUse: options.inUse?.(pkg) ?? 'unknown',
        exposure: options.exposure ?? UNKNOWN_EXPOSURE,
      });
      // Two programs may hold the same module with different functions: the graver finding stands for both.
      const before = findings.get(key);
      if (before === undefined || before.score < finding.score) findings.set(key, finding);
    }
  }
  return {
    findings: sorted([...findings.values()]),
    warnings: [...osWarnings(os, source, options.today, judged.size > 0), ...unjudgedNotes(unjudged)],
    unjudged,
  };
}

/** What was listed and not judged is said, so that silence is not taken for health. */
function unjudgedNotes({ thirdParty, unreadable }: MatchResult['unjudged']): readonly ScanError[] {
  const notes: ScanError[] = [];
  if (thirdParty > 0)
    notes.push({
      code: 'GC_PACKAGES_THIRD_PARTY',
      level: 'note',
      message: `packages of other repositories than the distribution's were listed, not judged: ${thirdParty}`,
      at: '',
      hint: "The distribution's advisories do not speak of them; ask their publishers.",
    });
  if (unreadable > 0)
    notes.push({
      code: 'GC_VERSIONS_NOT_COMPARED',
      level: 'note',
      message: `advisories passed over because their versions, or the package's, cannot be compared: ${unreadable}`,
      at: '',
      hint: '',
    });
  return notes;
}

/** Under its best id, or under one that a feed used. */
function factsOf(
  { id, ids }: VulnerabilityHits,
  source: AdvisorySource,
): ReturnType<AdvisorySource['facts']> {
  for (const one of [id, ...ids]) {
    const facts = source.facts(one);
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/**
 * purls of system packages that only their distribution may judge, and so what belongs to them: it builds with fixes of
 * its own, so versions say nothing. That holds as well where the database lacks the distribution; a warning says that.
 */
function distributionPackages(
  packages: readonly SoftwarePackage[],
  os: OsRelease | undefined,
): ReadonlySet<string> {
  return new Set(
    packages
      .filter((pkg) => isSystemPackage(pkg.type) && lookupsOf(pkg, os).length > 0)
      .map((pkg) => pkg.purl),
  );
}

function hasAdvisories(os: OsRelease, source: AdvisorySource): boolean {
  return distributionOf(os)?.ecosystems.some((name) => source.ecosystems.has(name)) ?? false;
}

function sorted(findings: readonly VulnerabilityFinding[]): readonly VulnerabilityFinding[] {
  return findings.toSorted(
    (a, b) =>
      b.score - a.score ||
      b.cvss - a.cvss ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) ||
      (a.package < b.package ? -1 : a.package > b.package ? 1 : 0),
  );
}

function osWarnings(
  os: OsRelease | undefined,
  source: AdvisorySource,
  today: string | undefined,
  hasPackages: boolean,
): readonly ScanError[] {
  if (os === undefined) return [];
  const at = os.prettyName || `${os.id} ${os.versionId}`.trim();
  const warnings: ScanError[] = [];
  const end = endOfLife(os);
  if (end !== undefined && today !== undefined && today.slice(0, 10) > end.day)
    warnings.push({
      code: 'GC_OS_END_OF_LIFE',
      level: 'note',
      message: `${at} has had no security fixes since ${end.day}`,
      at,
      hint: `What is not listed may still be vulnerable; move to a release that is supported (${end.source}).`,
    });
  if (!hasAdvisories(os, source))
    warnings.push({
      code: 'GC_OS_NO_ADVISORIES',
      // Packages that nobody judged must not read as packages without vulnerabilities.
      ...(!hasPackages && { level: 'note' }),
      message: `the database holds no advisories for ${at}`,
      at,
      hint: 'Its packages, and what belongs to them, were listed but not judged. guardcell db update fetches what is published.',
    });
  return warnings;
}
