// What kind of repository a folder belongs to.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, errorFacts } from '@guardcell/kit';
import { type GitOptions, runGit } from './git-program.ts';

export interface GitRepository {
  readonly folder: string;
  /** Absolute; of linked work trees their own part. */
  readonly gitFolder: string;
  readonly isBare: boolean;
  /** Cut off: commits before some point are not here. */
  readonly isShallow: boolean;
  /** Objects are borrowed from another repository. */
  readonly hasAlternates: boolean;
  /** Folder within the repository, with a slash at its end; empty at the top. */
  readonly prefix: string;
}

/**
 * Looks at a folder; undefined when it belongs to no repository.
 * @throws CodedError GC_GIT_MISSING, GC_HISTORY_GIT.
 */
export async function openRepository(
  folder: string,
  options: GitOptions,
): Promise<GitRepository | undefined> {
  const args = ['rev-parse', '--is-bare-repository', '--is-shallow-repository', '--absolute-git-dir'];
  let answer: string;
  try {
    answer = await runGit(folder, args, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (errorFacts(error).message.includes('not a git repository')) return undefined;
    throw error;
  }
  const [bare = '', shallow = '', ...rest] = answer.split('\n');
  // The folder itself may have a line break in its name.
  const gitFolder = rest.join('\n').replace(/\n$/, '');
  if (gitFolder === '')
    throw new CodedError('GC_HISTORY_GIT', 'git does not tell its folder', { at: folder });
  const prefix = (await runGit(folder, ['rev-parse', '--show-prefix'], options)).replace(/\n$/, '');
  const common = (await runGit(folder, ['rev-parse', '--git-common-dir'], options)).replace(/\n$/, '');
  const objects = join(common.startsWith('/') ? common : join(folder, common), 'objects');
  return {
    folder,
    gitFolder,
    isBare: bare === 'true',
    isShallow: shallow === 'true',
    hasAlternates: existsSync(join(objects, 'info', 'alternates')),
    prefix,
  };
}
