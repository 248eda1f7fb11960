// What an output format is: a name, a media type and a writer. Every folder of `formats/` has one or two.
import type { ScanReport } from '@guardcell/core';
import type { FindingCatalogue } from './finding-catalogue.ts';

export type ReportLanguage = 'en' | 'zh';

export interface WriteOptions {
  /** Language of the format's own texts; names that programs look for are English. Default `en`. */
  readonly language?: ReportLanguage;
  /** What findings say in that language; without it they say what is in the report. */
  readonly catalogue?: FindingCatalogue;
  /** What was looked for, in the words of `--only`; documents for people count nothing else. Left out: everything. */
  readonly asked?: ReadonlySet<string>;
  /** Columns of the terminal, for `table`. Default 100. */
  readonly width?: number;
  /** Version of Guardcell, named as the tool that wrote the document. */
  readonly toolVersion?: string;
  /** Milliseconds since 1970; replaces the report's own time, as `SOURCE_DATE_EPOCH` asks for. */
  readonly time?: number;
  /** Template text, for `template`. */
  readonly template?: string;
}

export interface ReportFormat {
  /** What `-o` takes: `json`, `cyclonedx-xml` … */
  readonly id: string;
  readonly mediaType: string;
  /** Of files, without dot. */
  readonly extension: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Throws ReportFormatError for options that `write` could not work with, before there is a report. */
  check?(options: WriteOptions): void;
  /** Pieces to write one after the other; equal input gives equal pieces. Throws ReportFormatError alone. */
  write(report: ScanReport, options: WriteOptions): Iterable<string>;
}

export type ReportFormatErrorCode = 'GC_REPORT_TEMPLATE' | 'GC_REPORT_TIME';

/** Options that a format cannot work with; reports themselves never make a writer fail. */
export class ReportFormatError extends Error {
  override readonly name = 'ReportFormatError';
  readonly code: ReportFormatErrorCode;
  readonly at: string;
  readonly hint: string;

  constructor(
    code: ReportFormatErrorCode,
    message: string,
    where: { readonly at: string; readonly hint: string },
  ) {
    super(message);
    this.code = code;
    this.at = where.at;
    this.hint = where.hint;
  }
}

/** The time of the document, ISO 8601 in UTC with seconds: the given time, else the report's. */
export function documentTime(report: ScanReport, options: WriteOptions): string {
  const own = Date.parse(report.createdAt);
  const date = new Date(options.time ?? (Number.isNaN(own) ? 0 : own));
  if (Number.isNaN(date.getTime())) {
    throw new ReportFormatError('GC_REPORT_TIME', `not a time: ${options.time}`, {
      at: 'time',
      hint: 'SOURCE_DATE_EPOCH is a number of seconds since 1970.',
    });
  }
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

export const TOOL_NAME = 'guardcell';

/** Whether a document for people says that there is nothing of a part: only when it was looked for. */
export function wasAsked(part: string, { asked }: WriteOptions): boolean {
  // Licences are those of packages.
  return asked === undefined || asked.has(part) || (part === 'packages' && asked.has('licenses'));
}
