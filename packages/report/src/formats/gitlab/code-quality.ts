// GitLab code quality (https://docs.gitlab.com/ci/testing/code_quality/): all open findings with path and line.
import type { ScanReport, Severity } from '@guardcell/core';
import { flatFindings, repositoryPath } from '../../finding-text.ts';
import type { ReportFormat, WriteOptions } from '../../report-format.ts';

const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

function codeQuality(report: ScanReport, options: WriteOptions): readonly Record<string, unknown>[] {
  return flatFindings(report, options)
    .filter((finding) => finding.suppressed === undefined)
    .map((finding) => ({
      type: 'issue',
      check_name: finding.rule,
      description: finding.message,
      categories: ['Security'],
      fingerprint: finding.fingerprint,
      severity: SEVERITY_NAMES[finding.severity],
      location: {
        path: repositoryPath(finding.path === '' ? report.artifact.name : finding.path) || 'artifact',
        lines: { begin: Math.max(1, finding.startLine) },
      },
    }));
}

export const GITLAB_CODE_QUALITY_FORMAT: ReportFormat = {
  id: 'gitlab-codequality',
  mediaType: 'application/json',
  extension: 'json',
  summary: 'GitLab code quality',
  write: (report, options) => [`${JSON.stringify(codeQuality(report, options), null, 2)}\n`],
};
