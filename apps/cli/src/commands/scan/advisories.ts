// The vulnerability database that scans of the command line use.
import { resolve } from 'node:path';
import { type AdvisoryDatabase, openAdvisories, openTrusted } from '@guardcell/advisories/open';
import { type CommandContext, text } from '../../command.ts';
import { dataDir } from '../../paths.ts';
import { SNAPSHOT, trustedKeys } from '../db/options.ts';

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
