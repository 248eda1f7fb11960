// JUnit XML as CI servers read it: a suite per kind of finding, a failed case per finding, a skipped one when silenced.
import { isNote, type ScanReport } from '@guardcell/core';
import { inTexts } from '../../finding-catalogue.ts';
import { FINDING_KINDS, type FlatFinding, flatFindings } from '../../finding-text.ts';
import { documentTime, type ReportFormat, type WriteOptions } from '../../report-format.ts';
import { renderXml, XML_DECLARATION, type XmlElement, xml } from '../../xml-text.ts';

const SUITES: Readonly<Record<FlatFinding['kind'], string>> = {
  vulnerability: 'vulnerabilities',
  secret: 'secrets',
  misconfiguration: 'misconfigurations',
  malware: 'malware',
  license: 'licenses',
};

function caseElement(finding: FlatFinding): XmlElement {
  const details = [finding.message, finding.fix, finding.path, finding.helpUrl].filter((line) => line !== '');
  const outcome =
    finding.suppressed === undefined
      ? xml('failure', { type: finding.severity, message: finding.title }, [details.join('\n')])
      : xml('skipped', { message: `${finding.suppressed.reason} (${finding.suppressed.by})` });
  return xml(
    'testcase',
    {
      classname: finding.subject,
      name: `[${finding.severity.toUpperCase()}] ${finding.rule}`,
      time: '0',
    },
    [outcome],
  );
}

function suiteElement(
  name: string,
  timestamp: string,
  cases: readonly XmlElement[],
  counts: { readonly failures: number; readonly errors: number; readonly skipped: number },
): XmlElement {
  return xml(
    'testsuite',
    {
      name,
      tests: String(cases.length),
      failures: String(counts.failures),
      errors: String(counts.errors),
      skipped: String(counts.skipped),
      time: '0',
      timestamp,
    },
    cases,
  );
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const findings = flatFindings(report, options);
  // Without time zone, as the widely used schemas want it.
  const timestamp = documentTime(report, options).replace(/Z$/, '');
  // A note is no failure of the scan.
  const errors = inTexts(report, options.catalogue).errors.filter((error) => !isNote(error));
  const failed = findings.filter((finding) => finding.suppressed === undefined).length;
  yield XML_DECLARATION;
  yield `<testsuites name="guardcell" tests="${findings.length + errors.length}" failures="${failed}" errors="${errors.length}" time="0">\n`;
  for (const kind of FINDING_KINDS) {
    const own = findings.filter((finding) => finding.kind === kind);
    const skipped = own.filter((finding) => finding.suppressed !== undefined).length;
    const counts = { failures: own.length - skipped, errors: 0, skipped };
    yield renderXml(
      suiteElement(`${report.artifact.name} ${SUITES[kind]}`, timestamp, own.map(caseElement), counts),
      '  ',
    );
  }
  if (errors.length > 0) {
    const cases = errors.map((error) =>
      xml('testcase', { classname: error.code, name: error.at === '' ? error.code : error.at, time: '0' }, [
        xml('error', { type: error.code, message: error.message }, [error.hint]),
      ]),
    );
    const counts = { failures: 0, errors: cases.length, skipped: 0 };
    yield renderXml(suiteElement(`${report.artifact.name} errors`, timestamp, cases, counts), '  ');
  }
  yield '</testsuites>\n';
}

export const JUNIT_FORMAT: ReportFormat = {
  id: 'junit',
  mediaType: 'application/xml',
  extension: 'xml',
  summary: 'findings as failed tests, JUnit XML',
  write,
};
