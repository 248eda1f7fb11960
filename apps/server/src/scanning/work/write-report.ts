// Writes a report in one of the formats, piece by piece.
import type { ReportLanguageTag } from '@guardcell/contract';
import type { ScanReport, VulnerabilityFinding } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { reportFormat, type WriteOptions } from '@guardcell/report';
import type { Work } from '../helper/protocol.ts';

const PIECE_CHARS = 128 * 1024;
const CSV_COLUMNS: readonly (readonly [string, (finding: VulnerabilityFinding) => string | number])[] = [
  ['id', ({ id }) => id],
  ['severity', ({ severity }) => severity],
  ['score', ({ score }) => score],
  ['cvss', ({ cvss }) => cvss],
  ['package', ({ packageName }) => packageName],
  ['installed', ({ installed }) => installed],
  ['fixed', ({ fixed }) => fixed],
  ['status', ({ status }) => status],
  ['in_use', ({ inUse }) => inUse],
  ['purl', (finding) => finding.package],
  ['silenced_by', ({ suppressed }) => suppressed?.by ?? ''],
  ['summary', ({ summary }) => summary],
];

/** A cell that starts like a formula would be run by spreadsheets. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function* csv(report: ScanReport): Iterable<string> {
  yield `${CSV_COLUMNS.map(([name]) => name).join(',')}\r\n`;
  for (const finding of report.vulnerabilities) {
    yield `${CSV_COLUMNS.map(([, value]) => cell(value(finding))).join(',')}\r\n`;
  }
}

/** Stored reports are in English: other texts are loaded only when they are asked for. */
async function wordsIn(language: ReportLanguageTag): Promise<Pick<WriteOptions, 'language' | 'catalogue'>> {
  if (language === 'en') return {};
  const { findingCatalogue } = await import('@guardcell/scan/catalogue');
  return { language: 'zh', catalogue: findingCatalogue('zh') };
}

export const writeReport: Work<'writeReport'> = async (
  { report, format, version, language },
  { ask, signal },
) => {
  const known = reportFormat(format);
  if (known === undefined && format !== 'csv') {
    throw new CodedError('GC_INVALID_REQUEST', `there is no format ${format}`);
  }
  const pieces = known?.write(report, { toolVersion: version, ...(await wordsIn(language)) }) ?? csv(report);
  let waiting = '';
  for (const piece of pieces) {
    signal.throwIfAborted();
    waiting += piece;
    if (waiting.length < PIECE_CHARS) continue;
    await ask(waiting);
    waiting = '';
  }
  if (waiting !== '') await ask(waiting);
};
