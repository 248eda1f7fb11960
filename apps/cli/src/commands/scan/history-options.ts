// `scan repo`: which commits are looked at for secrets.
import { CodedError } from '@guardcell/kit';
import type { HistorySelection } from '@guardcell/scan';
import { type CommandContext, flag, type OptionSpec, text } from '../../command.ts';

export const HISTORY_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  staged: {
    type: 'boolean',
    help: 'only secrets that the next commit would bring; for a hook before commits',
  },
  'no-history': { type: 'boolean', help: 'look at the files as they are now, not at earlier commits' },
  since: {
    type: 'string',
    value: 'DATE',
    help: 'commits of history from this date on: 2026-01-31, "2 weeks ago"',
  },
  branch: { type: 'string', value: 'NAME', help: 'commits of this branch or tag; by default of all' },
  'max-commits': { type: 'string', value: 'N', help: 'so many commits, the newest' },
};

/** @throws CodedError GC_USAGE for what is no number, or options that contradict each other. */
export function historyOf(context: CommandContext): HistorySelection | false {
  const since = text(context.options, 'since');
  const branch = text(context.options, 'branch');
  const wanted = text(context.options, 'max-commits');
  const selects = [since, branch, wanted].some((value) => value !== undefined);
  const isStaged = flag(context.options, 'staged');
  const hasNone = flag(context.options, 'no-history');
  if ((selects && (isStaged || hasNone)) || (isStaged && hasNone)) {
    throw new CodedError(
      'GC_USAGE',
      '--staged, --no-history and options that choose commits exclude each other',
    );
  }
  if (isStaged && text(context.options, 'only') !== undefined && text(context.options, 'only') !== 'secrets')
    throw new CodedError('GC_USAGE', '--staged looks for secrets and nothing else');
  if (hasNone) return false;
  const maxCommits = wanted === undefined ? undefined : Number(wanted);
  if (maxCommits !== undefined && !(Number.isSafeInteger(maxCommits) && maxCommits > 0)) {
    throw new CodedError('GC_USAGE', '--max-commits takes a whole number from 1 on', { at: wanted ?? '' });
  }
  return {
    ...(since === undefined ? {} : { since: beginningOf(since) }),
    ...(branch === undefined ? {} : { branch }),
    ...(maxCommits === undefined ? {} : { maxCommits }),
  };
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/;
const AGO = /^(?:yesterday|\d{1,6}[ .](?:second|minute|hour|day|week|month|year)s?(?:[ .]ago)?)$/;

/**
 * What git is told. It takes any text for a date: what it does not understand means now, so that nothing is looked at,
 * and a day means that day at this time.
 * @throws CodedError GC_USAGE for what is no date.
 */
function beginningOf(since: string): string {
  const day = MOMENT.exec(since)?.[1];
  if (day !== undefined && isDay(day)) return since === day ? `${day} 00:00:00` : since;
  if (AGO.test(since)) return since;
  throw new CodedError('GC_USAGE', `--since cannot be '${since}'`, {
    hint: 'Write a day (2026-01-31), a time (2026-01-31 18:00) or how long ago ("2 weeks ago").',
  });
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
