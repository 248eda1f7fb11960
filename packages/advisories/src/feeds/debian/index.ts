// Debian's security tracker (JSON): by source package, vulnerability and release, fixed or not and why not.
import type { VulnerabilityStatus } from '@guardcell/core';
import type { FactsPart, Judgement, Parsed } from '../../feed.ts';
import { severityWord } from '../../identifiers.ts';
import { objectOf, type Untyped, word } from '../../loose.ts';
import { debianEcosystem } from './releases.ts';

interface Verdict {
  readonly status: VulnerabilityStatus;
  readonly note: string;
  readonly fixed: string;
}

/** Undefined where the tracker says nothing that concerns an installed package. */
function verdict(release: Untyped): Verdict | undefined {
  const state = word(release['status']);
  const fixed = word(release['fixed_version']);
  const urgency = word(release['urgency']).replaceAll('*', '');
  if (state === 'resolved') {
    if (fixed === '0') return { status: 'not-affected', note: 'not-affected', fixed: '' };
    return fixed === ''
      ? undefined
      : { status: 'fixed', note: urgency === 'unimportant' ? urgency : '', fixed };
  }
  if (state === 'undetermined') return { status: 'under-investigation', note: state, fixed: '' };
  if (state !== 'open') return undefined;
  if (urgency === 'end-of-life') return { status: 'will-not-fix', note: urgency, fixed: '' };
  if (urgency === 'unimportant') return { status: 'affected', note: urgency, fixed: '' };
  const reason = word(release['nodsa_reason']);
  if (reason === 'ignored') return { status: 'will-not-fix', note: reason, fixed: '' };
  if (reason === 'postponed') return { status: 'fix-deferred', note: reason, fixed: '' };
  if ('nodsa' in release) return { status: 'fix-deferred', note: 'no-dsa', fixed: '' };
  return { status: 'affected', note: '', fixed: '' };
}

function judge(source: string, id: string, codename: string, raw: unknown): Judgement | undefined {
  const release = objectOf(raw);
  const ecosystem = debianEcosystem(codename);
  const found = verdict(release);
  if (ecosystem === undefined || found === undefined) return undefined;
  const severity = severityWord(word(release['urgency']));
  return {
    vulnerabilities: [id],
    advisory: id,
    ecosystem,
    name: source,
    scheme: 'deb',
    ranges:
      found.status === 'not-affected' ? [] : [{ introduced: '0', fixed: found.fixed, lastAffected: '' }],
    versions: [],
    status: found.status,
    statusNote: found.note,
    ...(severity === undefined ? {} : { severity }),
  };
}

/** The whole document: source package → vulnerability → releases. */
export function parseDebianTracker(document: unknown): Parsed {
  const affected: Judgement[] = [];
  const facts: FactsPart[] = [];
  for (const [source, vulnerabilities] of Object.entries(objectOf(document))) {
    for (const [id, raw] of Object.entries(objectOf(vulnerabilities))) {
      // TEMP-… entries change their id once a CVE is assigned; they are kept, the tracker has nothing better.
      const entry = objectOf(raw);
      for (const [codename, release] of Object.entries(objectOf(entry['releases']))) {
        const judged = judge(source, id, codename, release);
        if (judged !== undefined) affected.push(judged);
      }
      facts.push({ id, summary: word(entry['description']) });
    }
  }
  return affected.length === 0 ? { affected, facts, skipped: 'no releases' } : { affected, facts };
}
