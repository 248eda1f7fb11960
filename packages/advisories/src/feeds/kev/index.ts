// CISA's catalog of vulnerabilities that are known to be exploited.
import type { FactsPart, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { list, object, word, words } from '../../loose.ts';

function part(value: unknown): FactsPart | undefined {
  const item = object(value);
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
  const record = object(value);
  const items = 'vulnerabilities' in record ? list(record['vulnerabilities']) : [record];
  const facts = items.flatMap((item) => part(item) ?? []);
  return facts.length === 0 ? skip('no cveID') : { affected: [], facts };
}
