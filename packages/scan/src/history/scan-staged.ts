// Secrets that the next commit would bring: what is staged, compared with the commit before.
import type { SecretFinding } from '@guardcell/core';
import { type SecretScanner, scanContent } from '@guardcell/secrets';
import { secretDigest } from '../secret-digest.ts';
import { isSecretCandidate, SECRETS_MAX_BYTES } from '../secrets-analyzer.ts';
import { DIFF_FORMAT, type RawChange, rawChanges } from './added-blobs.ts';
import { BLOBS_AT_ONCE, openBlobReader } from './blob-reader.ts';
import { type GitOptions, runGit, startGit } from './git-program.ts';
import type { GitRepository } from './repository.ts';
import { shownPath } from './scan-history.ts';

export interface StagedScan {
  readonly findings: readonly SecretFinding[];
  readonly files: number;
  readonly bytes: number;
  readonly tooLarge: number;
}

interface Wanted {
  readonly id: string;
  readonly path: string;
  readonly isBefore: boolean;
}

/** @throws CodedError GC_GIT_MISSING, GC_HISTORY_GIT. */
export async function scanStaged(
  repository: GitRepository,
  scanner: SecretScanner,
  options: GitOptions,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<StagedScan> {
  const changes: RawChange[] = [];
  const base = await baseOf(repository, options);
  const diff = startGit(repository.folder, ['diff-index', '--cached', ...DIFF_FORMAT, base, '--'], options);
  diff.stdin.end();
  for await (const change of rawChanges(diff.stdout)) {
    const isCandidate = isSecretCandidate({ path: `/${change.path}`, size: 1 }, true);
    if (isCandidate && !isLeftOut(shownPath(change.path, repository))) changes.push(change);
  }
  await diff.done();
  return readChanges(repository, changes, scanner, options);
}

/** The commit before, or an empty tree when there is none yet. */
async function baseOf({ folder }: GitRepository, options: GitOptions): Promise<string> {
  try {
    return (await runGit(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], options)).trim();
  } catch {
    options.signal?.throwIfAborted();
    // Written nowhere: git knows it without an object.
    return (await runGit(folder, ['hash-object', '-t', 'tree', '/dev/null'], options)).trim();
  }
}

async function readChanges(
  { folder }: GitRepository,
  changes: readonly RawChange[],
  scanner: SecretScanner,
  options: GitOptions,
): Promise<StagedScan> {
  const findings: SecretFinding[] = [];
  const counts = { files: 0, bytes: 0, tooLarge: 0 };
  const reader = openBlobReader(folder, options);
  try {
    for (let at = 0; at < changes.length; at += BLOBS_AT_ONCE / 2) {
      const wanted = changes.slice(at, at + BLOBS_AT_ONCE / 2).flatMap(bothSides);
      let before = new Set<string>();
      for await (const { of, outcome, bytes } of reader.read(wanted, SECRETS_MAX_BYTES)) {
        options.signal?.throwIfAborted();
        if (of.isBefore) before = digestsOf(of.path, bytes, scanner);
        else {
          counts.files += 1;
          counts.bytes += bytes.length;
          if (outcome === 'too-large') counts.tooLarge += 1;
          findings.push(...newSecrets(of.path, bytes, scanner, before));
          before = new Set();
        }
      }
    }
  } finally {
    reader.close();
  }
  return { findings, ...counts };
}

function bothSides({ before, id, path }: RawChange): readonly Wanted[] {
  const now = { id, path: `/${path}`, isBefore: false };
  return before === '' ? [now] : [{ id: before, path: now.path, isBefore: true }, now];
}

function digestsOf(path: string, bytes: Buffer, scanner: SecretScanner): Set<string> {
  const digests = new Set<string>();
  scanContent(path, bytes, {
    scanner,
    onFinding: (finding, secret) => digests.add(secretDigest(finding.rule, secret)),
  });
  return digests;
}

function newSecrets(
  path: string,
  bytes: Buffer,
  scanner: SecretScanner,
  before: ReadonlySet<string>,
): readonly SecretFinding[] {
  const findings: SecretFinding[] = [];
  scanContent(path, bytes, {
    scanner,
    onFinding: (finding, secret) => {
      if (!before.has(secretDigest(finding.rule, secret))) findings.push(finding);
    },
  });
  return findings;
}
