// secdb, the format of Alpine's fixed vulnerabilities, which Wolfi and Chainguard publish too.
import type { Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { idsWithin } from '../../identifiers.ts';
import { listOf, many, objectOf, word } from '../../loose.ts';

/** Slips of those who write secdb by hand: `4.8.0.-r1`, `10.2.26.r0`, `57-1-r2`. */
function tidied(version: string): string {
  return version
    .replace(/\.+(?=-r\d+$)/, '')
    .replace(/(?<=\d)\.r(?=\d+$)/, '-r')
    .replace(/(?<=\d)-(?=\d+-r\d+$)/, '.');
}

function judge(ecosystem: string, name: string, version: string, ids: readonly string[]): Judgement {
  const never = version === '0';
  return {
    vulnerabilities: ids,
    advisory: ids[0] ?? '',
    ecosystem,
    name,
    scheme: 'apk',
    ranges: never ? [] : [{ introduced: '0', fixed: version, lastAffected: '' }],
    versions: [],
    status: never ? 'not-affected' : 'fixed',
    statusNote: never ? 'not-affected' : '',
  };
}

/**
 * One document of one repository.
 * @param rolling the ecosystem of distributions without releases (`Wolfi`); Alpine's documents name theirs.
 */
export function parseSecdb(value: unknown, rolling: string | undefined): Parsed {
  const document = objectOf(value);
  const release = word(document['distroversion']);
  const ecosystem = rolling ?? (release === '' ? undefined : `Alpine:${release}`);
  if (ecosystem === undefined) return skip('no release');
  const affected: Judgement[] = [];
  for (const raw of listOf(document['packages'])) {
    const pack = objectOf(objectOf(raw)['pkg']);
    const name = word(pack['name']);
    if (name === '') continue;
    for (const [version, texts] of Object.entries(objectOf(pack['secfixes']))) {
      for (const text of many(texts)) {
        // One text may hold several names of one vulnerability, and words beside them.
        for (const id of idsWithin(word(text))) affected.push(judge(ecosystem, name, tidied(version), [id]));
      }
    }
  }
  return { affected, facts: [] };
}
