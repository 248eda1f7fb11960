// A repository of git: its files as they are now, and the secrets of its history; or what is staged alone.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ScanError, SecretFinding } from '@guardcell/core';
import { fileExclusion, type PathExclusion } from '@guardcell/image';
import { CodedError, errorFacts } from '@guardcell/kit';
import { historyNote } from '../left-out-paths.ts';
import type { ScanOptions, ScanTarget } from '../scan-target.ts';
import { secretDigest } from '../secret-digest.ts';
import { secretScannerFor } from '../secret-scanner.ts';
import type { OnSecret } from '../secrets-analyzer.ts';
import { signalOf, type TargetContents } from '../target-contents.ts';
import type { GitOptions } from './git-program.ts';
import { type GitRepository, openRepository } from './repository.ts';
import { scanHistory } from './scan-history.ts';
import { scanStaged } from './scan-staged.ts';

type RepositoryTarget = Extract<ScanTarget, { kind: 'repository' }>;

/** The secrets that a work tree holds, told while it is read. */
export interface TreeSecrets {
  readonly onSecret: OnSecret;
  readonly digests: ReadonlySet<string>;
  digestOf(finding: SecretFinding): string | undefined;
}

export function createTreeSecrets(): TreeSecrets {
  const byFinding = new Map<string, string>();
  const digests = new Set<string>();
  const keyOf = ({ rule, path, line, excerpt }: SecretFinding): string =>
    JSON.stringify([rule, path, line, excerpt]);
  return {
    digests,
    onSecret(finding, secret) {
      const digest = secretDigest(finding.rule, secret);
      digests.add(digest);
      byFinding.set(keyOf(finding), digest);
    },
    digestOf: (finding) => byFinding.get(keyOf(finding)),
  };
}

/** The repository that a folder belongs to; undefined when it is none or git is missing, and what is to say of it. */
export async function repositoryAt(
  path: string,
  options: ScanOptions,
): Promise<{ readonly repository?: GitRepository; readonly errors: readonly ScanError[] }> {
  try {
    const repository = await openRepository(path, signalOf(options));
    if (repository !== undefined) return { repository, errors: [] };
    const message = 'history was not scanned: the folder belongs to no repository of git';
    const error: ScanError = { code: 'GC_HISTORY_NONE', message, at: path, hint: '', level: 'note' };
    return { errors: [error] };
  } catch (error) {
    options.signal?.throwIfAborted();
    const facts = errorFacts(error);
    // Where there is a history it was not looked at: that must not read as green.
    const isGap = facts.code !== 'GC_GIT_MISSING' || looksLikeRepository(path);
    return { errors: [isGap ? facts : { ...facts, level: 'note' }] };
  }
}

/** Whether the folder or one above it has what git keeps, or is a bare repository; told without git. */
function looksLikeRepository(path: string): boolean {
  const bare = existsSync(join(path, 'HEAD')) && existsSync(join(path, 'objects'));
  if (bare || existsSync(join(path, '.git'))) return true;
  const above = dirname(resolve(path));
  return above !== resolve(path) && looksLikeRepository(above);
}

/** Adds the secrets of history to what the work tree holds. */
export async function withHistory(
  contents: TargetContents,
  repository: GitRepository,
  target: RepositoryTarget,
  options: ScanOptions,
  tree: TreeSecrets,
  exclusion?: PathExclusion,
): Promise<TargetContents> {
  const { scanner } = secretScannerFor(options);
  const isExcluded = exclusion === undefined ? undefined : fileExclusion(exclusion);
  let leftOut = 0;
  const isLeftOut = (path: string): boolean => {
    const answer = isExcluded?.(path) === true;
    leftOut += Number(answer);
    return answer;
  };
  const scan = await scanHistory(repository, target.history === false ? {} : (target.history ?? {}), {
    ...signalOf(options),
    scanner,
    inTree: tree.digests,
    isLeftOut,
    onProgress: (done) => options.onProgress?.({ stage: 'history', done, total: 0 }),
  });
  const located = contents.secrets.map((finding) => {
    const digest = tree.digestOf(finding);
    return { ...finding, ...(digest === undefined ? undefined : scan.introduced.get(digest)) };
  });
  return {
    ...contents,
    secrets: [...located, ...scan.removed],
    errors: [...contents.errors, ...scan.errors, ...historyNote(leftOut, repository.folder)],
  };
}

/**
 * What the next commit would bring, and nothing else.
 * @throws CodedError GC_TARGET_NOT_FOUND, GC_HISTORY_NONE, GC_GIT_MISSING, GC_HISTORY_GIT.
 */
export async function readStaged(
  target: RepositoryTarget,
  options: ScanOptions,
  exclusion?: PathExclusion,
): Promise<TargetContents> {
  const path = resolve(target.path);
  if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) {
    throw new CodedError('GC_TARGET_NOT_FOUND', 'there is no folder that can be read', { at: path });
  }
  // A hook before a commit names the index that the commit is made of.
  const indexFile = process.env['GIT_INDEX_FILE'];
  const git: GitOptions = {
    ...signalOf(options),
    ...(indexFile === undefined || indexFile === '' ? {} : { indexFile: resolve(indexFile) }),
  };
  const repository = await openRepository(path, git);
  if (repository === undefined) {
    throw new CodedError('GC_HISTORY_NONE', 'the folder belongs to no repository of git', { at: path });
  }
  const { scanner } = secretScannerFor(options);
  const isExcluded = exclusion === undefined ? undefined : fileExclusion(exclusion);
  const { findings, bytes, tooLarge } = await scanStaged(repository, scanner, git, (changed) => {
    if (isExcluded?.(changed) !== true) return false;
    exclusion?.onExcluded?.(changed, false);
    return true;
  });
  const error: ScanError = {
    code: 'GC_HISTORY_LARGE_FILES',
    message: `${tooLarge} staged files are too large to look at`,
    at: path,
    hint: '',
    level: 'note',
  };
  return {
    artifact: { kind: 'repository', name: target.path, digest: '', platform: '', layers: [], size: bytes },
    packages: [],
    secrets: findings,
    misconfigurations: [],
    malware: [],
    errors: tooLarge === 0 ? [] : [error],
  };
}
