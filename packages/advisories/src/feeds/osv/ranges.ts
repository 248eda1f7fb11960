// OSV range events → intervals.
import type { VersionRange } from '@guardcell/core';
import { listOf, objectOf, word } from '../../loose.ts';

const MAX_EVENTS = 2000;

interface Close {
  readonly fixed: string;
  readonly lastAffected: string;
}

const OPEN: Close = { fixed: '', lastAffected: '' };

/**
 * Pairs the events of one range. They come in order of versions nearly always; where all `introduced` are written
 * first, the n-th belongs to the n-th end.
 */
export function eventIntervals(events: readonly unknown[]): readonly VersionRange[] {
  const starts: string[] = [];
  const ends: Close[] = [];
  let alternating = true;
  for (const raw of events.slice(0, MAX_EVENTS)) {
    const event = objectOf(raw);
    const introduced = word(event['introduced']);
    const fixed = word(event['fixed']);
    const lastAffected = word(event['last_affected']);
    if (introduced !== '') {
      if (starts.length !== ends.length) alternating = false;
      starts.push(introduced);
    } else if (fixed !== '' || lastAffected !== '') {
      // A fix that follows a last affected version says the same more exactly.
      if (ends.length === starts.length && fixed !== '' && ends.length > 0) {
        ends[ends.length - 1] = { fixed, lastAffected: '' };
        continue;
      }
      if (starts.length === 0) starts.push('0');
      ends.push({ fixed, lastAffected });
    }
  }
  if (!alternating && ends.length < starts.length) {
    // One end for several beginnings: the widest interval is the only safe reading.
    return [{ introduced: starts[0] ?? '0', ...(ends[ends.length - 1] ?? OPEN) }];
  }
  return starts.map((introduced, at) => ({ introduced, ...(ends[at] ?? OPEN) }));
}

/** Intervals of the ranges that are about versions; commits of GIT ranges are of no use to a package. */
export function osvIntervals(affected: unknown): readonly VersionRange[] {
  const found = listOf(objectOf(affected)['ranges']).flatMap((raw) => {
    const range = objectOf(raw);
    return word(range['type']) === 'GIT' ? [] : eventIntervals(listOf(range['events']));
  });
  const known = word(objectOf(objectOf(affected)['database_specific'])['last_known_affected_version_range']);
  const bound = /^(<=?)\s*(\S+)$/.exec(known);
  if (bound === null) return found;
  const [, operator, version = ''] = bound;
  return found.map((range) =>
    range.fixed !== '' || range.lastAffected !== ''
      ? range
      : operator === '<'
        ? { ...range, fixed: version }
        : { ...range, lastAffected: version },
  );
}
