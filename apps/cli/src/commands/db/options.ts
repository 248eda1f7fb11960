// What the db commands share: where the database is and whose signatures count.
import { join, resolve } from 'node:path';
import { databasePath, type FeedState } from '@guardcell/advisories/open';
import { CodedError } from '@guardcell/kit';
import { type CommandContext, type OptionSpec, text, texts } from '../../command.ts';
import { readNamedFile } from '../../named-file.ts';
import { dataDir, PROJECT_ROOT } from '../../paths.ts';

export const DB_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  db: { type: 'string', value: 'FILE', help: 'the database file (default: in the data folder)' },
  data: { type: 'string', value: 'DIR', help: 'data folder (default: /var/lib/guardcell for root)' },
};

export const TRUST_OPTION: Readonly<Record<string, OptionSpec>> = {
  'trust-key': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'public key (PEM, Ed25519) that must have signed the database; repeat for any of ($GUARDCELL_DB_TRUST_KEY)',
  },
};

export const AGE_OPTION: Readonly<Record<string, OptionSpec>> = {
  'max-db-age': { type: 'string', value: 'DAYS', help: 'exit with 7 when the vulnerability data is older' },
};

/** @throws CodedError GC_USAGE for what is no number of days. */
export function maxAgeDays(context: CommandContext): number | undefined {
  const given = text(context.options, 'max-db-age');
  if (given === undefined) return undefined;
  if (/^\d{1,5}(?:\.\d+)?$/.test(given)) return Number(given);
  throw new CodedError('GC_USAGE', `--max-db-age cannot be '${given}'`, { hint: 'Give a number of days.' });
}

const DAY_MS = 86_400_000;

/** What names no date is older than anything. */
export function isOlder(date: string, days: number): boolean {
  return !(Date.now() - Date.parse(date) <= days * DAY_MS);
}

/** Packed database that ships with the project. */
export const SNAPSHOT: string = join(PROJECT_ROOT, 'content/advisories/snapshot.db.zst');

export function databaseFile(context: CommandContext): string {
  const given = text(context.options, 'db');
  return given === undefined ? databasePath(dataDir(text(context.options, 'data'))) : resolve(given);
}

/** @throws CodedError GC_DB_KEY for a file that cannot be read. */
export const readKey = (path: string): string => readNamedFile(path, 'GC_DB_KEY');

export function trustedKeys(context: CommandContext): readonly string[] {
  const given = texts(context.options, 'trust-key');
  const fromEnvironment = process.env['GUARDCELL_DB_TRUST_KEY'];
  return (given.length > 0 || fromEnvironment === undefined ? given : [fromEnvironment]).map(readKey);
}

/** Tells of feeds that could not be read, on stderr. */
export function reportProblems(context: CommandContext, feeds: readonly FeedState[]): number {
  const failed = feeds.filter((feed) => feed.problem !== undefined);
  for (const feed of failed) {
    const rest = feed.records > 0 ? 'older data is used' : 'nothing of it is used';
    context.err(
      `${feed.name}: ${feed.problem?.code} ${feed.problem?.message} (${feed.problem?.at}); ${rest}\n`,
    );
  }
  return failed.length;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
