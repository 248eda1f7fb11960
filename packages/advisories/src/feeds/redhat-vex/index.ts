// Red Hat's CSAF VEX documents: one vulnerability each, with the state of every package of every release.
import type { VulnerabilityStatus } from '@guardcell/core';
import type { Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { severityWord } from '../../identifiers.ts';
import { listOf, number, objectOf, type Untyped, word, words } from '../../loose.ts';
import { type RpmProduct, readProducts } from './products.ts';

interface State {
  readonly key: string;
  readonly status: VulnerabilityStatus;
  readonly note: string;
}

const STATES: readonly State[] = [
  { key: 'fixed', status: 'fixed', note: '' },
  { key: 'known_affected', status: 'affected', note: 'Affected' },
  { key: 'known_not_affected', status: 'not-affected', note: 'not-affected' },
  { key: 'under_investigation', status: 'under-investigation', note: 'under-investigation' },
];

/** What Red Hat intends for products that are affected: `Will not fix`, `Fix deferred`, `Out of support scope`. */
function intentions(vulnerability: Untyped): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const raw of listOf(vulnerability['remediations'])) {
    const remedy = objectOf(raw);
    if (!['no_fix_planned', 'none_available'].includes(word(remedy['category']))) continue;
    for (const product of words(remedy['product_ids']))
      found.set(product, word(remedy['details']).slice(0, 60));
  }
  return found;
}

function intended(note: string): VulnerabilityStatus {
  if (/will not fix|out of support/i.test(note)) return 'will-not-fix';
  return /deferred/i.test(note) ? 'fix-deferred' : 'affected';
}

function judgement(
  id: string,
  ecosystem: string,
  rpm: RpmProduct,
  state: State,
  intention: string,
  severity: ReturnType<typeof severityWord>,
): Judgement {
  const note = state.key === 'known_affected' && intention !== '' ? intention : state.note;
  return {
    vulnerabilities: [id],
    advisory: id,
    ecosystem,
    name: rpm.name,
    scheme: 'rpm',
    ranges:
      state.status === 'not-affected'
        ? []
        : [{ introduced: '0', fixed: state.key === 'fixed' ? rpm.evr : '', lastAffected: '' }],
    versions: [],
    status: state.key === 'known_affected' ? intended(note) : state.status,
    statusNote: note,
    modules: rpm.module === '' ? [] : [rpm.module],
    ...(severity === undefined ? {} : { severity }),
  };
}

/** One document. Extended-support streams and layered products are left out: plain installations do not follow them. */
export function parseRedhatVex(value: unknown): Parsed {
  const document = objectOf(value);
  const products = readProducts(document['product_tree']);
  const severity = severityWord(word(objectOf(objectOf(document['document'])['aggregate_severity'])['text']));
  const affected = new Map<string, Judgement>();
  const facts: Parsed['facts'][number][] = [];
  for (const raw of listOf(document['vulnerabilities'])) {
    const vulnerability = objectOf(raw);
    const id = word(vulnerability['cve']);
    if (id === '') continue;
    const plans = intentions(vulnerability);
    for (const state of STATES) {
      for (const product of words(objectOf(vulnerability['product_status'])[state.key])) {
        const [packageId = '', platformId = ''] = products.parts.get(product) ?? [];
        const ecosystem = products.platforms.get(platformId);
        const rpm = products.packages.get(packageId);
        if (ecosystem === undefined || rpm === undefined || (state.key === 'fixed' && rpm.evr === ''))
          continue;
        // One for all architectures; a fix speaks before whatever else is said of the package.
        const key = `${ecosystem} ${rpm.name} ${rpm.module} ${id}`;
        if (affected.has(key)) continue;
        affected.set(key, judgement(id, ecosystem, rpm, state, plans.get(product) ?? '', severity));
      }
    }
    facts.push({
      id,
      published: word(vulnerability['release_date']),
      cwe: [word(objectOf(vulnerability['cwe'])['id'])].filter((cwe) => cwe !== ''),
      summary: word(objectOf(document['document'])['title']),
      cvss: listOf(vulnerability['scores'])
        .slice(0, 4)
        .flatMap((entry) =>
          ['cvss_v4', 'cvss_v3', 'cvss_v2'].flatMap((key) => {
            const score = objectOf(objectOf(entry)[key]);
            const vector = word(score['vectorString']);
            return vector === '' ? [] : [{ vector, score: number(score['baseScore']), source: 'redhat' }];
          }),
        ),
    });
  }
  return facts.length === 0 ? skip('no vulnerability') : { affected: [...affected.values()], facts };
}
