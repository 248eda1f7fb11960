// retire.js: JavaScript libraries with the versions that a vulnerability lies between.
import type { FactsPart, Judgement, Parsed } from '../../feed.ts';
import { severityWord, vulnerabilitiesNamed } from '../../identifiers.ts';
import { listOf, objectOf, type Untyped, word, words } from '../../loose.ts';

const NO_LIBRARY: ReadonlySet<string> = new Set(['retire-example', 'dont check']);

function idsOf(name: string, entry: Untyped): readonly string[] {
  const identifiers = objectOf(entry['identifiers']);
  const cves = words(identifiers['CVE']).filter((id) => /^CVE-\d/.test(id));
  const github = word(identifiers['githubID']);
  if (cves.length > 0 || github !== '') return [...cves, ...(github === '' ? [] : [github])];
  const other = word(identifiers['retid']) || word(identifiers['bug']) || word(identifiers['issue']);
  return other === '' ? [] : [`RETIREJS-${name}-${other}`];
}

/** The whole document. */
export function parseRetirejs(document: unknown): Parsed {
  const affected: Judgement[] = [];
  const facts: FactsPart[] = [];
  let skipped = 0;
  for (const [key, raw] of Object.entries(objectOf(document))) {
    if (NO_LIBRARY.has(key)) continue;
    const library = objectOf(raw);
    const name = word(library['npmname']) || key;
    for (const item of listOf(library['vulnerabilities'])) {
      const entry = objectOf(item);
      const below = word(entry['below']);
      const ids = idsOf(name, entry);
      const [first] = ids;
      if (first === undefined || below === '') {
        skipped += 1;
        continue;
      }
      const about = vulnerabilitiesNamed(first, ids);
      // `2.999.999` is no release: the whole branch is affected.
      const endless = /\.9{3,}(?:\.9{3,})?$/.test(below);
      const severity = severityWord(word(entry['severity']));
      affected.push({
        vulnerabilities: about,
        advisory: ids.find((other) => other.startsWith('GHSA-')) ?? first,
        ecosystem: 'npm',
        name,
        scheme: 'npm',
        ranges: [
          {
            introduced: word(entry['atOrAbove']) || '0',
            fixed: endless ? '' : below,
            lastAffected: endless ? below : '',
          },
        ],
        versions: [],
        status: endless ? 'affected' : 'fixed',
        statusNote: '',
        ...(severity === undefined ? {} : { severity }),
      });
      const known = {
        aliases: ids,
        summary: word(objectOf(entry['identifiers'])['summary']),
        cwe: words(entry['cwe']),
        references: words(entry['info']).filter((url) => /^https?:/.test(url)),
      };
      facts.push(...about.map((id) => ({ id, ...known })));
    }
  }
  return { affected, facts, ...(skipped > 0 ? { skipped: `${skipped} without identifier` } : {}) };
}
