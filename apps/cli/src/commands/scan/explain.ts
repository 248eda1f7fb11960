// `--explain CVE`: how a vulnerability came into the report, step by step, so that anybody can check it.
import type { ScanReport, SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import type { CommandContext } from '../../command.ts';
import type { Span } from '../../style.ts';
import { oneLine } from '../../terminal.ts';

/** @throws CodedError GC_FINDING_NOT_FOUND when the report does not name it. */
export function explainVulnerability(context: CommandContext, report: ScanReport, wanted: string): void {
  const id = wanted.toUpperCase();
  const isIt = (name: string): boolean => name.toUpperCase() === id;
  const findings = report.vulnerabilities.filter(({ id: own, aliases }) => isIt(own) || aliases.some(isIt));
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
    for (const line of explanation(finding, holders)) context.styled([...line, '\n']);
  }
}

function explanation(finding: VulnerabilityFinding, holders: readonly SoftwarePackage[]): readonly Span[][] {
  const { explain } = finding;
  const places = holders.flatMap(({ locations }) => locations);
  const row = (name: string, value: string): Span[] => [['dim', `  ${name.padEnd(12)}`], oneLine(value)];
  return [
    [['strong', oneLine(finding.id)], ` in ${oneLine(finding.packageName)} ${oneLine(finding.installed)}`],
    ...(finding.summary === '' ? [] : [row('what', finding.summary)]),
    row('feed', `${explain.feed}, advisory ${explain.advisory}`),
    row('looked up', `${explain.matchedName} in ${explain.ecosystem}`),
    row('affected', explain.range),
    row('comparison', explain.comparison),
    row('status', finding.fixed === '' ? finding.status : `fixed in ${finding.fixed}`),
    row('severity', `${finding.severity}, ${finding.cvss === 0 ? 'no CVSS' : `CVSS ${finding.cvss}`}`),
    row('score', `${finding.score}: ${finding.factors.map(factorText).join('; ')}`),
    ...places.map(({ path, layer }) =>
      row('found in', layer === undefined ? path : `${path} (layer ${layer})`),
    ),
    ...finding.references.slice(0, 5).map((reference) => row('see', reference)),
  ];
}

function factorText({ name, value, effect }: VulnerabilityFinding['factors'][number]): string {
  return `${name}: ${value} (${effect >= 0 ? '+' : ''}${Math.round(effect * 10) / 10})`;
}
