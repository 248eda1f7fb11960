// Runs a scan for the command line: progress, report, exit code.
import type { AdvisorySource, ScanError, ScanReport } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { onlyNew, type ReportFormat, readReport } from '@guardcell/report';
import { type ScanOptions, type ScanPart, type ScanTarget, scanTarget } from '@guardcell/scan';
import { type CommandContext, flag, text } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { agedAdvisories, checkDatabaseOptions } from './advisories.ts';
import { contentSettings } from './content-settings.ts';
import { decisionsOf } from './decisions.ts';
import type { ExcludeOption } from './exclude.ts';
import { explainVulnerability } from './explain.ts';
import { exitCode, type FailOn, parseFailOn } from './fail-on.ts';
import { checkVerdict, type Narrowing, narrowed, parseSeverities } from './narrow.ts';
import { progressLine } from './progress-line.ts';
import { inScanLanguage, type ReportWords, reportWords } from './report-language.ts';
import { partsOf } from './scan-options.ts';
import { wantedFormat, writeReport } from './write-report.ts';

/** An explanation says where packages are: it needs nothing else. */
const EXPLAINED_PARTS: ReadonlySet<ScanPart> = new Set(['packages', 'vulnerabilities']);

/** What all kinds of scans read from the command line before they begin: mistakes are told before, not after. */
export interface ScanSettings {
  readonly failOn: FailOn;
  readonly format: ReportFormat;
  readonly words: ReportWords;
  readonly options: ScanOptions;
  readonly narrowing: Narrowing;
  /** The parts that were named; left out: all. */
  readonly asked?: ReadonlySet<ScanPart>;
  /** Rules and statements that were not taken. */
  readonly problems: readonly ScanError[];
}

/** Formats that hold what `--only` names and nothing else: programs read them. */
const EXACT_FORMATS: ReadonlySet<string> = new Set(['json', 'template']);

/** Vulnerabilities and licences without their packages have no places: documents that name places need both. */
function partsToRead(only: ReadonlySet<ScanPart>, { id }: ReportFormat): ReadonlySet<ScanPart> {
  const needsPlaces = only.has('vulnerabilities') || only.has('licenses');
  return !needsPlaces || EXACT_FORMATS.has(id) ? only : new Set<ScanPart>([...only, 'packages']);
}

/** @throws CodedError GC_USAGE. */
export async function scanSettings(
  context: CommandContext,
  excludeOption: ExcludeOption = 'exclude',
): Promise<ScanSettings> {
  const only = partsOf(context);
  if (only?.has('vulnerabilities') ?? true) await checkDatabaseOptions(context);
  const format = wantedFormat(context);
  const failOn = parseFailOn(text(context.options, 'fail-on'));
  const narrowing = narrowingOf(context);
  checkVerdict(narrowing, failOn);
  const { decisions, licensePolicy, problems } = await decisionsOf(context);
  const content = await contentSettings(context, excludeOption);
  let database: Promise<AdvisorySource> | undefined;
  return {
    failOn,
    narrowing,
    format,
    words: await reportWords(context, format),
    problems: [...problems, ...content.problems],
    ...(only === undefined ? {} : { asked: only }),
    options: {
      ...(only === undefined ? {} : { only: partsToRead(only, format) }),
      ...content.options,
      signal: context.signal,
      decisions,
      licensePolicy,
      // One for all targets of the command.
      advisories: () => (database ??= agedAdvisories(context)),
    },
  };
}

function narrowingOf(context: CommandContext): Narrowing {
  const severities = parseSeverities(text(context.options, 'severity'));
  return {
    ignoreUnfixed: flag(context.options, 'ignore-unfixed'),
    ...(severities === undefined ? {} : { severities }),
  };
}

/** Scans, prints and returns the exit code. */
export async function runScan(
  context: CommandContext,
  target: ScanTarget,
  own: Partial<ScanOptions> = {},
): Promise<number> {
  const settings = await scanSettings(context);
  const explained = text(context.options, 'explain');
  if (explained !== undefined && settings.format.id !== 'table') {
    throw new CodedError('GC_USAGE', '--explain is text for people', {
      hint: `Leave out -o ${settings.format.id}; -o json without --explain has the same for each finding in 'explain' and 'factors'.`,
    });
  }
  const baseline = await baselineOf(context);
  const progress = progressLine(context);
  let report: ScanReport;
  try {
    report = await scanTarget(target, {
      ...settings.options,
      ...(explained === undefined ? {} : { only: EXPLAINED_PARTS }),
      onProgress: ({ stage, done, total }) =>
        progress.show(`${stage} ${total === 0 ? done : `${done}/${total}`}`),
      ...own,
    });
  } finally {
    progress.clear();
  }
  const whole = withProblems(report, settings);
  const fresh = baseline === undefined ? whole : onlyNew(whole, baseline);
  const shown = shownOf(fresh, settings);
  if (explained === undefined) writeReport(context, shown, settings);
  // What is asked for by name is explained, whatever lists leave out.
  else explainVulnerability(context, fresh, explained, settings.words);
  return exitCode(shown, settings.failOn);
}

/** The report as options want it shown, with what they themselves were wrong in. */
export function withSettings(report: ScanReport, settings: ScanSettings): ScanReport {
  return shownOf(withProblems(report, settings), settings);
}

function withProblems(report: ScanReport, { problems }: ScanSettings): ScanReport {
  return { ...report, errors: [...report.errors, ...problems] };
}

function shownOf(report: ScanReport, { narrowing, asked }: ScanSettings): ScanReport {
  const shown = narrowed(report, narrowing);
  return asked === undefined || asked.has('packages') ? shown : withConcernedPackages(shown);
}

/** Where nobody asked for packages, those that findings are in. */
function withConcernedPackages(report: ScanReport): ScanReport {
  const concerned = new Set([...report.vulnerabilities, ...report.licenses].map((one) => one.package));
  return { ...report, packages: report.packages.filter(({ purl }) => concerned.has(purl)) };
}

/** @throws CodedError GC_USAGE when the file is no report of ours. */
async function baselineOf(context: CommandContext): Promise<ScanReport | undefined> {
  const file = text(context.options, 'only-new');
  if (file === undefined) return undefined;
  const read = await readReport(readNamedFile(file));
  if ('report' in read) return inScanLanguage(read.report);
  throw new CodedError('GC_USAGE', `the baseline is not a report: ${read.problem}`, {
    at: file,
    hint: 'Write one with -o json.',
  });
}
