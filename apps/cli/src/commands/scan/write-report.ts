// Prints a report in the form that was asked for.
import { nearestName, type ScanReport } from '@guardcell/core';
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

/** @throws CodedError GC_USAGE, GC_REPORT_… for what `-o` cannot work with: before the scan, not after it. */
export function wantedFormat(context: CommandContext): ReportFormat {
  // What goes to files is for programs.
  const name =
    text(context.options, 'output') ?? (text(context.options, 'output-dir') === undefined ? 'table' : 'json');
  const format = reportFormat(name);
  if (format === undefined) {
    throw new CodedError('GC_USAGE', `unknown output format '${name}'`, { hint: formatHint(name) });
  }
  if (format.id !== 'template' && text(context.options, 'template') !== undefined)
    throw new CodedError('GC_USAGE', '--template belongs to -o template', { hint: 'Add -o template.' });
  coded(() => format.check?.(ownOptions(context)));
  return format;
}

function formatHint(name: string): string {
  const ids = REPORT_FORMATS.map(({ id }) => id);
  const known = `Use one of: ${ids.join(', ')}.`;
  const [, target = ''] = /^[\w-]+=(.+)$/.exec(name) ?? [];
  if (target !== '' || /[./\\]/.test(name))
    return `The report goes to standard output: -o json > ${target === '' ? name : target}. ${known}`;
  const plain = name.toLowerCase();
  const near =
    ids.find((id) => id === plain || plain === `${id}-json` || plain.startsWith(`${id}-tag`)) ??
    nearestName(plain, ids);
  return near === undefined ? known : `Did you mean ${near}? ${known}`;
}

/** What the command line and the environment say of documents. */
function ownOptions(context: CommandContext): WriteOptions {
  const seconds = process.env['SOURCE_DATE_EPOCH'];
  const template = text(context.options, 'template');
  return {
    ...(seconds === undefined ? {} : { time: Number(seconds) * 1000 }),
    ...(template === undefined ? {} : { template: readNamedFile(template) }),
  };
}

/** Errors of formats, as the command line tells errors. */
function coded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ReportFormatError)) throw error;
    throw new CodedError(error.code, error.message, { at: error.at, hint: error.hint, cause: error });
  }
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
  const options = { toolVersion: VERSION, ...optionsOf(form, width), ...ownOptions(context) };
  try {
    for (const piece of format.write(report, options)) yield isJson ? safeJson(piece) : piece;
  } catch (error) {
    if (!(error instanceof ReportFormatError)) throw error;
    throw new CodedError(error.code, error.message, { at: error.at, hint: error.hint, cause: error });
  }
}
