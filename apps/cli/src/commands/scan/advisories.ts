// The vulnerability database that scans of the command line use.
import { type AdvisoryDatabase, openDatabase, openAdvisories as openShared } from '@guardcell/advisories';
import { type CommandContext, text } from '../../command.ts';
import { dataDir } from '../../paths.ts';
import { SNAPSHOT, trustedKeys } from '../db/options.ts';

/**
 * `--db`, else the one that `guardcell db update` keeps, else the snapshot that ships with the project.
 * @throws CodedError GC_DB_….
 */
export async function openAdvisories(context: CommandContext): Promise<AdvisoryDatabase> {
  const given = text(context.options, 'db');
  if (given !== undefined) return openDatabase(given);
  return await openShared({
    dataDir: dataDir(undefined),
    snapshot: SNAPSHOT,
    trustedKeys: trustedKeys(context),
  });
}
