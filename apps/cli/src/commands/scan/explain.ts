// `--explain CVE`: how a vulnerability came into the report, step by step, so that anybody can check it.
import type { ScanReport, SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { type ReportLanguage, type ReportTexts, reportInTexts, reportTexts } from '@guardcell/report';
import { padded } from '@guardcell/report/display-width';
import type { CommandContext } from '../../command.ts';
import type { Span } from '../../style.ts';
import { oneLine } from '../../terminal.ts';
import { EXPLAIN_TEXTS, type ExplainTexts } from './explain-texts.ts';
import type { ReportWords } from './report-language.ts';

const NAME_COLUMNS = 12;

/** @throws CodedError GC_FINDING_NOT_FOUND when the report does not name it. */
export function explainVulnerability(
  context: CommandContext,
  report: ScanReport,
  wanted: string,
  { language, catalogue }: ReportWords,
): void {
  const id = wanted.toUpperCase();
  const isIt = (name: string): boolean => name.toUpperCase() === id;
  const { vulnerabilities } = reportInTexts(report, catalogue);
  const findings = vulnerabilities.filter(({ id: own, aliases }) => isIt(own) || aliases.some(isIt));
  if (findings.length === 0) {
    throw new CodedError(
      'GC_FINDING_NOT_FOUND',
      `no package of this target is concerned by ${oneLine(wanted)}`,
      {
        at: report.artifact.name,
      },
    );
  }
  for (const finding of findings) {
    const holders = report.packages.filter(({ purl }) => purl === finding.package);
    for (const line of explanation(finding, holders, language)) context.styled([...line, '\n']);
  }
}

function explanation(
  finding: VulnerabilityFinding,
  holders: readonly SoftwarePackage[],
  language: ReportLanguage,
): readonly Span[][] {
  const texts = EXPLAIN_TEXTS[language];
  const words = reportTexts(language);
  const { explain } = finding;
  const places = holders.flatMap(({ locations }) => locations);
  const row = (name: keyof ExplainTexts['rows'], value: string): Span[] => [
    ['dim', `  ${padded(texts.rows[name], NAME_COLUMNS)}`],
    oneLine(value),
  ];
  return [
    [
      ['strong', oneLine(finding.id)],
      texts.heading(oneLine(finding.packageName), oneLine(finding.installed)),
    ],
    ...(finding.summary === '' ? [] : [row('what', finding.summary)]),
    row('feed', texts.advisory(explain.feed, explain.advisory)),
    row('lookedUp', texts.lookUp(explain.matchedName, explain.ecosystem)),
    row('affected', explain.range),
    row('comparison', explain.comparison),
    row('status', finding.fixed === '' ? words.status[finding.status] : texts.fixedIn(finding.fixed)),
    row(
      'severity',
      `${words.severity[finding.severity]}, ${finding.cvss === 0 ? texts.noCvss : `CVSS ${finding.cvss}`}`,
    ),
    row('score', `${finding.score}: ${finding.factors.map((one) => factorText(one, words)).join('; ')}`),
    ...places.map(({ path, layer }) =>
      row('foundIn', layer === undefined ? path : texts.inLayer(path, layer)),
    ),
    ...finding.references.slice(0, 5).map((reference) => row('see', reference)),
  ];
}

function factorText(
  { name, value, effect }: VulnerabilityFinding['factors'][number],
  { factor }: ReportTexts,
): string {
  return `${factor[name]}: ${value} (${effect >= 0 ? '+' : ''}${Math.round(effect * 10) / 10})`;
}
