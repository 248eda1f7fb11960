// Counting: turns (facts, number of alerts) pairs into the answers of the aggregate queries. Shared by all engines.
import { type AlertDimension, type Severity, severityRank } from '@guardcell/core';
import { MINUTE_MS } from './day.ts';
import { type AlertFacts, facetValues } from './facts.ts';
import {
  type FacetValue,
  MAX_BUCKETS,
  SEVERITY_WEIGHTS,
  type SeverityCounts,
  type TopContainer,
} from './ports.ts';
import { storeError } from './store-error.ts';

/** So many alerts have these facts. */
export interface Tally {
  readonly facts: AlertFacts;
  readonly count: number;
}

export interface TopRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
}

export const NO_COUNTS: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function countsOf(tallies: Iterable<Tally>): SeverityCounts {
  const counts = { ...NO_COUNTS };
  for (const { facts, count } of tallies) counts[facts.severity] += count;
  return counts;
}

export function facetOf(tallies: Iterable<Tally>, dimension: AlertDimension, top: number): FacetValue[] {
  const found = new Map<string, { label: string; count: number }>();
  for (const { facts, count } of tallies) {
    for (const value of facetValues(facts, dimension)) {
      if (value === '') continue;
      const entry = found.get(value) ?? { label: '', count: 0 };
      entry.count += count;
      // Early alerts of a container may lack its name; of several names the last in order is shown.
      if (dimension === 'container' && facts.containerName > entry.label) entry.label = facts.containerName;
      found.set(value, entry);
    }
  }
  return [...found]
    .map(([value, { label, count }]) => ({ value, label: label === '' ? value : label, count }))
    .sort((a, b) => b.count - a.count || byCodeUnits(a.value, b.value))
    .slice(0, top);
}

function weight(counts: SeverityCounts): number {
  let sum = 0;
  for (const severity of Object.keys(SEVERITY_WEIGHTS) as Severity[]) {
    sum += counts[severity] * SEVERITY_WEIGHTS[severity];
  }
  return sum;
}

export function topContainersOf(tallies: Iterable<Tally>, top: number): TopContainer[] {
  const found = new Map<string, { name: string; image: string; counts: Record<Severity, number> }>();
  for (const { facts, count } of tallies) {
    const entry = found.get(facts.container) ?? { name: '', image: '', counts: { ...NO_COUNTS } };
    entry.counts[facts.severity] += count;
    if (facts.containerName > entry.name) entry.name = facts.containerName;
    if (facts.image > entry.image) entry.image = facts.image;
    found.set(facts.container, entry);
  }
  return [...found]
    .map(([container, entry]) => ({ container, ...entry }))
    .sort((a, b) => weight(b.counts) - weight(a.counts) || byCodeUnits(a.container, b.container))
    .slice(0, top);
}

export function topRulesOf(tallies: Iterable<Tally>, top: number): TopRule[] {
  const found = new Map<string, { severity: Severity; count: number }>();
  for (const { facts, count } of tallies) {
    const entry = found.get(facts.rule) ?? { severity: facts.severity, count: 0 };
    entry.count += count;
    if (severityRank(facts.severity) < severityRank(entry.severity)) entry.severity = facts.severity;
    found.set(facts.rule, entry);
  }
  return [...found]
    .map(([rule, entry]) => ({ rule, ...entry }))
    .sort((a, b) => b.count - a.count || byCodeUnits(a.rule, b.rule))
    .slice(0, top);
}

/** A stretch of time, ms since 1970, `toMs` exclusive. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export function wholeMinutes(fromMs: number, toMs: number): Stretch {
  return {
    fromMs: Math.floor(fromMs / MINUTE_MS) * MINUTE_MS,
    toMs: Math.ceil(toMs / MINUTE_MS) * MINUTE_MS,
  };
}

/**
 * Cuts a time into equal stretches with whole-millisecond borders.
 * @throws CodedError GC_STORE_BAD_QUERY
 */
export function histogramStretches(
  fromMs: number | undefined,
  toMs: number | undefined,
  buckets: number,
): Stretch[] {
  if (fromMs === undefined || toMs === undefined || !(fromMs < toMs)) {
    throw storeError('GC_STORE_BAD_QUERY', 'a histogram needs a time that ends after it begins');
  }
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MAX_BUCKETS) {
    throw storeError('GC_STORE_BAD_QUERY', `a histogram has 1 to ${MAX_BUCKETS} buckets`);
  }
  const border = (index: number): number => Math.round(fromMs + ((toMs - fromMs) * index) / buckets);
  return Array.from({ length: buckets }, (_, index) => ({ fromMs: border(index), toMs: border(index + 1) }));
}

/** @throws CodedError GC_STORE_BAD_QUERY */
export function trendStretches(fromMs: number, toMs: number, stepMs: number): Stretch[] {
  const whole = wholeMinutes(fromMs, toMs);
  if (!Number.isInteger(stepMs / MINUTE_MS) || stepMs <= 0) {
    throw storeError('GC_STORE_BAD_QUERY', 'the step of a trend is a multiple of a minute');
  }
  const steps = Math.max(0, Math.ceil((whole.toMs - whole.fromMs) / stepMs));
  if (!(steps <= MAX_BUCKETS))
    throw storeError('GC_STORE_BAD_QUERY', `a trend has at most ${MAX_BUCKETS} steps`);
  return Array.from({ length: steps }, (_, index) => {
    const startMs = whole.fromMs + index * stepMs;
    return { fromMs: startMs, toMs: Math.min(startMs + stepMs, whole.toMs) };
  });
}
