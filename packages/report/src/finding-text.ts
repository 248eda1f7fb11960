// Findings of all kinds in one shape for formats that know only "a result at a place": SARIF, JUnit, GitLab.
import type { ScanReport, Severity } from '@guardcell/core';
import { inTexts } from './finding-catalogue.ts';
import type { WriteOptions } from './report-format.ts';
import { orderedReport } from './report-order.ts';
import { reportTexts } from './report-texts.ts';
import { stableHash } from './stable-hash.ts';

export const FINDING_KINDS = ['vulnerability', 'secret', 'misconfiguration', 'malware', 'license'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface FlatFinding {
  readonly kind: FindingKind;
  /** What is found everywhere under the same name: CVE, rule, check. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** CVSS 0–10, 0 when there is none. */
  readonly cvss: number;
  /** What is wrong here, one or more sentences. */
  readonly message: string;
  /** What to do, empty where nothing is known. */
  readonly fix: string;
  /** Within the artifact, absolute; empty when the finding has no place. */
  readonly path: string;
  /** From 1; 0 where lines do not matter. */
  readonly startLine: number;
  readonly endLine: number;
  readonly helpUrl: string;
  /** What it was found in: package with version, or the path. */
  readonly subject: string;
  readonly suppressed?: { readonly by: string; readonly reason: string; readonly until?: string };
  /** Equal for the same finding in later scans, whatever else changed. */
  readonly fingerprint: string;
}

const LICENSE_SEVERITY = { denied: 'high', review: 'low', allowed: 'info' } as const;

/**
 * Vulnerabilities first, then the other kinds; allowed licences are no findings. Order and fingerprints are those of the
 * report as it was written by the scan, whatever language it is shown in.
 */
export function flatFindings(
  report: ScanReport,
  { language, catalogue }: Pick<WriteOptions, 'language' | 'catalogue'> = {},
): readonly FlatFinding[] {
  const ordered = orderedReport(report);
  const shown = inTexts(ordered, catalogue);
  const texts = reportTexts(language);
  const sentences = texts.finding;
  const pathOf = new Map(ordered.packages.map((item) => [item.purl, item.locations[0]?.path ?? '']));
  const nameOf = new Map(ordered.packages.map((item) => [item.purl, `${item.name} ${item.version}`]));
  const seen = new Map<string, number>();
  const place = { startLine: 0, endLine: 0, helpUrl: '', cvss: 0, fix: '' };

  function finish(finding: Omit<FlatFinding, 'fingerprint'>, identity: string): FlatFinding {
    const key = `${finding.kind}\n${finding.rule}\n${identity}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { ...finding, fingerprint: stableHash(count === 1 ? key : `${key}\n${count}`) };
  }

  return [
    ...shown.vulnerabilities.map((finding) => {
      const path = pathOf.get(finding.package) ?? '';
      return finish(
        {
          ...place,
          kind: 'vulnerability',
          rule: finding.id,
          title:
            finding.summary === ''
              ? sentences.vulnerability(finding.id, finding.packageName)
              : finding.summary,
          severity: finding.severity,
          cvss: finding.cvss,
          message: sentences.affected({
            package: `${finding.packageName} ${finding.installed}`,
            id: finding.id,
            fixed: finding.fixed,
            status: finding.status,
            inUse: finding.inUse,
            comparison: finding.explain.comparison,
          }),
          fix: finding.fixed === '' ? '' : sentences.upgrade(finding.packageName, finding.fixed),
          path,
          helpUrl: finding.references.find((url) => /^https?:\/\/[^\s<>"{}|\\^`]+$/.test(url)) ?? '',
          subject: `${finding.packageName} ${finding.installed}`,
          ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
        },
        `${finding.packageName}\n${path}`,
      );
    }),
    ...shown.secrets.map((finding) =>
      finish(
        {
          ...place,
          kind: 'secret',
          rule: finding.rule,
          title: finding.title,
          severity: finding.severity,
          message: `${sentences.secret(finding.title, finding.excerpt)}${
            finding.commit === undefined
              ? finding.removed === true
                ? sentences.secretBelow
                : ''
              : sentences.secretSince(finding.commit, finding.removed === true)
          }`,
          fix: sentences.secretFix,
          path: finding.path,
          startLine: finding.line,
          endLine: finding.line,
          subject: finding.path,
          ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
        },
        // Where it came from does not make a secret of today another one.
        `${finding.path}\n${finding.excerpt}\n${finding.removed === true ? (finding.commit ?? '') : ''}`,
      ),
    ),
    ...shown.misconfigurations.map((finding, at) =>
      finish(
        {
          ...place,
          kind: 'misconfiguration',
          rule: finding.check,
          title: finding.title,
          severity: finding.severity,
          message: finding.message === '' ? finding.title : finding.message,
          fix: finding.fix,
          path: finding.path,
          startLine: finding.startLine,
          endLine: finding.endLine,
          subject: finding.path,
          ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
        },
        `${finding.path}\n${ordered.misconfigurations[at]?.message ?? ''}`,
      ),
    ),
    ...shown.malware.map((finding) =>
      finish(
        {
          ...place,
          kind: 'malware',
          rule: finding.rule,
          title: finding.title ?? sentences.malware(finding.rule),
          severity: finding.severity,
          message: sentences.malwareMatch(finding.path, finding.rule, finding.sha256),
          path: finding.path,
          subject: finding.path,
          ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
        },
        `${finding.path}\n${finding.sha256}`,
      ),
    ),
    ...ordered.licenses
      .filter((finding) => finding.verdict !== 'allowed')
      .map((finding) =>
        finish(
          {
            ...place,
            kind: 'license',
            rule: `license-${finding.category}`,
            title: sentences.license(texts.category[finding.category]),
            severity: LICENSE_SEVERITY[finding.verdict],
            message: sentences.licenseVerdict(
              nameOf.get(finding.package) ?? finding.package,
              finding.expression,
              texts.category[finding.category],
              finding.verdict === 'denied',
            ),
            path: pathOf.get(finding.package) ?? '',
            subject: nameOf.get(finding.package) ?? finding.package,
            ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
          },
          `${finding.package}\n${finding.expression}`,
        ),
      ),
  ];
}

/** Path without leading slashes, as tools that know a repository expect it; nested archives keep their outer file. */
export function repositoryPath(path: string): string {
  return (path.split('!/')[0] ?? '').replace(/^(?:\.?\/)+/, '');
}
