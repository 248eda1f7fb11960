// NVD (JSON 2.0): enriches vulnerabilities with CVSS, CWE and references; never used to match packages.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { list, number, object, word } from '../../loose.ts';

const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];
const MAX_REFERENCES = 10;

function part(raw: unknown): FactsPart | undefined {
  const cve = object(object(raw)['cve']);
  const id = word(cve['id']);
  if (id === '') return undefined;
  const metrics = object(cve['metrics']);
  const english = list(cve['descriptions'])
    .map(object)
    .find((entry) => entry['lang'] === 'en');
  return {
    id,
    summary: word(english?.['value']),
    published: word(cve['published']),
    withdrawn: word(cve['vulnStatus']) === 'Rejected',
    cvss: METRICS.flatMap((key) =>
      // The NVD's own judgement is of type Primary and comes first.
      list(metrics[key])
        .map(object)
        .sort((a, b) => Number(b['type'] === 'Primary') - Number(a['type'] === 'Primary'))
        .flatMap((metric) => {
          const data = object(metric['cvssData']);
          const vector = word(data['vectorString']);
          const source = metric['type'] === 'Primary' ? 'nvd' : word(metric['source']) || 'nvd';
          return vector === '' ? [] : [{ vector, score: number(data['baseScore']), source }];
        }),
    ),
    cwe: list(cve['weaknesses'])
      .flatMap((weakness) => [...list(object(weakness)['description'])])
      .map((entry) => word(object(entry)['value']))
      .filter((text) => /^CWE-\d+$/.test(text)),
    references: list(cve['references'])
      .map((entry) => word(object(entry)['url']))
      .filter((url) => /^https?:/.test(url))
      .slice(0, MAX_REFERENCES),
  };
}

/** A page of the API or a yearly file. */
export function parseNvd(value: unknown): Parsed {
  const record = object(value);
  const items = 'vulnerabilities' in record ? list(record['vulnerabilities']) : [record];
  const facts = items.flatMap((item) => part(item) ?? []);
  return facts.length === 0 && items.length > 0 ? skip('no CVE id') : { affected: [], facts };
}
