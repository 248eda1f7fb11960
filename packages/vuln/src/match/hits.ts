// What the database says of one package: judgements that concern its version, gathered by vulnerability.
import type { AdvisorySource, AffectedPackage, SoftwarePackage } from '@guardcell/core';
import type { Lookup } from '../purl/lookup.ts';
import { bestId } from './identity.ts';
import { isOtherStream, streamOf } from './module-stream.ts';
import { judgeVersion, type RangeHit } from './ranges.ts';
import { symbolsPresent } from './symbols.ts';

export interface Hit {
  readonly entry: AffectedPackage;
  readonly lookup: Lookup;
  readonly hit: RangeHit;
  /** Undefined where functions are not known on both sides. */
  readonly symbols: boolean | undefined;
}

/** Everything that was said of one vulnerability in one package. */
export interface VulnerabilityHits {
  readonly id: string;
  /** Ids that feeds used for it. */
  readonly ids: ReadonlySet<string>;
  readonly hits: readonly Hit[];
}

export interface PackageHits {
  readonly vulnerabilities: readonly VulnerabilityHits[];
  /** Entries whose bounds or versions could not be compared with the installed version. */
  readonly unreadable: number;
}

interface Gathering {
  readonly ids: Set<string>;
  readonly hits: Hit[];
  cleared: boolean;
}

/** Finds the best id of a vulnerability; asks the source once for each id. */
export function identities(source: AdvisorySource): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const facts = id.startsWith('CVE-') ? undefined : source.facts(id);
    const best = facts === undefined ? id : bestId([id, facts.id, ...facts.aliases]);
    known.set(id, best);
    return best;
  };
}

/** Asks the source every question and keeps what holds for the version; who says `not affected` settles it. */
export function hitsOf(
  pkg: SoftwarePackage,
  lookups: readonly Lookup[],
  source: AdvisorySource,
  identity: (id: string) => string,
): PackageHits {
  const gathered = new Map<string, Gathering>();
  let unreadable = 0;
  let answered = false;
  const stream = streamOf(pkg);
  for (const lookup of lookups) {
    if (lookup.fallback && answered) continue;
    for (const entry of entriesOf(source, lookup)) {
      answered = true;
      const id = identity(entry.vulnerability);
      const group = gathered.get(id) ?? { ids: new Set<string>(), hits: [], cleared: false };
      gathered.set(id, group);
      group.ids.add(entry.vulnerability);
      if (entry.status === 'not-affected') {
        group.cleared ||= clears(entry, lookup.version, stream);
        continue;
      }
      const verdict = judgeVersion(entry, lookup.version, stream);
      if (verdict === 'unreadable') unreadable += 1;
      else if (verdict !== 'outside')
        group.hits.push({ entry, lookup, hit: verdict, symbols: symbolsPresent(entry.symbols, pkg.symbols) });
    }
  }
  const vulnerabilities = [...gathered]
    .filter(([, group]) => group.hits.length > 0 && !group.cleared)
    .map(([id, { ids, hits }]) => ({ id, ids, hits }));
  return { vulnerabilities, unreadable };
}

function entriesOf(source: AdvisorySource, { ecosystems, name }: Lookup): readonly AffectedPackage[] {
  if (ecosystems.length === 1) return source.affected(ecosystems[0] ?? '', name);
  return ecosystems.flatMap((ecosystem) => source.affected(ecosystem, name));
}

/** Without ranges and versions the statement is about every version. */
function clears(entry: AffectedPackage, version: string, stream: string | undefined): boolean {
  // What is said of a stream clears packages that are known to be of it.
  if (entry.modules !== undefined && isOtherStream(entry, stream) !== false) return false;
  if (entry.ranges.length === 0 && entry.versions.length === 0) return true;
  return typeof judgeVersion(entry, version, stream) !== 'string';
}
