// Steps of the plan that replace a base image: what the new one does not have any more is closed in all that is built on
// the old one, with or without a fixed version.
import type { FixStep, VulnerabilityFilter } from '@guardcell/contract';
import { newerBases } from './base-images.ts';
import { layerIn, scoreIn, severityIn } from './finding-columns.ts';
import { noRanks, severityCounts } from './index/counts.ts';
import { visitRows } from './index/row-filter.ts';
import type { ArtifactEntry, ScanIndex } from './index/scan-index.ts';
import type { Sql } from './scan-file.ts';

export interface ScoredStep {
  readonly step: FixStep;
  /** Sum of the scores of the findings it closes. */
  readonly score: number;
}

interface Growing {
  readonly reference: string;
  readonly old: ArtifactEntry;
  readonly now: ArtifactEntry;
  /** Vulnerability and name of the package, of all findings of the new base. */
  readonly remaining: ReadonlySet<string>;
  readonly closes: Map<number, number>;
  readonly artifacts: Set<number>;
  score: number;
}

const MOST_IDS = 200;

function remainingIn(index: ScanIndex, { columns }: ArtifactEntry): ReadonlySet<string> {
  const found = new Set<string>();
  for (let row = 0; row < columns.length; row += 1) found.add(nameOf(index, columns, row));
  return found;
}

function nameOf(index: ScanIndex, columns: ArtifactEntry['columns'], row: number): string {
  const v = index.vulnerabilityOf[columns.fact[row] as number];
  return `${v} ${index.packages[columns.package[row] as number]?.name}`;
}

export function baseImageSteps(
  sql: Sql,
  index: ScanIndex,
  filter: VulnerabilityFilter,
  nowMs: number,
): ScoredStep[] {
  const bases = newerBases(sql, index);
  if (bases.size === 0) return [];
  const steps = new Map<string, Growing>();
  visitRows(index, filter, nowMs, (entry, row) => {
    const base = bases.get(entry.key);
    const traits = entry.columns.traits[row] as number;
    const layer = layerIn(traits);
    if (base === undefined || layer === 0 || layer > base.layers) return;
    const { reference, old, now } = base;
    const key = `${old.key} ${now.key}`;
    const step = steps.get(key) ?? {
      reference,
      old,
      now,
      remaining: remainingIn(index, now),
      closes: new Map<number, number>(),
      artifacts: new Set<number>(),
      score: 0,
    };
    steps.set(key, step);
    if (step.remaining.has(nameOf(index, entry.columns, row))) return;
    const v = index.vulnerabilityOf[entry.columns.fact[row] as number] as number;
    step.closes.set(v, Math.min(step.closes.get(v) ?? 255, severityIn(traits)));
    step.artifacts.add(entry.key);
    step.score += scoreIn(traits);
  });
  return [...steps.values()].filter(({ closes }) => closes.size > 0).map((step) => scored(index, step));
}

function scored(index: ScanIndex, { reference, old, now, closes, artifacts, score }: Growing): ScoredStep {
  const ranks = noRanks();
  for (const rank of closes.values()) ranks[rank as 0] += 1;
  const ids = [...closes].sort((a, b) => a[1] - b[1]).map(([v]) => index.vulnerabilities.text(v));
  return {
    score,
    step: {
      action: `FROM ${reference}`,
      package: '',
      packageName: reference,
      from: old.id,
      to: now.id,
      closes: severityCounts(ranks),
      vulnerabilities: ids.slice(0, MOST_IDS),
      artifacts: artifacts.size,
    },
  };
}
