// Which analyzers a scan needs for what it is asked for.
import { ANALYZERS, type Analyzer } from '@guardcell/image';
import type { ScanPart } from './scan-parts.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';
import type { OnSecret } from './secrets-analyzer.ts';

const OF_PACKAGES: readonly ScanPart[] = ['packages', 'vulnerabilities', 'licenses'];

/** They know which files a distribution shipped: what stands there is published, not leaked. */
const OWNERS: ReadonlySet<string> = new Set(['dpkg', 'apk', 'rpm']);

/** A file that nobody asks for is never read, and what nobody asks for is never loaded: fewer parts are faster. */
export async function analyzersFor(
  kind: ScanTarget['kind'],
  options: ScanOptions,
  onSecret?: OnSecret,
): Promise<readonly Analyzer[]> {
  const { only, analyzers } = options;
  if (analyzers !== undefined) return analyzers;
  const wants = (part: ScanPart): boolean => only?.has(part) ?? true;
  return [
    // First: a file that is too large for others is their gap, not only a note of this one.
    ...(wants('malware') ? await malware(options, kind === 'host') : []),
    ...(OF_PACKAGES.some(wants)
      ? ANALYZERS
      : wants('secrets')
        ? ANALYZERS.filter(({ id }) => OWNERS.has(id))
        : []),
    ...(wants('secrets') ? [await secrets(kind, options, onSecret)] : []),
    ...(wants('misconfig') ? await misconfigAnalyzers(kind) : []),
  ];
}

async function malware(options: ScanOptions, isThisHost: boolean): Promise<readonly Analyzer[]> {
  const { builtInMalwareScanner, malwareAnalyzer } = await import('./malware-analyzer.ts');
  const { malwareArchiveAnalyzer } = await import('./malware-archive-analyzer.ts');
  const scanner = (await options.malware?.()) ?? builtInMalwareScanner();
  return [malwareAnalyzer(scanner, isThisHost), malwareArchiveAnalyzer(scanner)];
}

async function secrets(
  kind: ScanTarget['kind'],
  options: ScanOptions,
  onSecret: OnSecret | undefined,
): Promise<Analyzer> {
  const { secretsAnalyzer } = await import('./secrets-analyzer.ts');
  const { secretScannerFor } = await import('./secret-scanner.ts');
  return secretsAnalyzer({
    isProject: kind === 'filesystem' || kind === 'repository',
    isHost: kind === 'host',
    secrets: secretScannerFor(options),
    ...(onSecret === undefined ? {} : { onSecret }),
  });
}

async function misconfigAnalyzers(kind: ScanTarget['kind']): Promise<readonly Analyzer[]> {
  const mayBeProject = kind === 'filesystem';
  // A work tree of git has neither owners nor accounts of its own.
  const hygiene = kind !== 'repository' && (await import('./hygiene-analyzers.ts'));
  return [
    ...(mayBeProject || kind === 'repository'
      ? [(await import('./posture-analyzer.ts')).POSTURE_ANALYZER]
      : []),
    ...(hygiene === false ? [] : hygiene.hygieneAnalyzers({ isImage: kind === 'image', mayBeProject })),
  ];
}
