// The report for people at a terminal: grouped by part of the artifact, most urgent first, suppressed findings apart.
import {
  isNote,
  type ScanError,
  type ScanReport,
  type SecretFinding,
  type Severity,
  type SoftwarePackage,
  type VulnerabilityFinding,
} from '@guardcell/core';
import { fixPlan } from '@guardcell/vuln';
import { inTexts } from '../../finding-catalogue.ts';
import { type ReportFormat, type WriteOptions, wasAsked } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { type ReportTexts, reportTexts } from '../../report-texts.ts';
import { countSeverities, isOpen, summarize } from '../../summarize.ts';
import { type Cell, columnLines, type ReportSpan, type ReportStyle, type SpanLine } from './columns.ts';
import { oneLine } from './display-width.ts';

const STYLES: Readonly<Record<Severity, ReportStyle>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: 'plain',
  info: 'dim',
};
/** Files and logs of pipelines have no width of their own; terminals say theirs. */
const DEFAULT_WIDTH = 160;
const MAX_UPGRADES = 5;
const MAX_REVIEWS = 20;
const OS_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

interface Page {
  readonly report: ScanReport;
  readonly texts: ReportTexts;
  readonly width: number;
  readonly options: WriteOptions;
}

function severityCell(severity: Severity, texts: ReportTexts): Cell {
  return { text: texts.severity[severity], style: STYLES[severity], whole: true };
}

/** `1 critical, 2 high`, without those that are none. */
function countsText(findings: readonly { readonly severity: Severity }[], texts: ReportTexts): string {
  return Object.entries(countSeverities(findings))
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${texts.severity[severity as Severity]}`)
    .join(', ');
}

function heading(title: string, details = ''): SpanLine[] {
  return [
    [],
    [['strong', oneLine(title)], ...(details === '' ? [] : [['dim', `  ${oneLine(details)}`] as const])],
  ];
}

/** Of what nobody asked for by name only packages and vulnerabilities are worth a zero. */
function isTold(part: string | undefined, options: WriteOptions): boolean {
  if (part === undefined || !wasAsked(part, options)) return false;
  return options.asked !== undefined || part === 'packages' || part === 'vulnerabilities';
}

function* header({ report, texts, options }: Page): Iterable<SpanLine> {
  const { artifact } = report;
  const facts = [
    texts.kind[artifact.kind],
    artifact.platform,
    artifact.os?.prettyName ?? '',
    artifact.digest,
  ];
  yield [['strong', oneLine(artifact.name)]];
  yield [
    [
      'dim',
      facts
        .filter((fact) => fact !== '')
        .map(oneLine)
        .join(' · '),
    ],
  ];
  const summary = summarize(report);
  const counts = countsText(report.vulnerabilities.filter(isOpen), texts);
  const ofVulnerabilities = `${texts.vulnerabilities}${counts === '' ? '' : ` (${counts})`}`;
  const parts: readonly (readonly [number, string, ReportStyle, string?])[] = [
    [summary.packages, texts.packages, 'plain', 'packages'],
    [summary.vulnerabilities, ofVulnerabilities, 'strong', 'vulnerabilities'],
    [summary.fixable, texts.fixable, 'plain'],
    [summary.exploited, texts.exploited, 'bad'],
    [summary.inUse, texts.used, 'warn'],
    [summary.secrets, texts.secrets, 'bad', 'secrets'],
    [summary.misconfigurations, texts.misconfigurations, 'plain', 'misconfig'],
    [summary.malware, texts.malware, 'bad', 'malware'],
    [summary.suppressed, texts.suppressed, 'dim'],
    [summary.errors, texts.errors, 'warn'],
  ];
  const shown = parts.filter(
    // Packages that are there only to say where findings are were not asked for.
    ([count, , , part]) => isTold(part, options) || (count > 0 && part !== 'packages'),
  );
  yield shown.flatMap(([count, name, style], index): ReportSpan[] => [
    ...(index === 0 ? [] : [' · ']),
    [style, `${count} ${name}`],
  ]);
}

/** Part of the artifact that a package belongs to: the system's packages, or the file that lists it. */
function partOf(item: SoftwarePackage | undefined, { report, texts }: Page): string {
  if (item === undefined) return '';
  if (OS_TYPES.has(item.type)) {
    const { os } = report.artifact;
    return `${os === undefined ? '' : `${os.id} ${os.versionId} `}${texts.osPackages} (${item.type})`;
  }
  return `${item.locations[0]?.path ?? ''} (${item.type})`.trim();
}

function vulnerabilityRow(
  finding: VulnerabilityFinding,
  texts: ReportTexts,
  hasSummary: boolean,
): readonly Cell[] {
  const exploited = finding.factors.some((factor) => factor.name === 'kev');
  const fixed: Cell =
    finding.fixed === ''
      ? {
          text: finding.status === 'affected' ? texts.noFix : texts.status[finding.status],
          style: 'dim',
          whole: true,
        }
      : { text: finding.fixed, style: 'good' };
  return [
    severityCell(finding.severity, texts),
    { text: finding.id, whole: true, ...(exploited ? { style: 'bad' } : {}) },
    { text: finding.packageName },
    { text: finding.installed },
    fixed,
    { text: finding.score.toFixed(0).padStart(3), whole: true },
    { text: texts.inUse[finding.inUse], ...(finding.inUse === 'executed' ? { style: 'warn' } : {}) },
    ...(hasSummary ? [{ text: finding.summary, style: 'dim' } as const] : []),
  ];
}

function columnHeads(heads: readonly string[]): readonly Cell[] {
  return heads.map((text) => ({ text, style: 'dim' }));
}

function* vulnerabilities(page: Page): Iterable<SpanLine> {
  const { report, texts, width } = page;
  const packages = new Map(report.packages.map((item) => [item.purl, item]));
  const parts = new Map<string, VulnerabilityFinding[]>();
  for (const finding of report.vulnerabilities.filter(isOpen)) {
    const part = partOf(packages.get(finding.package), page);
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [finding]);
    else known.push(finding);
  }
  const { columns } = texts;
  for (const [part, findings] of parts) {
    yield* heading(`${texts.vulnerabilities}: ${part}`, countsText(findings, texts));
    const { severity, id, package: name, installed, fixed, score, inUse, summary } = columns;
    // Without texts in the database the column would only take the others' room.
    const hasSummary = findings.some((finding) => finding.summary !== '');
    const heads = columnHeads([
      severity,
      id,
      name,
      installed,
      fixed,
      score,
      inUse,
      ...(hasSummary ? [summary] : []),
    ]);
    yield* columnLines(
      [heads, ...findings.map((finding) => vulnerabilityRow(finding, texts, hasSummary))],
      width,
    );
  }
  const upgrades = fixPlan(report.vulnerabilities, report.packages).slice(0, MAX_UPGRADES);
  if (upgrades.length === 0) return;
  yield* heading(texts.fixFirst);
  for (const upgrade of upgrades) {
    yield ['  ', ['good', oneLine(texts.upgrade(upgrade.name, upgrade.to, upgrade.closes.length))]];
  }
}

function* otherFindings({ report, texts, width }: Page): Iterable<SpanLine> {
  const { columns } = texts;
  const secrets = report.secrets.filter(isOpen);
  if (secrets.length > 0) {
    yield* heading(texts.secrets, countsText(secrets, texts));
    yield* columnLines(
      secrets.map((finding) => [
        severityCell(finding.severity, texts),
        { text: finding.rule },
        { text: finding.title },
        { text: secretPlace(finding, texts), keepsEnd: finding.removed !== true },
        { text: finding.excerpt, style: 'dim' },
      ]),
      width,
    );
  }
  const misconfigurations = report.misconfigurations.filter(isOpen);
  if (misconfigurations.length > 0) {
    yield* heading(texts.misconfigurations, countsText(misconfigurations, texts));
    for (const finding of misconfigurations) {
      const lines = finding.startLine === 0 ? '' : `:${finding.startLine}-${finding.endLine}`;
      yield* columnLines(
        [
          [
            severityCell(finding.severity, texts),
            { text: finding.check, whole: true },
            { text: `${finding.path}${lines}`, keepsEnd: true },
            { text: finding.message },
          ],
        ],
        width,
      );
      if (finding.fix !== '') yield ['    ', ['good', oneLine(`${columns.fix}: ${finding.fix}`)]];
    }
  }
  const malware = report.malware.filter(isOpen);
  if (malware.length > 0) {
    yield* heading(texts.malware, countsText(malware, texts));
    for (const { severity, rule, path, sha256, title = '' } of malware) {
      const cells: readonly Cell[] = [
        severityCell(severity, texts),
        { text: rule, style: 'bad' },
        { text: path, keepsEnd: true },
        { text: sha256, style: 'dim' },
      ];
      yield* columnLines([cells], width);
      // Beneath, so that the hash stays whole: it is what people look up.
      if (title !== '') yield ['    ', oneLine(title)];
    }
  }
  yield* licenses(report, texts, width);
}

/** Denied ones all; those to review while they are few: a plain distribution has a hundred, which nobody reads here. */
function* licenses(report: ScanReport, texts: ReportTexts, width: number): Iterable<SpanLine> {
  const open = report.licenses.filter((finding) => isOpen(finding) && finding.verdict !== 'allowed');
  if (open.length === 0) return;
  const denied = open.filter(({ verdict }) => verdict === 'denied');
  const toReview = open.filter(({ verdict }) => verdict !== 'denied');
  const isLong = toReview.length > MAX_REVIEWS;
  yield* heading(texts.licenses);
  const rows = [...denied, ...(isLong ? [] : toReview)].map((finding): readonly Cell[] => [
    { text: texts.verdict[finding.verdict], style: finding.verdict === 'denied' ? 'bad' : 'warn' },
    { text: packageWords(finding.package), whole: true },
    { text: texts.category[finding.category] },
    { text: finding.expression, style: 'dim' },
  ]);
  if (rows.length > 0) yield* columnLines(rows, width);
  if (isLong) yield ['  ', oneLine(texts.manyReviews(toReview.length))];
}

/** `openssl 3.0.11 (deb)` of a package URL. */
function packageWords(purl: string): string {
  const {
    type = '',
    name = '',
    version = '',
  } = /^pkg:(?<type>[^/]+)\/(?<name>[^?#]*?)(?:@(?<version>[^@/?#]*))?(?:[?#]|$)/.exec(purl)?.groups ?? {};
  if (name === '') return purl;
  try {
    return `${decodeURIComponent(name)} ${decodeURIComponent(version)} (${type})`;
  } catch {
    return purl;
  }
}

/** Commits as git shortens them. */
const SHORT_COMMIT = 12;

function secretPlace({ path, line, removed, commit }: SecretFinding, texts: ReportTexts): string {
  const place = `${path}:${line}`;
  if (removed !== true) return place;
  if (commit === undefined) return `${place} (${texts.inLowerLayer})`;
  return `${place} (${texts.inHistory(commit.slice(0, SHORT_COMMIT))})`;
}

/** What no rule of the user's silenced: `by` of such findings. */
const BUILT_IN = 'built-in';
const MAX_BUILT_IN = 5;

function* remarks({ report, texts, width }: Page): Iterable<SpanLine> {
  const builtIn = report.secrets.filter(({ suppressed }) => suppressed?.by === BUILT_IN).length;
  const foldsBuiltIn = builtIn > MAX_BUILT_IN;
  const rows = [
    ...report.vulnerabilities.map((finding) => [finding, finding.id, finding.packageName] as const),
    ...report.secrets.map((finding) => [finding, finding.rule, `${finding.path}:${finding.line}`] as const),
    ...report.misconfigurations.map((finding) => [finding, finding.check, finding.path] as const),
    ...report.malware.map((finding) => [finding, finding.rule, finding.path] as const),
    ...report.licenses.map((finding) => [finding, finding.expression, finding.package] as const),
  ].flatMap(([finding, name, place]): (readonly Cell[])[] => {
    const { suppressed } = finding;
    if (suppressed === undefined || (foldsBuiltIn && suppressed.by === BUILT_IN)) return [];
    const why = texts.silenced(suppressed.by, suppressed.reason, suppressed.until);
    const weight = 'verdict' in finding ? texts.verdict[finding.verdict] : texts.severity[finding.severity];
    return [[{ text: weight }, { text: name }, { text: place, keepsEnd: true }, { text: why, style: 'dim' }]];
  });
  const suppressed = rows.length + (foldsBuiltIn ? builtIn : 0);
  if (suppressed > 0) {
    yield* heading(`${texts.suppressed} (${suppressed})`);
    yield* columnLines(rows, width);
    if (foldsBuiltIn) yield ['  ', ['dim', oneLine(texts.manyBuiltIn(builtIn))]];
  }
  yield* errorLines(
    texts.errors,
    report.errors.filter((error) => !isNote(error)),
    'warn',
  );
  yield* errorLines(texts.notes, report.errors.filter(isNote), 'plain');
}

function* errorLines(title: string, errors: readonly ScanError[], style: ReportStyle): Iterable<SpanLine> {
  if (errors.length === 0) return;
  yield* heading(`${title} (${errors.length})`);
  for (const { code, at, message, hint } of errors) {
    yield ['  ', [style, oneLine(`${code} ${at}: ${message}`)]];
    if (hint !== '') yield ['    ', ['dim', oneLine(hint)]];
  }
}

/** The table as spans, one list a line, for programs that show colours. */
export function* tableSpans(report: ScanReport, options: WriteOptions = {}): Iterable<SpanLine> {
  const width = Math.max(40, options.width ?? DEFAULT_WIDTH);
  const page: Page = {
    report: inTexts(orderedReport(report), options.catalogue),
    texts: reportTexts(options.language),
    width,
    options,
  };
  yield* header(page);
  const found = [...vulnerabilities(page), ...otherFindings(page)];
  if (found.length === 0) yield [['good', page.texts.nothing]];
  yield* found;
  yield* remarks(page);
}

export const TABLE_FORMAT: ReportFormat = {
  id: 'table',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  summary: 'for people, grouped and coloured',
  *write(report, options) {
    for (const line of tableSpans(report, options)) {
      const text = line.map((span) => (typeof span === 'string' ? span : span[1])).join('');
      yield `${text.trimEnd()}\n`;
    }
  },
};
