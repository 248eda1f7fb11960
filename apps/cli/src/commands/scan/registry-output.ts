// What `scan registry` says: a line for each image, one JSON document, or a file for each image.
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNote, type ScanReport } from '@guardcell/core';
import { CodedError, makeFolder, systemErrorCode } from '@guardcell/kit';
import { type ReportSummary, reportInTexts, summarize } from '@guardcell/report';
import type { RegistryScanResult, ScanPart } from '@guardcell/scan';
import type { CommandContext } from '../../command.ts';
import { type Column, table } from '../../output.ts';
import { safeJson } from '../../terminal.ts';
import { LEFT_OUT } from './narrow.ts';
import { REGISTRY_TEXTS, type RegistryTexts } from './registry-texts.ts';
import type { ReportWords } from './report-language.ts';
import { type ReportForm, reportText } from './write-report.ts';

/** A result as it is shown: reports with what options leave out of them. */
export type ShownResult = RegistryScanResult;

export interface RegistryOutput {
  add(result: ShownResult): void;
  /** After the last result; also when the scan broke off. */
  end(): void;
}

/** The parts that were named; left out: all. */
type Asked = ReportForm['asked'];

interface Row {
  readonly reference: string;
  readonly outcome: RegistryScanResult['outcome'];
  readonly summary?: ReportSummary;
  readonly remark: string;
}

/** Notes of reports that show less than there may be. */
const LESS_CODES: ReadonlySet<string> = new Set([LEFT_OUT, 'GC_PATHS_EXCLUDED']);

function remarkOf(result: ShownResult, { language, catalogue }: ReportWords): string {
  if ('problem' in result) return `${result.problem.code} ${result.problem.message}`;
  if (result.outcome === 'known') return REGISTRY_TEXTS[language].scannedBefore;
  const { errors } = reportInTexts(result.report, catalogue);
  const gap = errors.find((error) => !isNote(error));
  if (gap !== undefined) return `${gap.code} ${gap.message}`;
  return errors
    .filter(({ code }) => LESS_CODES.has(code))
    .map(({ message }) => message)
    .join('; ');
}

function rowOf(result: ShownResult, words: ReportWords): Row {
  const { reference, outcome } = result;
  return {
    reference,
    outcome,
    remark: remarkOf(result, words),
    ...(outcome === 'scanned' ? { summary: summarize(result.report) } : {}),
  };
}

function count(of: (summary: ReportSummary) => number): (row: Row) => string {
  return ({ summary }) => (summary === undefined ? '-' : String(of(summary)));
}

/** What was not looked for has no column: zeros would say that there is nothing. */
function columnsIn({ columns }: RegistryTexts, asked: Asked): readonly Column<Row>[] {
  const of = (part: ScanPart, list: readonly Column<Row>[]): readonly Column<Row>[] =>
    asked === undefined || asked.has(part) ? list : [];
  const bySeverity = (severity: 'critical' | 'high' | 'medium' | 'low'): Column<Row> => ({
    title: columns[severity],
    value: count(({ vulnerabilitiesBySeverity }) => vulnerabilitiesBySeverity[severity]),
  });
  return [
    { title: columns.image, value: ({ reference }) => reference },
    ...of('vulnerabilities', [
      bySeverity('critical'),
      bySeverity('high'),
      bySeverity('medium'),
      bySeverity('low'),
      { title: columns.fixable, value: count(({ fixable }) => fixable) },
      { title: columns.exploited, value: count(({ exploited }) => exploited) },
    ]),
    ...of('secrets', [{ title: columns.secrets, value: count(({ secrets }) => secrets) }]),
    ...of('misconfig', [
      { title: columns.misconfigurations, value: count(({ misconfigurations }) => misconfigurations) },
    ]),
    ...of('malware', [{ title: columns.malware, value: count(({ malware }) => malware) }]),
    { title: columns.errors, value: count(({ errors }) => errors) },
    { title: columns.remark, value: ({ remark }) => remark, max: 100 },
  ];
}

/** One line for each image, sorted by name, and one with the whole. */
export function tableOutput(context: CommandContext, words: ReportWords, asked: Asked): RegistryOutput {
  const texts = REGISTRY_TEXTS[words.language];
  const rows: Row[] = [];
  return {
    add: (result) => void rows.push(rowOf(result, words)),
    end: () => {
      if (rows.length === 0) return;
      context.out(
        table(
          rows.sort((a, b) => (a.reference < b.reference ? -1 : 1)),
          columnsIn(texts, asked),
        ),
      );
      const by = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
      const failed = by('failed') + by('unlisted');
      context.out(
        `\n${texts.total({ scanned: by('scanned'), known: by('known'), other: by('other'), failed })}\n`,
      );
    },
  };
}

/**
 * `{"schemaVersion":1,"registry":…,"images":[…]}`, written as results come: memory holds one report. A scan that breaks
 * off leaves a text that is no JSON, so that nobody takes it for the whole.
 */
export function jsonOutput(
  context: CommandContext,
  registry: string,
  { catalogue }: Pick<ReportWords, 'catalogue'>,
): RegistryOutput {
  let before = `{"schemaVersion":1,"registry":${safeJson(JSON.stringify(registry))},"images":[\n`;
  return {
    add: (result) => {
      context.out(`${before}${safeJson(JSON.stringify(entryOf(result, catalogue)))}`);
      before = ',\n';
    },
    end: () => context.out(before === ',\n' ? '\n]}\n' : `${before}]}\n`),
  };
}

function entryOf(
  result: ShownResult,
  catalogue: ReportWords['catalogue'],
): Readonly<Record<string, unknown>> {
  const { reference, outcome } = result;
  if (outcome === 'unlisted') return { reference, digest: '', tags: [], outcome, problem: result.problem };
  const { digest, tags } = result;
  const rest =
    outcome === 'scanned'
      ? { report: reportInTexts(result.report, catalogue) }
      : outcome === 'known'
        ? {}
        : { problem: result.problem };
  return { reference, digest, tags, outcome, ...rest };
}

/** One report for each image, `team+app+1.2.json`; each appears whole. @throws CodedError GC_OUTPUT_DIR. */
export function folderOutput(
  context: CommandContext,
  folder: string,
  form: ReportForm,
  words: ReportWords,
): RegistryOutput {
  const lines = tableOutput(context, words, form.asked);
  write(folder, () => makeFolder(folder));
  return {
    add: (result) => {
      lines.add(result);
      if (result.outcome !== 'scanned') return;
      const name = fileName(result.repository, result.tags[0] ?? '', result.digest);
      writeWhole(context, join(folder, `${name}.${form.format.extension}`), result.report, form);
    },
    end: lines.end,
  };
}

const MAX_NAME = 200;

/** Neither repositories nor tags have a `+`: no two images get the same name. */
function fileName(repository: string, tag: string, digest: string): string {
  const name = `${repository.replaceAll('/', '+')}+${tag}`;
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 65)}+${digest.slice(-64)}`;
}

function writeWhole(context: CommandContext, file: string, report: ScanReport, form: ReportForm): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  write(file, () => {
    try {
      writeFileSync(aside, [...reportText(context, report, form)].join(''), { flag: 'wx' });
      renameSync(aside, file);
    } finally {
      rmSync(aside, { force: true });
    }
  });
}

function write(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (cause instanceof CodedError || code === undefined) throw cause;
    throw new CodedError('GC_OUTPUT_DIR', `the reports cannot be written (${code})`, { at: path, cause });
  }
}
