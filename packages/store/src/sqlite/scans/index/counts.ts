// Counting findings by severity, and the summary of an artifact.
import type { ArtifactSummary, SeverityCounts } from '@guardcell/contract';
import { IN_USE } from '@guardcell/core';
import { inUseIn, scoreIn, severityIn } from '../finding-columns.ts';
import { FLAG } from '../finding-parts.ts';
import type { ArtifactEntry, ScanIndex } from './scan-index.ts';

/** By rank of severity. */
export type Ranks = [number, number, number, number, number];
export const noRanks = (): Ranks => [0, 0, 0, 0, 0];

export function severityCounts([critical, high, medium, low, info]: Ranks): SeverityCounts {
  return { critical, high, medium, low, info };
}

/** What is counted of findings wherever they are shown together. */
export interface Tally {
  readonly ranks: Ranks;
  findings: number;
  fixable: number;
  exploited: number;
  inUse: number;
  score: number;
}

export function emptyTally(): Tally {
  return { ranks: noRanks(), findings: 0, fixable: 0, exploited: 0, inUse: 0, score: 0 };
}

/** Executed or loaded: index of IN_USE up to which code of the package runs. */
const LOADED = IN_USE.indexOf('loaded');

export function addRow(tally: Tally, index: ScanIndex, { columns }: ArtifactEntry, row: number): void {
  const traits = columns.traits[row] ?? 0;
  const rank = severityIn(traits) as 0 | 1 | 2 | 3 | 4;
  tally.ranks[rank] += 1;
  tally.findings += 1;
  if (columns.fixed[row] !== 0) tally.fixable += 1;
  if (((index.flagsOf[columns.fact[row] as number] as number) & FLAG.exploited) !== 0) tally.exploited += 1;
  if (inUseIn(traits) <= LOADED) tally.inUse += 1;
  tally.score = Math.max(tally.score, scoreIn(traits));
}

/** Best first: score, then how many of each severity. */
export function riskKey({ score, ranks }: Tally): number[] {
  return [-score, -ranks[0], -ranks[1], -ranks[2], -ranks[3]];
}

export function isoTime(ms: number): string {
  return ms === 0 ? '' : new Date(ms).toISOString();
}

export function summaryOf(entry: ArtifactEntry, tally: Tally, accepted: number): ArtifactSummary {
  return {
    id: entry.id,
    kind: entry.kind,
    name: entry.name,
    references: [...entry.references],
    registries: [...entry.registries],
    platform: entry.platform,
    os: entry.os,
    size: entry.size,
    packages: entry.packages,
    vulnerabilities: severityCounts(tally.ranks),
    fixable: tally.fixable,
    exploited: tally.exploited,
    inUse: tally.inUse,
    accepted,
    secrets: entry.secrets,
    misconfigurations: entry.misconfigurations,
    malware: entry.malware,
    risk: tally.score,
    running: entry.running,
    scannedAt: isoTime(entry.scannedMs),
    matchedAt: isoTime(entry.matchedMs),
    errors: entry.errors,
  };
}
