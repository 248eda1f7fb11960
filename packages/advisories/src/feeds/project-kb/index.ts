// project-kb: Maven artifacts that were assessed one version at a time.
import type { Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { listOf, objectOf, word } from '../../loose.ts';

const ARTIFACT = /^pkg:maven\/([^/@]+)\/([^/@?]+)@([^?#]+)/;
const MAX_VERSIONS = 5000;

/** One statement. */
export function parseProjectKb(value: unknown): Parsed {
  const record = objectOf(value);
  const id = word(record['vulnerability_id']);
  if (id === '') return skip('no id');
  const versions = new Map<string, string[]>();
  for (const raw of listOf(record['artifacts'])) {
    const artifact = objectOf(raw);
    const match = ARTIFACT.exec(word(artifact['id']));
    if (artifact['affected'] !== true || match === null) continue;
    const name = `${decodeURIComponentSafe(match[1] ?? '')}:${decodeURIComponentSafe(match[2] ?? '')}`;
    const known = versions.get(name) ?? [];
    if (known.length < MAX_VERSIONS) known.push(decodeURIComponentSafe(match[3] ?? ''));
    versions.set(name, known);
  }
  const affected = [...versions].map(
    ([name, listed]): Judgement => ({
      vulnerabilities: [id],
      advisory: id,
      ecosystem: 'Maven',
      name,
      scheme: 'maven',
      ranges: [],
      versions: listed,
      status: 'affected',
      statusNote: '',
    }),
  );
  return { affected, facts: [{ id }] };
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
