// Which upgrades close the most: findings grouped by what one upgrade moves.
import type { SoftwarePackage, VersionScheme, VulnerabilityFinding } from '@guardcell/core';
import { isSystemPackage, lookupScheme } from '../purl/lookup.ts';
import { compareVersions } from '../versions/registry.ts';

export interface FixStep {
  /** `openssl`: for system packages the source package, whose binaries are upgraded together. */
  readonly name: string;
  readonly type: SoftwarePackage['type'];
  /** purls of the packages that move. */
  readonly packages: readonly string[];
  readonly from: string;
  /** The lowest version that closes all of the step. */
  readonly to: string;
  /** Ids of the vulnerabilities it closes, once each. */
  readonly closes: readonly string[];
  /** Sum of the scores of the findings it closes. */
  readonly score: number;
}

interface Growing {
  readonly pkg: SoftwarePackage;
  readonly purls: Set<string>;
  readonly closes: Set<string>;
  to: string;
  score: number;
}

/**
 * Upgrades, the one that takes away most risk first. Suppressed findings and those without a fix do not count.
 * What can be closed within the installed branch is a step of its own: one finding that only a new major version
 * fixes must not make the whole upgrade look like a migration. The step to another branch closes what remains.
 */
export function fixPlan(
  findings: readonly VulnerabilityFinding[],
  packages: readonly SoftwarePackage[],
): readonly FixStep[] {
  const byPurl = new Map(packages.map((pkg) => [pkg.purl, pkg]));
  const steps = new Map<string, Growing>();
  for (const finding of findings) {
    const pkg = byPurl.get(finding.package);
    if (pkg === undefined || finding.fixed === '' || finding.suppressed !== undefined) continue;
    const branch = isWithinBranch(pkg, finding.fixed) ? 'within' : 'beyond';
    const key = `${pkg.type} ${movedName(pkg)} ${pkg.version} ${branch}`;
    const step = steps.get(key) ?? { pkg, purls: new Set(), closes: new Set(), to: finding.fixed, score: 0 };
    steps.set(key, step);
    step.purls.add(pkg.purl);
    step.closes.add(finding.id);
    step.to = later(lookupScheme(pkg.type), step.to, finding.fixed);
    step.score += finding.score;
  }
  return [...steps.values()]
    .map(({ pkg, purls, closes, to, score }) => ({
      name: movedName(pkg),
      type: pkg.type,
      packages: [...purls].sort(),
      from: pkg.version,
      to,
      closes: [...closes].sort(),
      score,
    }))
    .toSorted((a, b) => b.score - a.score || b.closes.length - a.closes.length || (a.name < b.name ? -1 : 1));
}

/** Distributions fix within a release; elsewhere the first number is the branch, of programs and 0.x the first two. */
function isWithinBranch(pkg: SoftwarePackage, fixed: string): boolean {
  if (isSystemPackage(pkg.type)) return true;
  const branch = (version: string): string => {
    const [first = '', second = ''] = version.replace(/^(?:go|v)/, '').split('.');
    return pkg.type === 'binary' || first === '0' ? `${first}.${second}` : first;
  };
  return branch(pkg.version) === branch(fixed);
}

function movedName(pkg: SoftwarePackage): string {
  return pkg.source?.name || pkg.name;
}

function later(scheme: VersionScheme, a: string, b: string): string {
  return compareVersions(scheme, a, b) === -1 ? b : a;
}
