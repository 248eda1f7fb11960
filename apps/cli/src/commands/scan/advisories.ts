// The vulnerability database that scans of the command line use.
import { join } from 'node:path';
import { type AdvisoryDatabase, openDatabase } from '@guardcell/advisories';
import { type CommandContext, text } from '../../command.ts';
import { dataDir } from '../../paths.ts';

/** `--db`, else the one that `guardcell db update` keeps. @throws CodedError GC_DB_…. */
export function openAdvisories(context: CommandContext): AdvisoryDatabase {
  return openDatabase(text(context.options, 'db') ?? join(dataDir(undefined), 'advisories.db'));
}
