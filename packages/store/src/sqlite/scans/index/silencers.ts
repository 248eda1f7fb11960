// Approved acceptances against findings: which finding is silenced by which, for as long as it is in force.

import type { AcceptanceScope } from '@guardcell/contract';
import { withoutTag } from '@guardcell/core';
import { globMatches } from '@guardcell/vuln';
import type { ApprovedAcceptance } from '../../../scan-ports.ts';
import type { ArtifactEntry, ScanIndex } from './scan-index.ts';

export interface Silencer {
  readonly acceptance: ApprovedAcceptance;
  readonly untilMs: number;
}

/** Those in force now, in the order of their ids; a time that cannot be read silences nothing. */
export function silencersOf(acceptances: readonly ApprovedAcceptance[], nowMs: number): Silencer[] {
  return acceptances
    .map((acceptance) => ({ acceptance, untilMs: Date.parse(acceptance.until) }))
    .filter(({ untilMs }) => untilMs > nowMs)
    .sort((a, b) => (a.acceptance.id < b.acceptance.id ? -1 : 1));
}

export function coversArtifact(index: ScanIndex, scope: AcceptanceScope, entry: ArtifactEntry): boolean {
  if (scope.artifact !== '' && index.keyOfAlias.get(scope.artifact) !== entry.key) return false;
  if (scope.image === '') return true;
  return entry.references.some((name) => globMatches(scope.image, withoutTag(name)));
}

export function factsCovered(index: ScanIndex, scope: AcceptanceScope): readonly number[] {
  return index.factsNamed.get(scope.vulnerability.toLowerCase()) ?? [];
}

function coversPackage(index: ScanIndex, scope: AcceptanceScope, key: number | undefined): boolean {
  return scope.package === '' || scope.package === index.packages[key ?? 0]?.name;
}

/** Rows of one artifact that a scope covers; `facts` are those of its vulnerability. */
export function* coveredRows(
  index: ScanIndex,
  scope: AcceptanceScope,
  facts: ReadonlySet<number>,
  { columns }: ArtifactEntry,
): Generator<number> {
  for (let row = 0; row < columns.length; row += 1) {
    if (facts.has(columns.fact[row] ?? 0) && coversPackage(index, scope, columns.package[row])) yield row;
  }
}

/** Marks the findings of these artifacts anew, in one pass over them however many acceptances there are. */
export function markSilenced(index: ScanIndex, entries: Iterable<ArtifactEntry>): void {
  const { silencers } = index;
  const byFact = new Map<number, number[]>();
  for (const [at, { acceptance }] of silencers.entries()) {
    for (const fact of factsCovered(index, acceptance.scope)) {
      const places = byFact.get(fact) ?? [];
      places.push(at);
      byFact.set(fact, places);
    }
  }
  for (const entry of entries) {
    entry.silencedBy = undefined;
    if (byFact.size > 0) markEntry(index, entry, byFact);
  }
}

function markEntry(index: ScanIndex, entry: ArtifactEntry, byFact: ReadonlyMap<number, number[]>): void {
  const { columns } = entry;
  const covered = new Map<number, boolean>();
  const covers = (at: number, row: number): boolean => {
    const scope = index.silencers[at]?.acceptance.scope;
    if (scope === undefined || !coversPackage(index, scope, columns.package[row])) return false;
    const known = covered.get(at) ?? coversArtifact(index, scope, entry);
    covered.set(at, known);
    return known;
  };
  for (let row = 0; row < columns.length; row += 1) {
    const at = byFact.get(columns.fact[row] ?? 0)?.find((place) => covers(place, row));
    if (at === undefined) continue;
    entry.silencedBy ??= new Int32Array(columns.length);
    entry.silencedBy[row] = at + 1;
  }
}
