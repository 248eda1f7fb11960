// GitLab security reports (schema 15: https://gitlab.com/gitlab-org/security-products/security-report-schemas):
// container scanning and dependency scanning for vulnerabilities, secret detection for secrets.
import { isNote, type ScanReport, type Severity, type VulnerabilityFinding } from '@guardcell/core';
import { inTexts } from '../../finding-catalogue.ts';
import { flatFindings, repositoryPath } from '../../finding-text.ts';
import { documentTime, type ReportFormat, TOOL_NAME, type WriteOptions } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { type ReportTexts, reportTexts } from '../../report-texts.ts';
import { stableUuid } from '../../stable-hash.ts';
import { isOpen } from '../../summarize.ts';

type ScanType = 'container_scanning' | 'dependency_scanning' | 'secret_detection';

const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};
const IDENTIFIERS: readonly (readonly [RegExp, string, (id: string) => string])[] = [
  [/^CVE-/, 'cve', (id) => `https://nvd.nist.gov/vuln/detail/${id}`],
  [/^GHSA-/, 'ghsa', (id) => `https://github.com/advisories/${id}`],
  [/^(?:OSV|GO|RUSTSEC|PYSEC|MAL)-/, 'osv', (id) => `https://osv.dev/vulnerability/${id}`],
];

function identifier(id: string): Record<string, string> {
  const known = IDENTIFIERS.find(([pattern]) => pattern.test(id));
  if (known === undefined) return { type: 'guardcell', name: id, value: id };
  return { type: known[1], name: id, value: id, url: known[2](id) };
}

function vulnerabilityJson(
  report: ScanReport,
  finding: VulnerabilityFinding,
  place: { readonly type: ScanType; readonly path: string; readonly texts: ReportTexts },
): Record<string, unknown> {
  const { artifact } = report;
  const { type, path, texts } = place;
  const dependency = { package: { name: finding.packageName }, version: finding.installed };
  const { os } = artifact;
  const location =
    type === 'container_scanning'
      ? {
          dependency,
          operating_system: os === undefined ? 'unknown' : `${os.id} ${os.versionId}`.trim(),
          image: artifact.name,
        }
      : { file: repositoryPath(path) || artifact.name, dependency };
  return {
    id: stableUuid(`${finding.id}\n${finding.package}\n${path}`),
    name: texts.finding.vulnerability(finding.id, finding.packageName).slice(0, 255),
    description: finding.summary,
    severity: SEVERITY_NAMES[finding.severity],
    ...(finding.fixed === '' ? {} : { solution: texts.finding.upgrade(finding.packageName, finding.fixed) }),
    identifiers: [finding.id, ...finding.aliases.filter((alias) => alias !== finding.id)]
      .slice(0, 20)
      .map(identifier),
    links: finding.references.filter((url) => /^https?:\/\/[^\s]+$/.test(url)).map((url) => ({ url })),
    location,
  };
}

function secretsJson(report: ScanReport, options: WriteOptions): readonly Record<string, unknown>[] {
  const commits = new Map(
    report.secrets.map((finding) => [`${finding.rule}\n${finding.path}\n${finding.line}`, finding.commit]),
  );
  return flatFindings(report, options)
    .filter((finding) => finding.kind === 'secret' && isOpen(finding))
    .map((finding) => ({
      id: stableUuid(finding.fingerprint),
      name: finding.title,
      description: finding.message,
      severity: SEVERITY_NAMES[finding.severity],
      identifiers: [{ type: 'guardcell_rule_id', name: finding.rule, value: finding.rule }],
      location: {
        file: repositoryPath(finding.path),
        commit: {
          sha: commits.get(`${finding.rule}\n${finding.path}\n${finding.startLine}`) ?? '0000000',
        },
        start_line: finding.startLine,
        end_line: finding.endLine,
      },
    }));
}

function securityReport(report: ScanReport, options: WriteOptions, type: ScanType): Record<string, unknown> {
  const time = documentTime(report, options).replace(/Z$/, '');
  const tool = {
    id: TOOL_NAME,
    name: 'Guardcell',
    vendor: { name: 'Guardcell' },
    version: options.toolVersion ?? '0',
  };
  const ordered = orderedReport(report);
  const texts = reportTexts(options.language);
  const pathOf = new Map(ordered.packages.map((item) => [item.purl, item.locations[0]?.path ?? '']));
  return {
    version: '15.2.1',
    scan: {
      type,
      // What could not be looked at is in the messages; the rest of the scan stands.
      status: 'success',
      start_time: time,
      end_time: time,
      scanner: tool,
      analyzer: tool,
      messages: inTexts(report, options.catalogue).errors.map((error) => ({
        level: isNote(error) ? 'info' : 'warn',
        value: `${error.code}: ${error.message}`,
      })),
    },
    vulnerabilities:
      type === 'secret_detection'
        ? secretsJson(report, options)
        : ordered.vulnerabilities
            .filter(isOpen)
            .map((finding) =>
              vulnerabilityJson(ordered, finding, { type, path: pathOf.get(finding.package) ?? '', texts }),
            ),
    remediations: [],
  };
}

function format(id: string, type: ScanType, summary: string): ReportFormat {
  return {
    id,
    mediaType: 'application/json',
    extension: 'json',
    summary,
    write: (report, options) => [`${JSON.stringify(securityReport(report, options, type), null, 2)}\n`],
  };
}

export const GITLAB_CONTAINER_FORMAT = format(
  'gitlab-container',
  'container_scanning',
  'GitLab container scanning',
);
export const GITLAB_DEPENDENCY_FORMAT = format(
  'gitlab-dependency',
  'dependency_scanning',
  'GitLab dependency scanning',
);
export const GITLAB_SECRETS_FORMAT = format('gitlab-secrets', 'secret_detection', 'GitLab secret detection');
