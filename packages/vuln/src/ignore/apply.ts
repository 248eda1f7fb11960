// Holding findings against ignore rules. What a rule silences stays in the report, with the rule's reason.
import type { SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';
import { globMatches } from './glob.ts';
import type { IgnoreRule } from './rules.ts';

export type Suppression = NonNullable<VulnerabilityFinding['suppressed']>;

/** What a rule can speak of; secrets and misconfigurations have no packages. */
export interface IgnoreSubject {
  readonly ids: readonly string[];
  /** Names and purls of the package. */
  readonly packages: readonly string[];
  readonly paths: readonly string[];
}

/** The first rule in force that silences the subject. A rule that names several kinds of globs needs all of them. */
export function suppressionBy(
  rules: readonly IgnoreRule[],
  subject: IgnoreSubject,
  today: string,
): Suppression | undefined {
  const rule = rules.find((one) => inForce(one, today) && speaksOf(one, subject));
  if (rule === undefined) return undefined;
  const by = `ignore rule ${rule.at}`;
  return { by, reason: rule.reason, ...(rule.until !== undefined && { until: rule.until }) };
}

/** Rules whose last day has passed; people should hear of them. */
export function expiredRules(rules: readonly IgnoreRule[], today: string): readonly IgnoreRule[] {
  return rules.filter((rule) => !inForce(rule, today));
}

function inForce({ until }: IgnoreRule, today: string): boolean {
  return until === undefined || today.slice(0, 10) <= until;
}

function speaksOf(rule: IgnoreRule, subject: IgnoreSubject): boolean {
  const any = (globs: readonly string[], texts: readonly string[]): boolean =>
    globs.length === 0 || globs.some((glob) => texts.some((text) => globMatches(glob, text)));
  return (
    any(rule.ids, subject.ids) && any(rule.packages, subject.packages) && everyPath(rule.paths, subject.paths)
  );
}

/** A package that is also somewhere else still counts there: all of its places must be covered. */
function everyPath(globs: readonly string[], paths: readonly string[]): boolean {
  if (globs.length === 0) return true;
  return paths.length > 0 && paths.every((path) => globs.some((glob) => globMatches(glob, path)));
}

/** Marks the findings that rules silence; earlier suppressions stay. `today` is `YYYY-MM-DD…`. */
export function applyIgnoreRules(
  findings: readonly VulnerabilityFinding[],
  packages: readonly SoftwarePackage[],
  rules: readonly IgnoreRule[],
  today: string,
): readonly VulnerabilityFinding[] {
  if (rules.length === 0) return findings;
  const byPurl = new Map(packages.map((pkg) => [pkg.purl, pkg]));
  return findings.map((finding) => {
    if (finding.suppressed !== undefined) return finding;
    const pkg = byPurl.get(finding.package);
    const suppressed = suppressionBy(
      rules,
      {
        ids: [finding.id, ...finding.aliases],
        packages: [
          finding.packageName,
          finding.package,
          ...(pkg?.source === undefined ? [] : [pkg.source.name]),
        ],
        paths: (pkg?.locations ?? []).map(({ path }) => path),
      },
      today,
    );
    return suppressed === undefined ? finding : { ...finding, suppressed };
  });
}
