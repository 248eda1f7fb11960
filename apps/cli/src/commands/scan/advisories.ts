// The vulnerability database that scans of the command line use.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AdvisoryDatabase, openAdvisories, openTrusted } from '@guardcell/advisories/open';
import { CodedError } from '@guardcell/kit';
import { type CommandContext, text } from '../../command.ts';
import { dataDir } from '../../paths.ts';
import { SNAPSHOT, trustedKeys } from '../db/options.ts';

/** A file or key that is named and not there is a mistake of the call. @throws CodedError GC_USAGE, GC_DB_KEY. */
export function checkDatabaseOptions(context: CommandContext): void {
  const given = text(context.options, 'db');
  if (given !== undefined && !isFile(given)) {
    throw new CodedError('GC_USAGE', 'there is no such database file', {
      at: given,
      hint: 'guardcell db update --db FILE makes one; without --db the one of the data folder is used.',
    });
  }
  trustedKeys(context);
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
