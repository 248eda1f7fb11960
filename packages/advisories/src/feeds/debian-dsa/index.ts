// Debian's list of advisories (DSA and DLA): as text, as its repository has it, or one JSON object each.
import type { FeedReader, Judgement, Parsed } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';
import { listOf, objectOf, word, words } from '../../loose.ts';
import { debianEcosystem } from '../debian/releases.ts';

interface Fix {
  readonly release: string;
  readonly source: string;
  readonly version: string;
}

interface Advisory {
  readonly id: string;
  readonly cves: readonly string[];
  readonly fixed: readonly Fix[];
}

function judge(advisory: Advisory, fix: Fix): Judgement | undefined {
  const ecosystem = debianEcosystem(fix.release);
  if (ecosystem === undefined || fix.source === '') return undefined;
  const shared = {
    vulnerabilities: advisory.cves.length > 0 ? advisory.cves : [advisory.id],
    advisory: advisory.id,
    ecosystem,
    name: fix.source,
    scheme: 'deb' as const,
    versions: [],
  };
  const open = { introduced: '0', fixed: '', lastAffected: '' };
  switch (fix.version) {
    case '<not-affected>':
      return { ...shared, ranges: [], status: 'not-affected', statusNote: 'not-affected' };
    case '<end-of-life>':
      return { ...shared, ranges: [open], status: 'will-not-fix', statusNote: 'end-of-life' };
    case '<unfixed>':
    case '':
      return { ...shared, ranges: [open], status: 'affected', statusNote: 'unfixed' };
    default:
      return { ...shared, ranges: [{ ...open, fixed: fix.version }], status: 'fixed', statusNote: '' };
  }
}

function parsed(advisory: Advisory): Parsed {
  return {
    affected: advisory.fixed.flatMap((fix) => judge(advisory, fix) ?? []),
    facts: advisory.cves.map((id) => ({
      id,
      references: [`https://security-tracker.debian.org/tracker/${advisory.id}`],
    })),
  };
}

function fromJson(value: unknown): Parsed {
  const record = objectOf(value);
  const id = word(record['id']);
  if (!/^(?:DSA|DLA)-\d+/.test(id)) return skip('no advisory id');
  return parsed({
    id,
    cves: words(record['cves']),
    fixed: listOf(record['fixed']).map((raw) => {
      const fix = objectOf(raw);
      return { release: word(fix['release']), source: word(fix['source']), version: word(fix['version']) };
    }),
  });
}

const HEAD = /^\[[^\]]{1,40}\] ((?:DSA|DLA)-\d+(?:-\d+)?)\b/;
const IDS = /^\s+\{([^}]*)\}/;
const FIX = /^\s+\[(\S+)\] - (\S+) (\S+)/;

/** Lines of the text list belong to the heading above them. */
export function debianDsaReader(): FeedReader {
  let open: { id: string; cves: readonly string[]; fixed: Fix[] } | undefined;
  const close = (): Parsed => {
    const done = open === undefined ? NOTHING_PARSED : parsed(open);
    open = undefined;
    return done;
  };
  const line = (text: string): Parsed => {
    const head = HEAD.exec(text);
    if (head !== null) {
      const done = close();
      open = { id: head[1] ?? '', cves: [], fixed: [] };
      return done;
    }
    const ids = IDS.exec(text);
    if (ids !== null && open !== undefined) open.cves = (ids[1] ?? '').split(/\s+/).filter((id) => id !== '');
    const fix = FIX.exec(text);
    if (fix !== null && open !== undefined) {
      open.fixed.push({ release: fix[1] ?? '', source: fix[2] ?? '', version: fix[3] ?? '' });
    }
    return NOTHING_PARSED;
  };
  return {
    record: (value) => (typeof value === 'string' ? line(value) : fromJson(value)),
    end: close,
  };
}
