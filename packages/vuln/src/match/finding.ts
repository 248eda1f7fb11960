// Makes a finding of what feeds say of one vulnerability in one package.
import type {
  InUse,
  Severity,
  SoftwarePackage,
  VulnerabilityFacts,
  VulnerabilityFinding,
  VulnerabilityStatus,
} from '@guardcell/core';
import { severityRank } from '@guardcell/core';
import { cvssScore, severityOfScore } from '../risk/cvss.ts';
import { type RiskInput, riskOf } from '../risk/score.ts';
import type { Hit, VulnerabilityHits } from './hits.ts';
import { streamOf } from './module-stream.ts';
import { firstFixed } from './ranges.ts';

/** What is known of the place where the package is. */
export interface Circumstances {
  readonly inUse: InUse;
  readonly exposure: RiskInput['exposure'];
}

export function findingOf(
  pkg: SoftwarePackage,
  vulnerability: VulnerabilityHits,
  facts: VulnerabilityFacts | undefined,
  { inUse, exposure }: Circumstances,
): VulnerabilityFinding {
  const { id, ids, hits } = vulnerability;
  const entries = hits.map((hit) => hit.entry);
  const release = firstFixed(entries, telling(hits, '').lookup.version, streamOf(pkg));
  const main = telling(hits, release);
  const { entry } = main;
  const fixed = asInstalled(pkg, release);
  const demotion = demotionOf(pkg, hits);
  const cvss = baseScore(facts);
  const severity = demotion === '' ? severityOf(hits, cvss, facts) : 'info';
  const risk = riskOf({
    cvss,
    severity: severityOf(hits, cvss, facts),
    facts,
    exposure,
    inUse,
    fixed,
    demotion,
  });
  const aliases = new Set([...ids, ...(facts === undefined ? [] : [facts.id, ...facts.aliases])]);
  aliases.delete(id);
  return {
    id,
    aliases: [...aliases].sort(),
    package: pkg.purl,
    packageName: pkg.name,
    installed: pkg.version,
    fixed,
    severity,
    cvss,
    score: risk.score,
    factors: risk.factors,
    status: statusOf(hits, fixed),
    inUse,
    summary: facts?.summary ?? '',
    references: facts?.references ?? [],
    explain: {
      feed: entry.feed,
      advisory: entry.advisory,
      ecosystem: entry.ecosystem,
      matchedName: entry.name,
      range: main.hit.range,
      comparison: demotion === '' ? main.hit.comparison : `${main.hit.comparison}; ${demotion}`,
    },
  };
}

/** Go writes versions of modules with a `v`, its advisories without: people copy what they read. */
function asInstalled(pkg: SoftwarePackage, fixed: string): string {
  return pkg.type === 'golang' && pkg.version.startsWith('v') && /^\d/.test(fixed) ? `v${fixed}` : fixed;
}

/**
 * The judgement that is shown: the one that the fixed version is from, so that the range explains it; else one that
 * names a fix, then by feed, so that the same data gives the same report.
 */
function telling(hits: readonly Hit[], fixed: string): Hit {
  const [first, ...others] = hits;
  if (first === undefined) throw new RangeError('a vulnerability without a judgement');
  const key = ({ entry, hit }: Hit): string =>
    `${fixed !== '' && entry.ranges.some((range) => range.fixed === fixed) ? 0 : 1} ${hit.comparison.includes(' < ') ? 0 : 1} ${entry.feed} ${entry.advisory} ${entry.name}`;
  return others.reduce((best, hit) => (key(hit) < key(best) ? hit : best), first);
}

function demotionOf(pkg: SoftwarePackage, hits: readonly Hit[]): string {
  if (pkg.inert === true) return 'nothing of the package runs';
  return hits.every((hit) => hit.symbols === false) ? 'none of the functions at fault is in the program' : '';
}

/** Of the first vector that can be read: sources stand best first. */
function baseScore(facts: VulnerabilityFacts | undefined): number {
  for (const { vector, score } of facts?.cvss ?? []) {
    const read = score > 0 ? score : cvssScore(vector);
    if (read !== undefined) return read;
  }
  return 0;
}

/**
 * The distribution's own word first, it knows how it builds; then CVSS. When nobody says anything it is `medium`, and
 * `high` when it is known to be exploited.
 */
function severityOf(hits: readonly Hit[], cvss: number, facts: VulnerabilityFacts | undefined): Severity {
  if (hits.some((hit) => hit.entry.statusNote === 'unimportant')) return 'info';
  const words = hits.flatMap(({ entry }) => (entry.severity === undefined ? [] : [entry.severity]));
  const worst = words.toSorted((a, b) => severityRank(a) - severityRank(b))[0];
  const fromDistribution = hits.some(({ lookup }) => lookup.distribution);
  if (worst !== undefined && (fromDistribution || cvss === 0)) return worst;
  if (cvss > 0) return severityOfScore(cvss);
  return facts?.kev === undefined ? 'medium' : 'high';
}

/** `fixed` says that there is a version to go to; without one the feed's reason stays. */
function statusOf(hits: readonly Hit[], fixed: string): VulnerabilityStatus {
  if (fixed !== '') return 'fixed';
  const statuses = hits.map(({ entry }) => entry.status);
  const reasons = ['will-not-fix', 'fix-deferred', 'under-investigation'] as const;
  return reasons.find((reason) => statuses.includes(reason)) ?? 'affected';
}
