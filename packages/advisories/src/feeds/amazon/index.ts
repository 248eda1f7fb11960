// Amazon Linux: updateinfo.xml of its repositories, one element for each ALAS advisory.
import type { Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { isCve, severityWord } from '../../identifiers.ts';
import { childrenNamed, childText, descendants, type XmlElement } from '../../read/xml.ts';

/** `ALAS2023-2023-001` → 2023, `ALAS2-2018-939` → 2, `ALAS-2011-1` → 1; topics of extras are written between. */
function release(id: string): string | undefined {
  const match = /^ALAS(2023|2022|2)?(?:[A-Z][A-Z0-9_.]*)?-/i.exec(id);
  return match === null ? undefined : (match[1] ?? '1');
}

function evr(pack: XmlElement): string {
  const { epoch = '0', version = '', release: build = '' } = pack.attributes;
  return `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}${build === '' ? '' : `-${build}`}`;
}

/** One `update` element. */
export function parseAmazonUpdate(value: unknown): Parsed {
  const update = value as XmlElement;
  const id = childText(update, 'id');
  const major = release(id);
  if (major === undefined) return skip('no ALAS id');
  const references = descendants(update, 'reference');
  const cves = references.map((entry) => entry.attributes['id'] ?? '').filter(isCve);
  const vulnerabilities = cves.length > 0 ? [...new Set(cves)] : [id];
  const severity = severityWord(childText(update, 'severity'));
  // The same build is listed once for each architecture.
  const fixes = new Map<string, Judgement>();
  for (const pack of descendants(update, 'package')) {
    const name = pack.attributes['name'] ?? '';
    const fixed = evr(pack);
    if (name === '' || (pack.attributes['version'] ?? '') === '') continue;
    fixes.set(`${name} ${fixed}`, {
      vulnerabilities,
      advisory: id,
      ecosystem: `Amazon Linux:${major}`,
      name,
      scheme: 'rpm',
      ranges: [{ introduced: '0', fixed, lastAffected: '' }],
      versions: [],
      status: 'fixed',
      statusNote: '',
      ...(severity === undefined ? {} : { severity }),
    });
  }
  const published = childrenNamed(update, 'issued')[0]?.attributes['date'] ?? '';
  return {
    affected: [...fixes.values()],
    facts: [
      {
        id: vulnerabilities.length === 1 ? (vulnerabilities[0] ?? id) : id,
        aliases: vulnerabilities.length === 1 ? [id] : [],
        references: references
          .map((entry) => entry.attributes['href'] ?? '')
          .filter((u) => /^https?:/.test(u)),
        published: published.replace(' ', 'T'),
      },
    ],
  };
}
