// What `scan registry` says: a line for each image, one JSON document, or a file for each image.
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanReport } from '@guardcell/core';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import { type ReportFormat, type ReportSummary, summarize } from '@guardcell/report';
import type { RegistryScanResult } from '@guardcell/scan';
import type { CommandContext } from '../../command.ts';
import { type Column, table } from '../../output.ts';
import { safeJson } from '../../terminal.ts';
import { reportText } from './write-report.ts';

/** A result as it is shown: reports with what options leave out of them. */
export type ShownResult = RegistryScanResult;

export interface RegistryOutput {
  add(result: ShownResult): void;
  /** After the last result; also when the scan broke off. */
  end(): void;
}

interface Row {
  readonly reference: string;
  readonly outcome: RegistryScanResult['outcome'];
  readonly summary?: ReportSummary;
  readonly remark: string;
}

function remarkOf(result: ShownResult): string {
  if ('problem' in result) return `${result.problem.code} ${result.problem.message}`;
  if (result.outcome === 'known') return 'scanned before';
  const gap = result.report.errors.find(({ level }) => level !== 'note');
  return gap === undefined ? '' : `${gap.code} ${gap.message}`;
}

function rowOf(result: ShownResult): Row {
  const { reference, outcome } = result;
  return {
    reference,
    outcome,
    remark: remarkOf(result),
    ...(outcome === 'scanned' ? { summary: summarize(result.report) } : {}),
  };
}

function count(of: (summary: ReportSummary) => number): (row: Row) => string {
  return ({ summary }) => (summary === undefined ? '-' : String(of(summary)));
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'IMAGE', value: ({ reference }) => reference },
  { title: 'CRITICAL', value: count(({ vulnerabilitiesBySeverity }) => vulnerabilitiesBySeverity.critical) },
  { title: 'HIGH', value: count(({ vulnerabilitiesBySeverity }) => vulnerabilitiesBySeverity.high) },
  { title: 'MEDIUM', value: count(({ vulnerabilitiesBySeverity }) => vulnerabilitiesBySeverity.medium) },
  { title: 'LOW', value: count(({ vulnerabilitiesBySeverity }) => vulnerabilitiesBySeverity.low) },
  { title: 'FIXABLE', value: count(({ fixable }) => fixable) },
  { title: 'KEV', value: count(({ exploited }) => exploited) },
  { title: 'SECRETS', value: count(({ secrets }) => secrets) },
  { title: 'MISCONFIG', value: count(({ misconfigurations }) => misconfigurations) },
  { title: 'MALWARE', value: count(({ malware }) => malware) },
  { title: 'ERRORS', value: count(({ errors }) => errors) },
  { title: 'REMARK', value: ({ remark }) => remark, max: 100 },
];

/** One line for each image, sorted by name, and one with the whole. */
export function tableOutput(context: CommandContext): RegistryOutput {
  const rows: Row[] = [];
  return {
    add: (result) => void rows.push(rowOf(result)),
    end: () => {
      if (rows.length === 0) return;
      context.out(
        table(
          rows.sort((a, b) => (a.reference < b.reference ? -1 : 1)),
          COLUMNS,
        ),
      );
      const by = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
      const failed = by('failed') + by('unlisted');
      context.out(
        `\n${by('scanned')} scanned, ${by('known')} scanned before, ${by('other')} no images, ${failed} failed\n`,
      );
    },
  };
}

/**
 * `{"schemaVersion":1,"registry":…,"images":[…]}`, written as results come: memory holds one report. A scan that breaks
 * off leaves a text that is no JSON, so that nobody takes it for the whole.
 */
export function jsonOutput(context: CommandContext, registry: string): RegistryOutput {
  let before = `{"schemaVersion":1,"registry":${safeJson(JSON.stringify(registry))},"images":[\n`;
  return {
    add: (result) => {
      context.out(`${before}${safeJson(JSON.stringify(entryOf(result)))}`);
      before = ',\n';
    },
    end: () => context.out(before === ',\n' ? '\n]}\n' : `${before}]}\n`),
  };
}

function entryOf(result: ShownResult): Readonly<Record<string, unknown>> {
  const { reference, outcome } = result;
  if (outcome === 'unlisted') return { reference, digest: '', tags: [], outcome, problem: result.problem };
  const { digest, tags } = result;
  const rest =
    outcome === 'scanned'
      ? { report: result.report }
      : outcome === 'known'
        ? {}
        : { problem: result.problem };
  return { reference, digest, tags, outcome, ...rest };
}

/** One report for each image, `team+app+1.2.json`; each appears whole. @throws CodedError GC_OUTPUT_DIR. */
export function folderOutput(context: CommandContext, folder: string, format: ReportFormat): RegistryOutput {
  const lines = tableOutput(context);
  write(folder, () => mkdirSync(folder, { recursive: true }));
  return {
    add: (result) => {
      lines.add(result);
      if (result.outcome !== 'scanned') return;
      const name = fileName(result.repository, result.tags[0] ?? '', result.digest);
      writeWhole(context, join(folder, `${name}.${format.extension}`), result.report, format);
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

function writeWhole(context: CommandContext, file: string, report: ScanReport, format: ReportFormat): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  write(file, () => {
    try {
      writeFileSync(aside, [...reportText(context, report, format)].join(''), { flag: 'wx' });
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
