// The Node.js ecosystem group's advisories on npm packages (until 2019).
import type { Parsed } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';
import { number, objectOf, word, words } from '../../loose.ts';
import { semverIntervals } from './semver-intervals.ts';

/** One advisory; the index object at the end of the collection is no advisory. */
export function parseNodewg(value: unknown): Parsed {
  const record = objectOf(value);
  const name = word(record['module_name']);
  if (name === '') return '1' in record ? NOTHING_PARSED : skip('no module');
  const own = `NSWG-ECO-${word(record['id'])}`;
  const cves = words(record['cves']).filter((id) => id.startsWith('CVE-'));
  const about = cves.length > 0 ? [...new Set(cves)] : [own];
  const ranges = semverIntervals(word(record['vulnerable_versions']), word(record['patched_versions']));
  if (ranges === undefined) return skip('a range that cannot be read');
  const vector = word(record['cvss_vector']);
  return {
    affected:
      ranges.length === 0
        ? []
        : [
            {
              vulnerabilities: about,
              advisory: own,
              ecosystem: 'npm',
              name,
              scheme: 'npm',
              ranges,
              versions: [],
              status: ranges.some((range) => range.fixed !== '') ? 'fixed' : 'affected',
              statusNote: '',
            },
          ],
    facts: about.map((id) => ({
      id,
      aliases: [own, ...cves],
      summary: word(record['title']),
      cvss: vector.startsWith('CVSS:')
        ? [{ vector, score: number(record['cvss_score']), source: 'npm-nodewg' }]
        : [],
      references: words(record['references']).filter((url) => /^https?:/.test(url)),
      published: word(record['publish_date']),
    })),
  };
}
