// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/) as code scanning services read it.
import { isNote, type ScanReport, type Severity } from '@guardcell/core';
import { inTexts } from '../../finding-catalogue.ts';
import { type FlatFinding, flatFindings, repositoryPath } from '../../finding-text.ts';
import { documentTime, type ReportFormat, TOOL_NAME, type WriteOptions } from '../../report-format.ts';
import { reportTexts } from '../../report-texts.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** `security-severity` for findings without CVSS: the middle of each band of the CVSS rating scale. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};
const NAMES: Readonly<Record<FlatFinding['kind'], string>> = {
  vulnerability: 'Vulnerability',
  secret: 'Secret',
  misconfiguration: 'Misconfiguration',
  malware: 'Malware',
  license: 'License',
};
const MAX_TEXT = 1_000;

function ruleJson(finding: FlatFinding): Record<string, unknown> {
  return {
    id: finding.rule,
    name: NAMES[finding.kind],
    shortDescription: { text: finding.title.slice(0, MAX_TEXT) },
    fullDescription: { text: finding.title.slice(0, MAX_TEXT) },
    help: { text: (finding.fix === '' ? finding.message : finding.fix).slice(0, MAX_TEXT) },
    ...(finding.helpUrl === '' ? {} : { helpUri: finding.helpUrl }),
    defaultConfiguration: { level: LEVELS[finding.severity] },
    properties: {
      tags: ['security', finding.kind, finding.severity],
      precision: 'very-high',
      'security-severity': finding.cvss === 0 ? SECURITY_SEVERITY[finding.severity] : finding.cvss.toFixed(1),
    },
  };
}

/** A relative URI; artifacts are never at the root of the reader's file system. */
function uriOf(finding: FlatFinding, artifactName: string): string {
  const path = repositoryPath(finding.path === '' ? artifactName : finding.path);
  const uri = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return uri === '' ? 'artifact' : uri;
}

function resultJson(finding: FlatFinding, ruleIndex: number, artifactName: string): Record<string, unknown> {
  const start = Math.max(1, finding.startLine);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: { text: finding.fix === '' ? finding.message : `${finding.message}\n${finding.fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(finding, artifactName), uriBaseId: 'ROOTPATH' },
          region: { startLine: start, endLine: Math.max(start, finding.endLine) },
        },
        ...(finding.path === '' ? {} : { message: { text: finding.path } }),
      },
    ],
    partialFingerprints: { 'guardcell/v1': finding.fingerprint },
    ...(finding.suppressed === undefined
      ? {}
      : {
          suppressions: [{ kind: 'external', status: 'accepted', justification: finding.suppressed.reason }],
        }),
  };
}

function sarifLog(report: ScanReport, options: WriteOptions): Record<string, unknown> {
  const findings = flatFindings(report, options);
  const { errors } = inTexts(report, options.catalogue);
  const rules: FlatFinding[] = [];
  const indexOf = new Map<string, number>();
  for (const finding of findings) {
    if (indexOf.has(finding.rule)) continue;
    indexOf.set(finding.rule, rules.length);
    rules.push(finding);
  }
  const { artifact } = report;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Guardcell',
            ...(options.toolVersion === undefined ? {} : { version: options.toolVersion }),
            rules: rules.map(ruleJson),
          },
        },
        automationDetails: { id: `${TOOL_NAME}/${artifact.kind}/${artifact.name}/` },
        originalUriBaseIds: {
          ROOTPATH: { description: { text: reportTexts(options.language).finding.rootOf(artifact.name) } },
        },
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: documentTime(report, options),
            toolExecutionNotifications: errors.map((error) => ({
              level: isNote(error) ? 'note' : 'warning',
              descriptor: { id: error.code },
              message: { text: `${error.message} (${error.at}) ${error.hint}`.trim() },
            })),
          },
        ],
        results: findings.map((finding) =>
          resultJson(finding, indexOf.get(finding.rule) ?? 0, artifact.name),
        ),
        columnKind: 'utf16CodeUnits',
        properties: { artifact: artifact.name, digest: artifact.digest, platform: artifact.platform },
      },
    ],
  };
}

export const SARIF_FORMAT: ReportFormat = {
  id: 'sarif',
  mediaType: 'application/sarif+json',
  extension: 'sarif',
  summary: 'for code scanning services, SARIF 2.1.0',
  write: (report, options) => [`${JSON.stringify(sarifLog(report, options), null, 2)}\n`],
};
