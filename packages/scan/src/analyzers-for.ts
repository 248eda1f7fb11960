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
    ...(wants('misconfig') && isProject ? [(await import('./posture-analyzer.ts')).POSTURE_ANALYZER] : []),
  ];
}
