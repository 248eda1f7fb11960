// CISA's catalog of vulnerabilities that are known to be exploited.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { listOf, objectOf, word, words } from '../../loose.ts';

function part(value: unknown): FactsPart | undefined {
  const item = objectOf(value);
  const id = word(item['cveID']);
  if (id === '') return undefined;
  return {
    id,
    kev: {
      added: word(item['dateAdded']),
      ransomware: word(item['knownRansomwareCampaignUse']).toLowerCase() === 'known',
    },
    cwe: words(item['cwes']),
    summary: word(item['vulnerabilityName']),
  };
}

/** The catalog as published, or one of its items. */
export function parseKev(value: unknown): Parsed {
  const record = objectOf(value);
  const items = 'vulnerabilities' in record ? listOf(record['vulnerabilities']) : [record];
  const facts = items.flatMap((item) => part(item) ?? []);
  return facts.length === 0 ? skip('no cveID') : { affected: [], facts };
}
