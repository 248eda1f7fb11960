// The report as one HTML file: no script, nothing loaded from elsewhere, light and dark, filters by severity in CSS alone.
import {
  isNote,
  type MisconfigurationFinding,
  type ScanError,
  type ScanReport,
  SEVERITIES,
  type Severity,
} from '@guardcell/core';
import { fixPlan } from '@guardcell/vuln';
import { inTexts } from '../../finding-catalogue.ts';
import { documentTime, type ReportFormat, type WriteOptions, wasAsked } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { type ReportTexts, reportTexts } from '../../report-texts.ts';
import { isOpen, summarize } from '../../summarize.ts';
import { escapeXml } from '../../xml-text.ts';
import { STYLE, STYLE_HASH } from './style.ts';

/** Markup that is already escaped, as opposed to text. */
interface Markup {
  readonly markup: string;
}
type Content = string | number | Markup;

function html(content: Content): string {
  return typeof content === 'object' ? content.markup : escapeXml(String(content));
}

function element(tag: string, content: Content, className = ''): Markup {
  return { markup: `<${tag}${className === '' ? '' : ` class="${className}"`}>${html(content)}</${tag}>` };
}

function join(...parts: readonly Content[]): Markup {
  return { markup: parts.map(html).join('') };
}

/** Only addresses of the web become links. */
function link(url: string, text: string): Content {
  if (!/^https?:\/\/[^\s<>"'`]+$/.test(url)) return text;
  return { markup: `<a href="${escapeXml(url)}" rel="noopener noreferrer">${escapeXml(text)}</a>` };
}

interface Row {
  readonly severity?: Severity;
  readonly cells: readonly Content[];
}

const NUMBER = /^\d+(?:\.\d+)?$/;

function* table(heads: readonly string[], rows: readonly Row[]): Iterable<string> {
  yield `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead><tbody>\n`;
  for (const { severity, cells } of rows) {
    const columns = cells.map((cell) => {
      const isNumber =
        typeof cell === 'number' || (typeof cell === 'string' && NUMBER.test(cell) && cell.length < 5);
      return `<td${isNumber ? ' class="number"' : ''}>${html(cell)}</td>`;
    });
    yield `<tr${severity === undefined ? '' : ` class="${severity}"`}>${columns.join('')}</tr>\n`;
  }
  yield '</tbody></table></div>\n';
}

function* section(
  title: string,
  heads: readonly string[],
  rows: readonly Row[],
  folded = false,
): Iterable<string> {
  if (rows.length === 0) return;
  const heading = html(`${title} (${rows.length})`);
  yield folded ? `<details><summary>${heading}</summary>\n` : `<section><h2>${heading}</h2>\n`;
  yield* table(heads, rows);
  yield folded ? '</details>\n' : '</section>\n';
}

function severityCell(severity: Severity, texts: ReportTexts): Markup {
  return element('span', texts.severity[severity], 'severity');
}

function vulnerabilityRows(report: ScanReport, texts: ReportTexts): readonly Row[] {
  return report.vulnerabilities.filter(isOpen).map((finding) => {
    const { explain } = finding;
    const why = [
      `${explain.feed} ${explain.advisory}: ${explain.ecosystem} ${explain.matchedName} ${explain.range}`,
      explain.comparison,
      ...finding.factors.map((factor) => `${texts.factor[factor.name]} ${factor.value} (${factor.effect})`),
    ];
    return {
      severity: finding.severity,
      cells: [
        severityCell(finding.severity, texts),
        link(finding.references.find((url) => /^https?:/.test(url)) ?? '', finding.id),
        element('span', finding.packageName, 'mono'),
        element('span', finding.installed, 'mono'),
        finding.fixed === ''
          ? element('span', texts.status[finding.status], 'dim')
          : element('span', finding.fixed, 'mono good'),
        Math.round(finding.score),
        texts.inUse[finding.inUse],
        join(
          finding.summary,
          element(
            'details',
            join(
              element('summary', texts.columns.why, 'dim'),
              ...why.map((line) => element('div', line, 'mono')),
            ),
            '',
          ),
        ),
      ],
    };
  });
}

function suppressedRows(report: ScanReport, texts: ReportTexts): readonly Row[] {
  return [
    ...report.vulnerabilities.map((finding) => [finding, finding.id, finding.packageName] as const),
    ...report.secrets.map((finding) => [finding, finding.rule, finding.path] as const),
    ...report.misconfigurations.map((finding) => [finding, finding.check, finding.path] as const),
    ...report.malware.map((finding) => [finding, finding.rule, finding.path] as const),
    ...report.licenses.map((finding) => [finding, finding.expression, finding.package] as const),
  ].flatMap(([finding, name, place]) =>
    finding.suppressed === undefined
      ? []
      : [
          {
            cells: [
              'verdict' in finding ? texts.verdict[finding.verdict] : texts.severity[finding.severity],
              name,
              element('span', place, 'mono'),
              texts.silenced(finding.suppressed.by, finding.suppressed.reason, finding.suppressed.until),
            ],
          },
        ],
  );
}

function errorRows(errors: readonly ScanError[]): readonly Row[] {
  return errors.map((error) => ({
    cells: [error.code, element('span', error.at, 'mono'), error.message, error.hint],
  }));
}

/** Settings of an image have no lines. */
function linesText({ startLine, endLine }: MisconfigurationFinding): string {
  return startLine === 0 ? '' : `:${startLine}-${endLine}`;
}

function* findingSections(report: ScanReport, texts: ReportTexts, options: WriteOptions): Iterable<string> {
  const { columns } = texts;
  const { severity, id, package: name, installed, fixed, score, inUse, summary } = columns;
  yield* section(
    texts.fixFirst,
    [columns.fix, columns.score],
    fixPlan(report.vulnerabilities, report.packages)
      .slice(0, 10)
      .map((upgrade) => ({
        cells: [texts.upgrade(upgrade.name, upgrade.to, upgrade.closes.length), Math.round(upgrade.score)],
      })),
  );
  yield* section(
    texts.vulnerabilities,
    [severity, id, name, installed, fixed, score, inUse, summary],
    vulnerabilityRows(report, texts),
  );
  yield* section(
    texts.secrets,
    [severity, id, columns.place, columns.finding],
    report.secrets.filter(isOpen).map((finding) => ({
      severity: finding.severity,
      cells: [
        severityCell(finding.severity, texts),
        join(finding.title, ' ', element('span', finding.rule, 'dim mono')),
        join(
          element('span', `${finding.path}:${finding.line}`, 'mono'),
          finding.removed === true
            ? element(
                'span',
                ` ${finding.commit === undefined ? texts.inLowerLayer : texts.inHistory(finding.commit.slice(0, 12))}`,
                'dim',
              )
            : '',
        ),
        element('span', finding.excerpt, 'mono'),
      ],
    })),
  );
  yield* section(
    texts.misconfigurations,
    [severity, id, columns.place, columns.finding, columns.fix],
    report.misconfigurations.filter(isOpen).map((finding) => ({
      severity: finding.severity,
      cells: [
        severityCell(finding.severity, texts),
        element('span', finding.check, 'mono'),
        element('span', `${finding.path}${linesText(finding)}`, 'mono'),
        join(element('b', finding.title), ' ', finding.message),
        finding.fix,
      ],
    })),
  );
  yield* section(
    texts.malware,
    [severity, id, columns.place, 'SHA-256'],
    report.malware.filter(isOpen).map((finding) => ({
      severity: finding.severity,
      cells: [
        severityCell(finding.severity, texts),
        join(finding.title ?? '', ' ', element('span', finding.rule, 'dim mono')),
        element('span', finding.path, 'mono'),
        element('span', finding.sha256, 'mono'),
      ],
    })),
  );
  yield* section(
    texts.licenses,
    [columns.verdict, columns.license, columns.type, name],
    report.licenses
      .filter((finding) => isOpen(finding) && finding.verdict !== 'allowed')
      .map((finding) => ({
        cells: [
          texts.verdict[finding.verdict],
          finding.expression,
          texts.category[finding.category],
          element('span', finding.package, 'mono'),
        ],
      })),
  );
  yield* section(
    texts.errors,
    [id, columns.place, columns.finding, columns.fix],
    errorRows(report.errors.filter((error) => !isNote(error))),
  );
  yield* section(
    texts.notes,
    [id, columns.place, columns.finding, columns.fix],
    errorRows(report.errors.filter(isNote)),
  );
  yield* section(
    texts.suppressed,
    [severity, id, columns.place, columns.finding],
    suppressedRows(report, texts),
    true,
  );
  yield* section(
    texts.packages,
    [name, columns.version, columns.type, columns.license, columns.place],
    (wasAsked('packages', options) ? report.packages : []).map((item) => ({
      cells: [
        element('span', item.name, 'mono'),
        element('span', item.version, 'mono'),
        item.type,
        item.licenses.join(', '),
        element('span', item.locations[0]?.path ?? '', 'mono'),
      ],
    })),
    true,
  );
}

function cards(report: ScanReport, texts: ReportTexts, options: WriteOptions): string {
  const summary = summarize(report);
  const items: readonly (readonly [number, string, string, string?])[] = [
    ...SEVERITIES.map(
      (severity) =>
        [
          summary.vulnerabilitiesBySeverity[severity],
          texts.severity[severity],
          severity,
          'vulnerabilities',
        ] as const,
    ),
    [summary.fixable, texts.fixable, 'good', 'vulnerabilities'],
    [summary.exploited, texts.exploited, 'critical', 'vulnerabilities'],
    [summary.secrets, texts.secrets, '', 'secrets'],
    [summary.misconfigurations, texts.misconfigurations, '', 'misconfig'],
    [summary.malware, texts.malware, '', 'malware'],
    [summary.packages, texts.packages, '', 'packages'],
    [summary.suppressed, texts.suppressed, 'dim'],
  ];
  const told = items.filter(
    // Packages that are there only to say where findings are were not asked for.
    ([count, , , part]) =>
      part === undefined || wasAsked(part, options) || (count > 0 && part !== 'packages'),
  );
  const rendered = told.map(([count, name, className]) =>
    html(element('li', join(element('b', count, className), name))),
  );
  return `<ul class="cards">${rendered.join('')}</ul>\n`;
}

function filters(texts: ReportTexts): string {
  const boxes = SEVERITIES.map(
    (severity) =>
      `<label><input type="checkbox" id="show-${severity}" checked> ${html(texts.severity[severity])}</label>`,
  );
  return `<fieldset><legend>${html(texts.columns.severity)}</legend>${boxes.join('')}</fieldset>\n`;
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const ordered = inTexts(orderedReport(report), options.catalogue);
  const texts = reportTexts(options.language);
  const { artifact } = ordered;
  const facts = [
    texts.kind[artifact.kind],
    artifact.platform,
    artifact.os?.prettyName ?? '',
    artifact.digest,
  ];
  const policy = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  yield `<!doctype html>\n<html lang="${options.language === 'zh' ? 'zh-CN' : 'en'}">\n<head>\n<meta charset="utf-8">\n`;
  yield `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n';
  yield `<title>${html(`${texts.title}: ${artifact.name}`)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`;
  yield `<header><h1>${html(artifact.name)}</h1>\n`;
  yield html(element('div', facts.filter((fact) => fact !== '').join(' · '), 'dim mono'));
  yield html(
    element('div', `Guardcell ${options.toolVersion ?? ''} · ${documentTime(report, options)}`, 'dim'),
  );
  yield `</header>\n<main>\n${cards(ordered, texts, options)}${filters(texts)}`;
  const sections = [...findingSections(ordered, texts, options)];
  if (sections.length === 0) yield html(element('p', texts.nothing, 'good'));
  yield* sections;
  yield '</main>\n</body>\n</html>\n';
}

export const HTML_FORMAT: ReportFormat = {
  id: 'html',
  mediaType: 'text/html; charset=utf-8',
  extension: 'html',
  summary: 'one file for people, without scripts',
  write,
};
