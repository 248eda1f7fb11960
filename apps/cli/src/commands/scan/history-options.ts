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
  if (hasNone) return false;
  const maxCommits = wanted === undefined ? undefined : Number(wanted);
  if (maxCommits !== undefined && !(Number.isSafeInteger(maxCommits) && maxCommits > 0)) {
    throw new CodedError('GC_USAGE', '--max-commits takes a whole number from 1 on', { at: wanted ?? '' });
  }
  return {
    ...(since === undefined ? {} : { since }),
    ...(branch === undefined ? {} : { branch }),
    ...(maxCommits === undefined ? {} : { maxCommits }),
  };
}
