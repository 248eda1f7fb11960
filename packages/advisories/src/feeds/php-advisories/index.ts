// FriendsOfPHP: Composer packages with version constraints by branch.
import type { VersionRange } from '@guardcell/core';
import type { Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { objectOf, word, words } from '../../loose.ts';

/** The constraints of one branch hold together. */
function interval(constraints: readonly string[]): VersionRange | undefined {
  let range: VersionRange = { introduced: '0', fixed: '', lastAffected: '' };
  for (const constraint of constraints.flatMap((text) => text.split(','))) {
    const match = /^\s*(>=|<=|<|>|==?|)\s*v?(\d\S*)\s*$/.exec(constraint);
    if (match === null) return undefined;
    const [, operator, version = ''] = match;
    if (operator === '>=') range = { ...range, introduced: version };
    // Composer has no version between 1.2.3 and 1.2.3.1 other than 1.2.3 itself.
    else if (operator === '>') range = { ...range, introduced: `${version}.1` };
    else if (operator === '<') range = { ...range, fixed: version };
    else if (operator === '<=') range = { ...range, lastAffected: version };
    else range = { introduced: version, fixed: '', lastAffected: version };
  }
  return range;
}

/** One advisory file. */
export function parsePhpAdvisory(value: unknown, path: string): Parsed {
  const record = objectOf(value);
  const reference = word(record['reference']);
  if (!reference.startsWith('composer://')) return skip('no Composer package');
  const name = reference.slice('composer://'.length).toLowerCase();
  const cve = word(record['cve']);
  const own = `FOP-${(word(record['_path']) || path)
    .replace(/\.ya?ml$/, '')
    .split('/')
    .slice(-3)
    .join('/')}`;
  const id = cve === '' ? own : cve;
  const branches = Object.values(objectOf(record['branches'])).map((raw) => objectOf(raw));
  const read = branches.map((branch) => interval(words(branch['versions'])));
  const ranges = read.flatMap((range) => range ?? []);
  if (ranges.length === 0) return skip('no constraint that can be read');
  const link = word(record['link']);
  return {
    affected: [
      {
        vulnerabilities: [id],
        advisory: own,
        ecosystem: 'Packagist',
        name,
        scheme: 'composer',
        ranges,
        versions: [],
        status: ranges.some((range) => range.fixed !== '') ? 'fixed' : 'affected',
        statusNote: '',
      },
    ],
    facts: [
      {
        id,
        aliases: [],
        summary: word(record['title']),
        references: /^https?:/.test(link) ? [link] : [],
        published: word(branches[0]?.['time']),
      },
    ],
    ...(ranges.length < read.length ? { skipped: 'a constraint that cannot be read' } : {}),
  };
}
