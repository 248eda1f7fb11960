// A whole scan: read the target, match, judge, report. What fails becomes an error of the report; the rest stands.
import type { ScanError, ScanReport, VulnerabilityFinding } from '@guardcell/core';
import { CodedError, errorFacts } from '@guardcell/kit';
import { matchPackages } from '@guardcell/vuln';
import { readTarget } from './read-target.ts';
import { SCAN_PARTS, type ScanPart } from './scan-parts.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';
import { applyDecisions, NO_DECISIONS } from './suppress.ts';
import type { TargetContents } from './target-contents.ts';

const ALL: ReadonlySet<ScanPart> = new Set(SCAN_PARTS);

/**
 * Scans one target.
 * @throws CodedError when the target cannot be read at all (not found, no permission, not an image …).
 */
export async function scanTarget(target: ScanTarget, options: ScanOptions = {}): Promise<ScanReport> {
  const only = options.only ?? ALL;
  const contents = await readTarget(target, options);
  const errors: ScanError[] = [...(await withNotes(target, contents.errors, options))];
  const { packages } = contents;

  /** One part of the report; when it fails the others stand. */
  async function part<T>(
    name: ScanPart,
    make: () => Promise<readonly T[]> | readonly T[],
  ): Promise<readonly T[]> {
    if (!only.has(name)) return [];
    options.signal?.throwIfAborted();
    try {
      return await make();
    } catch (error) {
      options.signal?.throwIfAborted();
      errors.push(errorFacts(error));
      return [];
    }
  }

  const now = new Date(options.nowMs?.() ?? Date.now()).toISOString();
  const report: ScanReport = {
    schemaVersion: 1,
    createdAt: now,
    artifact: contents.artifact,
    packages: only.has('packages') ? packages : [],
    vulnerabilities: await part('vulnerabilities', () => vulnerabilities(contents, options, errors)),
    secrets: only.has('secrets') ? contents.secrets : [],
    misconfigurations: only.has('misconfig') ? contents.misconfigurations : [],
    malware: only.has('malware') ? contents.malware : [],
    licenses: await part('licenses', async () =>
      (await import('./judge-licenses.ts')).judgeLicenses(packages, options.licensePolicy, now, errors),
    ),
    errors,
  };
  return applyDecisions(report, packages, options.decisions ?? NO_DECISIONS, now);
}

/** What was not looked at for malware, and why. */
async function withNotes(
  { kind }: ScanTarget,
  errors: readonly ScanError[],
  options: ScanOptions,
): Promise<readonly ScanError[]> {
  const { only = ALL, analyzers, malware } = options;
  if (kind === 'sbom' || analyzers !== undefined || !only.has('malware')) return errors;
  const { builtInMalwareScanner, withMalwareNotes } = await import('./malware-analyzer.ts');
  return withMalwareNotes(errors, (await malware?.()) ?? builtInMalwareScanner());
}

async function vulnerabilities(
  { packages, artifact }: TargetContents,
  options: ScanOptions,
  errors: ScanError[],
): Promise<readonly VulnerabilityFinding[]> {
  if (options.advisories === undefined) {
    throw new CodedError(
      'GC_DB_MISSING',
      'there is no vulnerability database: packages were listed but not judged',
      {
        hint: 'Run guardcell db update, or leave vulnerabilities out with --only.',
      },
    );
  }
  const source = await options.advisories();
  options.onProgress?.({ stage: 'match', done: 0, total: packages.length });
  const today = new Date(options.nowMs?.() ?? Date.now()).toISOString();
  const { findings, warnings } = matchPackages(packages, artifact.os, source, { today });
  errors.push(...warnings);
  return findings;
}
