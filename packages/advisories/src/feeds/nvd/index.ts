// NVD (JSON 2.0): enriches vulnerabilities with CVSS, CWE and references; never used to match packages.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { listOf, number, objectOf, word } from '../../loose.ts';

const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];
const MAX_REFERENCES = 10;

function part(raw: unknown): FactsPart | undefined {
  const cve = objectOf(objectOf(raw)['cve']);
  const id = word(cve['id']);
  if (id === '') return undefined;
  const metrics = objectOf(cve['metrics']);
  const english = listOf(cve['descriptions'])
    .map(objectOf)
    .find((entry) => entry['lang'] === 'en');
  return {
    id,
    summary: word(english?.['value']),
    published: word(cve['published']),
    withdrawn: word(cve['vulnStatus']) === 'Rejected',
    cvss: METRICS.flatMap((key) =>
      // The NVD's own judgement is of type Primary and comes first.
      listOf(metrics[key])
        .map(objectOf)
        .sort((a, b) => Number(b['type'] === 'Primary') - Number(a['type'] === 'Primary'))
        .flatMap((metric) => {
          const data = objectOf(metric['cvssData']);
          const vector = word(data['vectorString']);
          const source = metric['type'] === 'Primary' ? 'nvd' : word(metric['source']) || 'nvd';
          return vector === '' ? [] : [{ vector, score: number(data['baseScore']), source }];
        }),
    ),
    cwe: listOf(cve['weaknesses'])
      .flatMap((weakness) => [...listOf(objectOf(weakness)['description'])])
      .map((entry) => word(objectOf(entry)['value']))
      .filter((text) => /^CWE-\d+$/.test(text)),
    references: listOf(cve['references'])
      .map((entry) => word(objectOf(entry)['url']))
      .filter((url) => /^https?:/.test(url))
      .slice(0, MAX_REFERENCES),
  };
}

/** A page of the API or a yearly file. */
export function parseNvd(value: unknown): Parsed {
  const record = objectOf(value);
  const items = 'vulnerabilities' in record ? listOf(record['vulnerabilities']) : [record];
  const facts = items.flatMap((item) => part(item) ?? []);
  return facts.length === 0 && items.length > 0 ? skip('no CVE id') : { affected: [], facts };
}
