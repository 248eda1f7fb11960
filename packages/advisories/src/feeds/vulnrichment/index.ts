// CISA's vulnrichment: SSVC decision points, CVSS and CWE, as a container within CVE records or slimmed to one object.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { listOf, number, objectOf, type Untyped, word, words } from '../../loose.ts';

type Cvss = NonNullable<FactsPart['cvss']>;

function ssvcOf(exploitation: unknown, automatable: unknown, impact: unknown): Pick<FactsPart, 'ssvc'> {
  const ssvc = {
    exploitation: word(exploitation),
    automatable: word(automatable),
    impact: word(impact),
  };
  return ssvc.exploitation === '' ? {} : { ssvc };
}

function slim(record: Untyped, id: string): FactsPart {
  const ssvc = objectOf(record['ssvc']);
  const vector = word(record['cvss']);
  return {
    id,
    published: word(record['published']),
    cvss: vector === '' ? [] : [{ vector, score: number(record['score']), source: 'cisa' }],
    cwe: words(record['cwe']),
    ...ssvcOf(ssvc['Exploitation'], ssvc['Automatable'], ssvc['Technical Impact']),
  };
}

function metricVectors(metrics: readonly unknown[]): Cvss {
  return metrics.flatMap((raw) =>
    ['cvssV4_0', 'cvssV3_1', 'cvssV3_0', 'cvssV2_0'].flatMap((key) => {
      const score = objectOf(objectOf(raw)[key]);
      const vector = word(score['vectorString']);
      return vector === '' ? [] : [{ vector, score: number(score['baseScore']), source: 'cisa' }];
    }),
  );
}

function options(metrics: readonly unknown[]): Untyped {
  for (const raw of metrics) {
    const other = objectOf(objectOf(raw)['other']);
    if (word(other['type']) !== 'ssvc') continue;
    // Each point is an object of its own: [{Exploitation: 'poc'}, {Automatable: 'no'}, …].
    const points = listOf(objectOf(other['content'])['options']).map((point) => objectOf(point));
    return Object.assign({}, ...points) as Untyped;
  }
  return {};
}

function full(record: Untyped, id: string): FactsPart {
  const metadata = objectOf(record['cveMetadata']);
  const containers = listOf(objectOf(record['containers'])['adp']).map((raw) => objectOf(raw));
  const cisa = containers.filter((adp) => /cisa/i.test(word(objectOf(adp['providerMetadata'])['shortName'])));
  const metrics = cisa.flatMap((adp) => [...listOf(adp['metrics'])]);
  const ssvc = options(metrics);
  const problems = cisa.flatMap((adp) => [...listOf(adp['problemTypes'])]);
  return {
    id,
    published: word(metadata['datePublished']),
    cvss: metricVectors(metrics),
    cwe: problems
      .flatMap((raw) => [...listOf(objectOf(raw)['descriptions'])])
      .map((raw) => word(objectOf(raw)['cweId']))
      .filter((cwe) => cwe !== ''),
    ...(word(metadata['state']) === 'REJECTED' ? { withdrawn: true } : {}),
    ...ssvcOf(ssvc['Exploitation'], ssvc['Automatable'], ssvc['Technical Impact']),
  };
}

/** One record, in either shape. */
export function parseVulnrichment(value: unknown): Parsed {
  const record = objectOf(value);
  const id = word(record['id']);
  if (id !== '') return { affected: [], facts: [slim(record, id)] };
  const own = word(objectOf(record['cveMetadata'])['cveId']);
  return own === '' ? skip('no CVE id') : { affected: [], facts: [full(record, own)] };
}
