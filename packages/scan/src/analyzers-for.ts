// Which analyzers a scan needs for what it is asked for.
import { ANALYZERS, type Analyzer } from '@guardcell/image';
import type { ScanPart } from './scan-parts.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';

const OF_PACKAGES: readonly ScanPart[] = ['packages', 'vulnerabilities', 'licenses'];

/** A file that nobody asks for is never read, and what nobody asks for is never loaded: fewer parts are faster. */
export async function analyzersFor(
  kind: ScanTarget['kind'],
  { only, analyzers }: ScanOptions,
): Promise<readonly Analyzer[]> {
  if (analyzers !== undefined) return analyzers;
  const wants = (part: ScanPart): boolean => only?.has(part) ?? true;
  const isProject = kind === 'filesystem' || kind === 'repository';
  return [
    ...(OF_PACKAGES.some(wants) ? ANALYZERS : []),
    ...(wants('secrets') ? [(await import('./secrets-analyzer.ts')).secretsAnalyzer({ isProject })] : []),
    ...(wants('misconfig') ? await misconfigAnalyzers(kind) : []),
  ];
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
