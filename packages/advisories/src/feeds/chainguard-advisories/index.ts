// Advisories of Wolfi and Chainguard, schema 2: events by package, the last one is in force.
import type { VulnerabilityStatus } from '@guardcell/core';
import type { FactsPart, Judgement, Parsed } from '../../feed.ts';
import { skip } from '../../feed.ts';
import { preferredId } from '../../identifiers.ts';
import { listOf, objectOf, type Untyped, word, words } from '../../loose.ts';

interface Verdict {
  readonly status: VulnerabilityStatus;
  readonly note: string;
  readonly fixed: string;
}

function verdict(event: Untyped): Verdict | undefined {
  const data = objectOf(event['data']);
  switch (word(event['type'])) {
    case 'fixed': {
      const fixed = word(data['fixed-version']);
      if (fixed === '') return undefined;
      // By their convention 0 says that no version was ever affected.
      return fixed === '0'
        ? { status: 'not-affected', note: 'not-affected', fixed: '' }
        : { status: 'fixed', note: '', fixed };
    }
    case 'false-positive-determination':
      return { status: 'not-affected', note: word(data['type']) || 'false-positive', fixed: '' };
    case 'pending-upstream-fix':
      return { status: 'fix-deferred', note: 'pending-upstream-fix', fixed: '' };
    case 'fix-not-planned':
      return { status: 'will-not-fix', note: 'fix-not-planned', fixed: '' };
    case 'true-positive-determination':
    case 'analysis-not-planned':
      return { status: 'affected', note: word(event['type']), fixed: '' };
    case 'detection':
      return { status: 'under-investigation', note: 'detection', fixed: '' };
    default:
      return undefined;
  }
}

function latest(events: readonly unknown[]): Untyped {
  let found: Untyped = {};
  for (const raw of events) {
    const event = objectOf(raw);
    if (word(event['timestamp']) >= word(found['timestamp'])) found = event;
  }
  return found;
}

/** One package with its advisories. */
export function parseChainguardAdvisories(value: unknown, ecosystem: string): Parsed {
  const record = objectOf(value);
  const name = word(objectOf(record['package'])['name']);
  if (name === '') return skip('no package');
  const affected: Judgement[] = [];
  const facts: FactsPart[] = [];
  for (const raw of listOf(record['advisories'])) {
    const advisory = objectOf(raw);
    const id = word(advisory['id']);
    const aliases = words(advisory['aliases']);
    const found = verdict(latest(listOf(advisory['events'])));
    if (id === '' || found === undefined) continue;
    const vulnerability = preferredId(aliases[0] ?? id, aliases);
    affected.push({
      vulnerabilities: [vulnerability],
      advisory: id,
      ecosystem,
      name,
      scheme: 'apk',
      ranges:
        found.status === 'not-affected' ? [] : [{ introduced: '0', fixed: found.fixed, lastAffected: '' }],
      versions: [],
      status: found.status,
      statusNote: found.note,
    });
    // CGA ids name a package's share in a vulnerability, so they are no alias of it; CVE and GHSA are.
    if (aliases.length > 0) facts.push({ id: vulnerability, aliases });
  }
  return { affected, facts };
}
