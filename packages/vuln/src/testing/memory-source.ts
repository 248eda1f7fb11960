// For tests: advisories in memory, written by hand or read from OSV records.
import type { AdvisorySource, AffectedPackage, VersionRange, VulnerabilityFacts } from '@guardcell/core';
import { schemeOfEcosystem } from '../versions/ecosystems.ts';

/** What a test leaves out of an entry is filled in: affected, all versions, feed `test`. */
export function affected(
  entry: Partial<AffectedPackage> & Pick<AffectedPackage, 'vulnerability' | 'ecosystem' | 'name'>,
): AffectedPackage {
  return {
    advisory: entry.vulnerability,
    feed: 'test',
    scheme: schemeOfEcosystem(entry.ecosystem) ?? 'generic',
    ranges: [],
    versions: [],
    status: 'affected',
    statusNote: '',
    ...entry,
  };
}

export function range(introduced: string, fixed: string, lastAffected = ''): VersionRange {
  return { introduced, fixed, lastAffected };
}

export function facts(
  part: Partial<VulnerabilityFacts> & Pick<VulnerabilityFacts, 'id'>,
): VulnerabilityFacts {
  return {
    aliases: [],
    summary: '',
    cvss: [],
    cwe: [],
    references: [],
    published: '',
    withdrawn: false,
    ...part,
  };
}

export function memorySource(
  entries: readonly AffectedPackage[],
  known: readonly VulnerabilityFacts[] = [],
): AdvisorySource {
  const byName = new Map<string, AffectedPackage[]>();
  for (const entry of entries) {
    const key = `${entry.ecosystem}\n${entry.name}`;
    const list = byName.get(key) ?? [];
    byName.set(key, list);
    list.push(entry);
  }
  const byId = new Map(known.flatMap((fact) => [fact.id, ...fact.aliases].map((id) => [id, fact] as const)));
  return {
    affected: (ecosystem, name) => byName.get(`${ecosystem}\n${name}`) ?? [],
    facts: (id) => byId.get(id),
    ecosystems: new Set(entries.map(({ ecosystem }) => ecosystem)),
    revision: 'test',
  };
}

/** The parts of an OSV record that matching needs. */
export interface OsvRecord {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly related?: readonly string[];
  readonly withdrawn?: string;
  readonly affected?: readonly {
    readonly package?: { readonly ecosystem: string; readonly name: string };
    readonly versions?: readonly string[];
    readonly ranges?: readonly {
      readonly type: string;
      readonly events: readonly Readonly<Record<string, string>>[];
    }[];
    readonly ecosystem_specific?: {
      readonly imports?: readonly { readonly path: string; readonly symbols?: readonly string[] }[];
    };
  }[];
}

/** Entries of a record; advisories of distributions speak of the CVEs that they relate to. */
export function affectedOfOsv(record: OsvRecord, feed: string): readonly AffectedPackage[] {
  const cves = (record.related ?? []).filter((id) => id.startsWith('CVE-'));
  const subjects = record.id.startsWith('ALSA-') && cves.length > 0 ? cves : [record.id];
  return (record.affected ?? []).flatMap((one) => {
    const scheme = schemeOfEcosystem(one.package?.ecosystem ?? '');
    if (one.package === undefined || scheme === undefined) return [];
    const ranges = (one.ranges ?? [])
      .filter(({ type }) => type !== 'GIT')
      .flatMap(({ events }) => intervals(events));
    const imports = one.ecosystem_specific?.imports ?? [];
    const symbols = imports.flatMap(({ path, symbols = [] }) => symbols.map((symbol) => `${path}.${symbol}`));
    const entry = { ...one.package, scheme, ranges, versions: one.versions ?? [], advisory: record.id, feed };
    const fixable = ranges.some(({ fixed }) => fixed !== '');
    return subjects.map((vulnerability) =>
      affected({
        ...entry,
        vulnerability,
        status: fixable ? 'fixed' : 'affected',
        ...(symbols.length > 0 && { symbols }),
      }),
    );
  });
}

function intervals(events: readonly Readonly<Record<string, string>>[]): readonly VersionRange[] {
  const found: VersionRange[] = [];
  let introduced: string | undefined;
  for (const event of events) {
    if (event['introduced'] !== undefined) introduced = event['introduced'];
    else if (introduced !== undefined) {
      found.push(range(introduced, event['fixed'] ?? '', event['last_affected'] ?? ''));
      introduced = undefined;
    }
  }
  return introduced === undefined ? found : [...found, range(introduced, '')];
}
