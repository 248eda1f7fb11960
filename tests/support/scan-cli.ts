// Scans through the command line, as people run them, and gives the report back.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { isNote, type ScanReport, type SoftwarePackage } from '@guardcell/core';

const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const TIMEOUT_MS = 120_000;

export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line with these words to its end. */
export function guardcell(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliOutcome> {
  const args = ['--disable-warning=ExperimentalWarning', CLI, ...words];
  const options = { maxBuffer: 2 ** 29, timeout: TIMEOUT_MS, env: { ...process.env, ...env } };
  return new Promise((done) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ code, stdout, stderr });
    });
  });
}

/**
 * A report that has no gaps but those that are named; GC_OS_NO_ADVISORIES of a distribution that the database in use
 * does not hold, for instance.
 * @throws Error when the scan did not end with such a report, and with the exit code for it.
 */
export async function scanReport(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  gaps: readonly string[] = [],
): Promise<ScanReport> {
  const { code, stdout, stderr } = await guardcell(['scan', ...words, '-o', 'json'], env);
  const report = JSON.parse(stdout || '{"errors":[]}') as ScanReport;
  const found = report.errors.filter((error) => !isNote(error));
  const isExpected = found.every((error) => gaps.includes(error.code));
  if (!isExpected || code !== (found.length > 0 ? 6 : 0))
    throw new Error(
      `scan ${words.join(' ')} ended with ${code}: ${stderr} ${JSON.stringify(found.slice(0, 5))}`,
    );
  return report;
}

/** `name version arch` of the packages of one type, sorted. */
export function packageLines(report: ScanReport, type: SoftwarePackage['type']): readonly string[] {
  return report.packages
    .filter((entry) => entry.type === type)
    .map(({ name, version, arch }) => `${name} ${version} ${arch ?? ''}`.trim())
    .sort();
}
