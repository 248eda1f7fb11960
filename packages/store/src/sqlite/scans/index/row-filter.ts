// One pass over all findings: which of them a filter takes, and for facets which single condition one fails.
import type { VulnerabilityFilter } from '@guardcell/contract';
import { IN_USE, isExposed, PACKAGE_TYPES, SEVERITIES, VULNERABILITY_STATUSES } from '@guardcell/core';
import { FLAG } from '../finding-parts.ts';
import { type ArtifactEntry, findArtifact, type ScanIndex, type Workload } from './scan-index.ts';

/** Conditions that have a facet; a finding that fails one alone still counts in that facet. */
const CONDITIONS = [
  'severity',
  'status',
  'inUse',
  'type',
  'kind',
  'fixable',
  'exploited',
  'artifact',
  'package',
  'exposed',
] as const;
export type Condition = (typeof CONDITIONS)[number];
export const failing = (condition: Condition): number => 1 << CONDITIONS.indexOf(condition);

const DAY_MS = 86_400_000;

/** Called for findings that match; with `facets` also for those that fail conditions, whose bits are in `fails`. */
export type Visit = (entry: ArtifactEntry, row: number, fails: number) => void;

/** Bits of the values that are taken; all when none is named. */
function bits<T>(all: readonly T[], wanted: readonly T[] | undefined): number {
  if (wanted === undefined || wanted.length === 0) return -1;
  return wanted.reduce((mask, value) => mask | (1 << all.indexOf(value)), 0);
}

/** Whether the report or an acceptance silences a finding; `day` is today in days since 1970. */
export function isSilenced({ silencedBy, columns }: ArtifactEntry, row: number, day: number): boolean {
  return (silencedBy?.[row] ?? 0) > 0 || (columns.silencedBefore[row] ?? 0) > day;
}

export const dayOfMs = (ms: number): number => Math.floor(ms / DAY_MS);

/** Places where `q` occurs; undefined without one. */
interface Words {
  readonly fact: Uint8Array;
  readonly package: Uint8Array;
  readonly word: string;
}

function wordsOf(index: ScanIndex, q: string | undefined): Words | undefined {
  const word = q?.trim().toLowerCase() ?? '';
  if (word === '') return undefined;
  const fact = new Uint8Array(index.facts.length);
  for (const [key, entry] of index.facts.entries()) if (entry?.words.includes(word)) fact[key] = 1;
  const packages = new Uint8Array(index.packages.length);
  for (const [key, entry] of index.packages.entries())
    if (entry?.name.toLowerCase().includes(word)) packages[key] = 1;
  return { fact, package: packages, word };
}

interface Place {
  readonly entries: readonly ArtifactEntry[];
  /** Key of the artifact that the filter names; undefined when it names none, 0 when it is not known. */
  readonly artifact: number | undefined;
}

function placesOf(index: ScanIndex, filter: VulnerabilityFilter): Place {
  const artifact =
    filter.artifact === undefined ? undefined : (findArtifact(index, filter.artifact)?.key ?? 0);
  const workloads =
    filter.container === undefined
      ? undefined
      : new Set(workloadsNamed(index, filter.container).map((one) => one.artifact));
  const entries = [...index.artifacts.values()].filter(
    (entry) =>
      (filter.running === undefined || filter.running === runs(entry)) &&
      (filter.registry === undefined || entry.registries.includes(filter.registry)) &&
      (workloads === undefined || workloads.has(entry.key)),
  );
  return { entries, artifact };
}

/** By id, or its first twelve characters and more. */
export function workloadsNamed(index: ScanIndex, id: string): readonly Workload[] {
  return index.workloads.filter((one) => one.id === id || (id.length >= 12 && one.id.startsWith(id)));
}

/** A host runs what is installed on it. */
export function runs({ kind, running }: ArtifactEntry): boolean {
  return kind === 'host' || running > 0;
}

/** Walks artifact by artifact, each whole before the next. */
export function visitRows(
  index: ScanIndex,
  filter: VulnerabilityFilter,
  nowMs: number,
  visit: Visit,
  facets = false,
): void {
  const day = dayOfMs(nowMs);
  const severity = bits(SEVERITIES, filter.severity);
  const status = bits(VULNERABILITY_STATUSES, filter.status);
  const inUse = bits(IN_USE, filter.inUse);
  const type = bits(PACKAGE_TYPES, filter.type);
  const words = wordsOf(index, filter.q);
  const accepted = filter.accepted ?? false;
  const { fixable, exploited } = filter;
  const { flagsOf, packages, typeOf } = index;
  const { entries, artifact } = placesOf(index, filter);
  for (const entry of entries) {
    const { columns } = entry;
    const kindFails = (filter.kind?.length ?? 0) > 0 && !filter.kind?.includes(entry.kind);
    const ofArtifact =
      (kindFails ? failing('kind') : 0) |
      (artifact !== undefined && artifact !== entry.key ? failing('artifact') : 0) |
      (filter.exposed !== undefined && filter.exposed !== isExposed(entry.exposure) ? failing('exposed') : 0);
    // Two conditions fail for all of it, or one where only matches are asked for.
    if (ofArtifact !== 0 && (!facets || (ofArtifact & (ofArtifact - 1)) !== 0)) continue;
    const named = words === undefined || entry.words.includes(words.word);
    const silences = entry.silencedBy;
    for (let row = 0; row < columns.length; row += 1) {
      const silenced = (silences?.[row] ?? 0) > 0 || (columns.silencedBefore[row] as number) > day;
      if (silenced !== accepted) continue;
      const traits = columns.traits[row] as number;
      const factKey = columns.fact[row] as number;
      const packageKey = columns.package[row] as number;
      let fails = ofArtifact;
      if (((severity >> (traits & 7)) & 1) === 0) fails |= 1;
      if (((status >> ((traits >> 3) & 7)) & 1) === 0) fails |= 2;
      if (((inUse >> ((traits >> 6) & 7)) & 1) === 0) fails |= 4;
      if (fails !== 0 && !facets) continue;
      if (type !== -1 && ((type >> (typeOf[packageKey] as number)) & 1) === 0) fails |= 8;
      if (fixable !== undefined && fixable !== ((columns.fixed[row] as number) !== 0)) fails |= 32;
      if (exploited !== undefined && exploited !== (((flagsOf[factKey] as number) & FLAG.exploited) !== 0))
        fails |= 64;
      if (filter.package !== undefined && packages[packageKey]?.name !== filter.package) fails |= 256;
      if (fails !== 0 && (!facets || (fails & (fails - 1)) !== 0)) continue;
      if (!named && words?.fact[factKey] !== 1 && words?.package[packageKey] !== 1) continue;
      visit(entry, row, fails);
    }
  }
}
