// What people have decided already: ignore rules and VEX statements mark findings, and marked findings stay visible.
import type { ScanArtifact, ScanReport, SoftwarePackage } from '@guardcell/core';
import {
  applyIgnoreRules,
  applyVex,
  expiredRules,
  type IgnoreRule,
  suppressionBy,
  type VexStatement,
} from '@guardcell/vuln';

export interface Decisions {
  readonly rules: readonly IgnoreRule[];
  readonly vex: readonly VexStatement[];
}

export const NO_DECISIONS: Decisions = { rules: [], vex: [] };

/** Marks findings. Rules that have ended are told as errors of the report: `GC_IGNORE_EXPIRED`. */
export function applyDecisions(
  report: ScanReport,
  packages: readonly SoftwarePackage[],
  { rules, vex }: Decisions,
  today: string,
): ScanReport {
  if (rules.length === 0 && vex.length === 0) return report;
  const stated = applyVex(report.vulnerabilities, vex, {
    digests: digestsOf(report.artifact),
    names: namesOf(report.artifact),
  });
  const mark = <T extends { readonly path: string; readonly suppressed?: unknown }>(
    finding: T,
    id: string,
  ): T => {
    if (finding.suppressed !== undefined) return finding;
    const suppressed = suppressionBy(rules, { ids: [id], packages: [], paths: [finding.path] }, today);
    return suppressed === undefined ? finding : { ...finding, suppressed };
  };
  return {
    ...report,
    vulnerabilities: applyIgnoreRules(stated, packages, rules, today),
    secrets: report.secrets.map((finding) => mark(finding, finding.rule)),
    misconfigurations: report.misconfigurations.map((finding) => mark(finding, finding.check)),
    malware: report.malware.map((finding) => mark(finding, finding.rule)),
    errors: [
      ...report.errors,
      ...expiredRules(rules, today).map((rule) => ({
        code: 'GC_IGNORE_EXPIRED',
        level: 'note' as const,
        message: `an ignore rule ended on ${rule.until ?? ''}: what it silenced counts again`,
        at: rule.at,
        hint: 'Give it a new date, or remove it.',
      })),
    ],
  };
}

/** An image that no registry has seen is known by its configuration alone. */
function digestsOf({ digest, imageId = '' }: ScanArtifact): readonly string[] {
  return [digest, imageId].filter((one) => one !== '');
}

/** References with and without the word that says where they come from. */
function namesOf({ name }: ScanArtifact): readonly string[] {
  const plain = name.replace(/^(?:docker|docker-archive|oci|oci-archive|containerd):/, '');
  return plain === name ? [name] : [name, plain];
}
