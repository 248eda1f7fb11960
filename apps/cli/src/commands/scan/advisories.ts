// The vulnerability database that scans of the command line use.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AdvisoryDatabase, openAdvisories, openTrusted } from '@guardcell/advisories/open';
import { CodedError } from '@guardcell/kit';
import { type CommandContext, text } from '../../command.ts';
import { dataDir } from '../../paths.ts';
import { isOlder, maxAgeDays, SNAPSHOT, trustedKeys } from '../db/options.ts';

/**
 * A file or key that is named and not there is a mistake of the call, data that is too old is told before the scan.
 * @throws CodedError GC_USAGE, GC_DB_KEY, GC_DB_STALE.
 */
export async function checkDatabaseOptions(context: CommandContext): Promise<void> {
  const given = text(context.options, 'db');
  if (given !== undefined && !isFile(given)) {
    throw new CodedError('GC_USAGE', 'there is no such database file', {
      at: given,
      hint: 'guardcell db update --db FILE makes one; without --db the one of the data folder is used.',
    });
  }
  trustedKeys(context);
  const days = maxAgeDays(context);
  if (days === undefined) return;
  const database = await advisoriesOf(context);
  const { builtAt } = database;
  const path = isOlder(builtAt, days) ? database.info().path : '';
  database.close();
  if (path === '') return;
  throw new CodedError('GC_DB_STALE', `the vulnerability data is of ${builtAt}, more than ${days} days old`, {
    at: path,
    hint: 'Run guardcell db update.',
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * `--db`, else what `guardcell db update` keeps, else the snapshot that ships with the project.
 * @throws CodedError GC_DB_….
 */
export async function advisoriesOf(context: CommandContext): Promise<AdvisoryDatabase> {
  const given = text(context.options, 'db');
  if (given !== undefined) return await openTrusted(resolve(given), trustedKeys(context));
  return openAdvisories({
    dataDir: dataDir(text(context.options, 'data')),
    snapshot: SNAPSHOT,
    trustedKeys: trustedKeys(context),
  });
}

/** So old that much is missing: what is new comes every day. */
const OLD_DAYS = 30;

/** As `advisoriesOf`, and says on stderr when the data is old: a report that finds nothing would not. */
export async function agedAdvisories(context: CommandContext): Promise<AdvisoryDatabase> {
  const database = await advisoriesOf(context);
  const { builtAt } = database;
  if (isOlder(builtAt, OLD_DAYS)) {
    context.err(
      `warning: the vulnerability data is of ${builtAt.slice(0, 10)}; guardcell db update brings newer data\n`,
    );
  }
  return database;
}
