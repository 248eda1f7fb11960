// CISA's vulnrichment: SSVC decision points, CVSS and CWE, as a container within CVE records or slimmed to one object.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { type Loose, list, number, object, word, words } from '../../loose.ts';

type Cvss = NonNullable<FactsPart['cvss']>;

function ssvcOf(exploitation: unknown, automatable: unknown, impact: unknown): Pick<FactsPart, 'ssvc'> {
  const ssvc = {
    exploitation: word(exploitation),
    automatable: word(automatable),
    impact: word(impact),
  };
  return ssvc.exploitation === '' ? {} : { ssvc };
}

function slim(record: Loose, id: string): FactsPart {
  const ssvc = object(record['ssvc']);
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
      const score = object(object(raw)[key]);
      const vector = word(score['vectorString']);
      return vector === '' ? [] : [{ vector, score: number(score['baseScore']), source: 'cisa' }];
    }),
  );
}

function options(metrics: readonly unknown[]): Loose {
  for (const raw of metrics) {
    const other = object(object(raw)['other']);
    if (word(other['type']) !== 'ssvc') continue;
    // Each point is an object of its own: [{Exploitation: 'poc'}, {Automatable: 'no'}, …].
    const points = list(object(other['content'])['options']).map((point) => object(point));
    return Object.assign({}, ...points) as Loose;
  }
  return {};
}

function full(record: Loose, id: string): FactsPart {
  const metadata = object(record['cveMetadata']);
  const containers = list(object(record['containers'])['adp']).map((raw) => object(raw));
  const cisa = containers.filter((adp) => /cisa/i.test(word(object(adp['providerMetadata'])['shortName'])));
  const metrics = cisa.flatMap((adp) => [...list(adp['metrics'])]);
  const ssvc = options(metrics);
  const problems = cisa.flatMap((adp) => [...list(adp['problemTypes'])]);
  return {
    id,
    published: word(metadata['datePublished']),
    cvss: metricVectors(metrics),
    cwe: problems
      .flatMap((raw) => [...list(object(raw)['descriptions'])])
      .map((raw) => word(object(raw)['cweId']))
      .filter((cwe) => cwe !== ''),
    ...(word(metadata['state']) === 'REJECTED' ? { withdrawn: true } : {}),
    ...ssvcOf(ssvc['Exploitation'], ssvc['Automatable'], ssvc['Technical Impact']),
  };
}

/** One record, in either shape. */
export function parseVulnrichment(value: unknown): Parsed {
  const record = object(value);
  const id = word(record['id']);
  if (id !== '') return { affected: [], facts: [slim(record, id)] };
  const own = word(object(record['cveMetadata'])['cveId']);
  return own === '' ? skip('no CVE id') : { affected: [], facts: [full(record, own)] };
}
