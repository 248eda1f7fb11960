// Vulnerabilities of the Node.js program itself.
import type { Parsed } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';
import { severityWord } from '../../identifiers.ts';
import { objectOf, word, words } from '../../loose.ts';
import { semverIntervals } from '../npm-nodewg/semver-intervals.ts';

/** One advisory; the index object at the end of the collection is no advisory. */
export function parseNodeCore(value: unknown, path: string): Parsed {
  const record = objectOf(value);
  const vulnerable = word(record['vulnerable']);
  if (vulnerable === '') return '1' in record ? NOTHING_PARSED : skip('no vulnerable range');
  const cves = words(record['cve']).filter((id) => id.startsWith('CVE-'));
  const number = /(\d+)\.json$/.exec(path)?.[1];
  const ids = cves.length > 0 ? cves : number === undefined ? [] : [`NODE-CORE-${number}`];
  const [first] = ids;
  if (first === undefined) return skip('no identifier');
  const ranges = branches(vulnerable, word(record['patched']));
  if (ranges === undefined) return skip('a range that cannot be read');
  const severity = severityWord(word(record['severity']));
  const url = word(record['ref']);
  return {
    affected: [
      {
        vulnerabilities: ids,
        advisory: first,
        ecosystem: 'Bitnami',
        name: 'node',
        scheme: 'semver',
        ranges,
        versions: [],
        status: ranges.some((range) => range.fixed !== '') ? 'fixed' : 'affected',
        statusNote: '',
        ...(severity === undefined ? {} : { severity }),
      },
    ],
    facts: ids.map((id) => ({
      id,
      summary: word(record['description']),
      references: /^https?:/.test(url) ? [url] : [],
    })),
  };
}

/** `8.x || 6.x` with `^8.1.4 || ^6.11.1`: a branch ends where its patched range begins. */
function branches(vulnerable: string, patched: string): ReturnType<typeof semverIntervals> {
  const safe = semverIntervals(patched, '') ?? [];
  const major = (version: string): string => version.split('.')[0] ?? '';
  return semverIntervals(vulnerable, '')?.map((range) => {
    const fix = safe.find(
      ({ introduced }) => introduced !== '0' && major(introduced) === major(range.introduced),
    );
    return fix === undefined ? range : { ...range, fixed: fix.introduced, lastAffected: '' };
  });
}
