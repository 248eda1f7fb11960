// Records of the OSV schema, whoever publishes them: language ecosystems, distributions, GitHub's own advisories.
import type { Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { isCve, severityWord, vulnerabilitiesNamed } from '../../identifiers.ts';
import { listOf, objectOf, word, words } from '../../loose.ts';
import { canonicalEcosystem, isDistribution, schemeOf } from './ecosystem.ts';
import { rpmModules } from './modules.ts';
import { osvIntervals } from './ranges.ts';
import { goSymbols } from './symbols.ts';

const MAX_REFERENCES = 10;
const MAX_VERSIONS = 5000;

function vectors(severity: unknown, source: string): { vector: string; score: number; source: string }[] {
  return listOf(severity).flatMap((raw) => {
    const entry = objectOf(raw);
    const vector = word(entry['score']);
    return word(entry['type']).startsWith('CVSS') && vector.includes('/')
      ? [{ vector, score: 0, source }]
      : [];
  });
}

/** Which vulnerabilities a record is about: for distributions those that the advisory fixes. */
function subjects(
  record: Readonly<Record<string, unknown>>,
  id: string,
  distribution: boolean,
): readonly string[] {
  const aliases = words(record['aliases']);
  const own = vulnerabilitiesNamed(id, aliases);
  if (!distribution || own.some(isCve)) return own;
  const named = [...words(record['upstream']), ...words(record['related']), ...aliases].filter(isCve);
  return named.length > 0 ? [...new Set(named)] : own;
}

function severityOf(record: Readonly<Record<string, unknown>>, affected: Readonly<Record<string, unknown>>) {
  const written = [
    objectOf(affected['ecosystem_specific'])['severity'],
    // Debian's word.
    objectOf(affected['ecosystem_specific'])['urgency'],
    objectOf(affected['database_specific'])['severity'],
    objectOf(record['database_specific'])['severity'],
    /^(Critical|Important|Moderate|Low):/.exec(word(record['summary']))?.[1],
    listOf(record['severity']).map(
      (entry) => word(objectOf(entry)['type']) === 'Ubuntu' && objectOf(entry)['score'],
    )[0],
  ];
  return written.map((value) => severityWord(word(value))).find((value) => value !== undefined);
}

function judge(record: Readonly<Record<string, unknown>>, raw: unknown, id: string): Judgement | undefined {
  const affected = objectOf(raw);
  const pack = objectOf(affected['package']);
  const ecosystem = canonicalEcosystem(word(pack['ecosystem']));
  const name = word(pack['name']);
  if (ecosystem === undefined || name === '') return undefined;
  const ranges = osvIntervals(affected);
  const versions = words(affected['versions']).slice(0, MAX_VERSIONS);
  if (ranges.length === 0 && versions.length === 0) return undefined;
  const severity = severityOf(record, affected);
  const symbols = ecosystem === 'Go' ? goSymbols(affected['ecosystem_specific']) : [];
  const modules = schemeOf(ecosystem) === 'rpm' ? rpmModules(word(record['summary']), ranges) : undefined;
  return {
    vulnerabilities: subjects(record, id, isDistribution(ecosystem)),
    advisory: id,
    ecosystem,
    name,
    scheme: schemeOf(ecosystem),
    ranges,
    versions,
    status: ranges.some((range) => range.fixed !== '') ? 'fixed' : 'affected',
    statusNote:
      word(objectOf(record['database_specific'])['review_status']) === 'UNREVIEWED' ? 'unreviewed' : '',
    ...(severity === undefined ? {} : { severity }),
    ...(symbols.length === 0 ? {} : { symbols }),
    ...(modules === undefined ? {} : { modules }),
  };
}

/** One OSV record. `source` names the publisher of its CVSS vectors. */
export function parseOsv(value: unknown, source: string): Parsed {
  const record = objectOf(value);
  const id = word(record['id']);
  if (id === '' || id.length > 128) return skip('no id');
  const listed = listOf(record['affected']);
  const affected = listed.flatMap((raw) => judge(record, raw, id) ?? []);
  const withdrawn = word(record['withdrawn']) !== '';
  const distribution = affected.some((entry) => isDistribution(entry.ecosystem));
  const aliases = words(record['aliases']);
  const about = affected[0]?.vulnerabilities ?? vulnerabilitiesNamed(id, aliases);
  // An advisory of a distribution that fixes many is a thing of its own, not another name of each.
  const isOwnThing = distribution && about.length > 1;
  const cvss = [
    ...vectors(record['severity'], source),
    ...listed.flatMap((raw) => vectors(objectOf(raw)['severity'], source)),
  ];
  const published = word(record['published']);
  const facts = {
    aliases: isOwnThing ? [] : [id, ...aliases],
    summary: word(record['summary']),
    cvss: cvss.filter((entry, at) => cvss.findIndex((other) => other.vector === entry.vector) === at),
    cwe: words(objectOf(record['database_specific'])['cwe_ids']),
    references: listOf(record['references'])
      .map((entry) => word(objectOf(entry)['url']))
      .filter((url) => /^https?:\/\//.test(url))
      .slice(0, MAX_REFERENCES),
    published: published.startsWith('0001') ? '' : published,
    withdrawn,
  };
  const subjectIds = isOwnThing ? [id] : about;
  return {
    affected: withdrawn ? [] : affected,
    facts: withdrawn && distribution ? [] : subjectIds.map((subject) => ({ id: subject, ...facts })),
  };
}
