// Prints a report in the form that was asked for.
import type { ScanReport } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import {
  REPORT_FORMATS,
  type ReportFormat,
  ReportFormatError,
  reportFormat,
  tableSpans,
  type WriteOptions,
} from '@guardcell/report';
import type { ScanPart } from '@guardcell/scan';
import { type CommandContext, text } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { safeJson } from '../../terminal.ts';
import { VERSION } from '../../version.ts';
import type { ReportWords } from './report-language.ts';

/** @throws CodedError GC_USAGE for an unknown format: before the scan, not after it. */
export function wantedFormat(name: string): ReportFormat {
  const format = reportFormat(name);
  if (format !== undefined) return format;
  throw new CodedError('GC_USAGE', `unknown output format '${name}'`, {
    hint: `Use one of: ${REPORT_FORMATS.map(({ id }) => id).join(', ')}.`,
  });
}

/** The form in which reports were asked for. */
export interface ReportForm {
  readonly format: ReportFormat;
  readonly words: ReportWords;
  /** What was looked for; left out: everything. */
  readonly asked?: ReadonlySet<ScanPart>;
}

function optionsOf({ words, asked }: ReportForm, width: number | undefined): WriteOptions {
  return {
    ...words,
    ...(asked === undefined ? {} : { asked }),
    ...(width === undefined ? {} : { width }),
  };
}

/** @throws CodedError GC_REPORT_… for options that the format cannot work with. */
export function writeReport(context: CommandContext, report: ScanReport, form: ReportForm): void {
  const { format } = form;
  const width = process.stdout.columns;
  if (format.id === 'table') {
    for (const line of tableSpans(report, optionsOf(form, width))) context.styled([...line, '\n']);
    return;
  }
  for (const piece of reportText(context, report, form, width)) context.out(piece);
}

/** The report in pieces, as files have it. @throws CodedError GC_REPORT_…. */
export function* reportText(
  context: CommandContext,
  report: ScanReport,
  form: ReportForm,
  width?: number,
): Generator<string, void, undefined> {
  const { format } = form;
  const isJson = format.mediaType.includes('json');
  const seconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? '');
  const time = process.env['SOURCE_DATE_EPOCH'] === undefined ? {} : { time: seconds * 1000 };
  const template = text(context.options, 'template');
  const own = template === undefined ? {} : { template: readNamedFile(template) };
  const options = {
    toolVersion: VERSION,
    ...optionsOf(form, width),
    ...time,
    ...own,
  };
  try {
    for (const piece of format.write(report, options)) yield isJson ? safeJson(piece) : piece;
  } catch (error) {
    if (!(error instanceof ReportFormatError)) throw error;
    throw new CodedError(error.code, error.message, { at: error.at, hint: error.hint, cause: error });
  }
}
