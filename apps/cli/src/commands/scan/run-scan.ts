// Runs a scan for the command line: progress, report, exit code.
import { isAtLeast, type ScanError, type ScanReport, type Severity } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { onlyNew, readReport } from '@guardcell/report';
import {
  type ScanOptions,
  type ScanPart,
  type ScanProgress,
  type ScanTarget,
  scanTarget,
} from '@guardcell/scan';
import { type CommandContext, EXIT, flag, text } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { advisoriesOf } from './advisories.ts';
import { decisionsOf } from './decisions.ts';
import { explainVulnerability } from './explain.ts';
import { failOn, partsOf } from './scan-options.ts';
import { wantedFormat, writeReport } from './write-report.ts';

/** An explanation says where packages are: it needs nothing else. */
const EXPLAINED_PARTS: ReadonlySet<ScanPart> = new Set(['packages', 'vulnerabilities']);

/** Scans, prints and returns the exit code. */
export async function runScan(
  context: CommandContext,
  target: ScanTarget,
  own: Partial<ScanOptions> = {},
): Promise<number> {
  const floor = failOn(context);
  const explained = text(context.options, 'explain');
  const only = explained === undefined ? partsOf(context) : EXPLAINED_PARTS;
  const format = wantedFormat(text(context.options, 'output') ?? 'table');
  const baseline = await baselineOf(context);
  const { decisions, problems } = decisionsOf(context);
  const progress = progressLine(context);
  let report: ScanReport;
  try {
    report = await scanTarget(target, {
      ...(only === undefined ? {} : { only }),
      signal: context.signal,
      decisions,
      advisories: () => advisoriesOf(context),
      onProgress: progress.show,
      ...own,
    });
  } finally {
    progress.clear();
  }
  report = { ...report, errors: [...report.errors, ...problems] };
  const fixable = flag(context.options, 'ignore-unfixed') ? withoutUnfixed(report) : report;
  const shown = baseline === undefined ? fixable : onlyNew(fixable, baseline);
  if (explained === undefined) writeReport(context, shown, format);
  else explainVulnerability(context, shown, explained);
  return exitCode(shown, floor);
}

/** @throws CodedError GC_USAGE when the file is no report of ours. */
async function baselineOf(context: CommandContext): Promise<ScanReport | undefined> {
  const file = text(context.options, 'only-new');
  if (file === undefined) return undefined;
  const read = await readReport(readNamedFile(file));
  if ('report' in read) return read.report;
  throw new CodedError('GC_USAGE', `the baseline is not a report: ${read.problem}`, {
    at: file,
    hint: 'Write one with -o json.',
  });
}

function withoutUnfixed(report: ScanReport): ScanReport {
  return { ...report, vulnerabilities: report.vulnerabilities.filter((finding) => finding.fixed !== '') };
}

/** Findings win over a scan that is not complete: the build has to stop either way, and that is the stronger reason. */
export function exitCode(report: ScanReport, floor: Severity | undefined): number {
  const findings = [
    ...report.vulnerabilities.filter(({ status }) => status !== 'not-affected'),
    ...report.secrets,
    ...report.misconfigurations,
  ].filter((finding) => finding.suppressed === undefined);
  const counts =
    floor !== undefined && [...findings, ...report.malware].some((one) => isAtLeast(one.severity, floor));
  if (counts) return EXIT.findings;
  return report.errors.some(isGap) ? EXIT.partial : EXIT.ok;
}

const NOTES: ReadonlySet<string> = new Set(['GC_OS_END_OF_LIFE', 'GC_OS_NO_ADVISORIES', 'GC_IGNORE_EXPIRED']);

/** An end of support says something of the artifact; everything else says that a part was not looked at. */
function isGap({ code }: ScanError): boolean {
  return !NOTES.has(code);
}

const REDRAW_MS = 100;

/** One line on a terminal that tells how far the scan is; nothing elsewhere. */
function progressLine(context: CommandContext): { show(progress: ScanProgress): void; clear(): void } {
  const isTty = process.stderr.isTTY === true;
  let drawnAt = 0;
  let isDrawn = false;
  return {
    show({ stage, done, total }) {
      const now = performance.now();
      if (!isTty || context.signal.aborted || (now - drawnAt < REDRAW_MS && done !== total)) return;
      drawnAt = now;
      isDrawn = true;
      // Written past the cleaner of texts: these control characters are ours.
      process.stderr.write(`\r\u001b[K${stage} ${total === 0 ? done : `${done}/${total}`}`);
    },
    clear() {
      if (isDrawn) process.stderr.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}
