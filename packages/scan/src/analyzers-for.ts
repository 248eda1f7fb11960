// Which analyzers a scan needs for what it is asked for.
import { ANALYZERS, type Analyzer } from '@guardcell/image';
import { POSTURE_ANALYZER } from './posture-analyzer.ts';
import type { ScanPart } from './scan-parts.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';
import { secretsAnalyzer } from './secrets-analyzer.ts';

const OF_PACKAGES: readonly ScanPart[] = ['packages', 'vulnerabilities', 'licenses'];

/** A file that nobody asks for is never read: fewer parts are faster. */
export function analyzersFor(
  kind: ScanTarget['kind'],
  { only, analyzers }: ScanOptions,
): readonly Analyzer[] {
  if (analyzers !== undefined) return analyzers;
  const wants = (part: ScanPart): boolean => only?.has(part) ?? true;
  const isProject = kind === 'filesystem' || kind === 'repository';
  return [
    ...(OF_PACKAGES.some(wants) ? ANALYZERS : []),
    ...(wants('secrets') ? [secretsAnalyzer({ isProject })] : []),
    ...(wants('misconfig') && isProject ? [POSTURE_ANALYZER] : []),
  ];
}
