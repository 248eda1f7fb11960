// Secrets that commits brought, on every branch, whether or not they are still there.
import type { ScanError, SecretFinding } from '@guardcell/core';
import { errorFacts } from '@guardcell/kit';
import { type SecretScanner, scanContent } from '@guardcell/secrets';
import { isSecretCandidate, SECRETS_MAX_BYTES } from '../secrets-analyzer.ts';
import { type AddedBlob, addedBlobs, LOG_FORMAT } from './added-blobs.ts';
import { BLOBS_AT_ONCE, type BlobReader, openBlobReader, type ReadBlob } from './blob-reader.ts';
import { type GitOptions, startGit } from './git-program.ts';
import { createHistoryFindings, type HistoryFindings } from './history-findings.ts';
import type { GitRepository } from './repository.ts';
import { createSeenObjects } from './seen-objects.ts';

/** Which commits; all of all branches and tags when empty. */
export interface HistorySelection {
  /** As git reads dates: `2026-01-01`, `2 weeks ago`. */
  readonly since?: string;
  /** Branch, tag or commit instead of everything. */
  readonly branch?: string;
  readonly maxCommits?: number;
}

export interface HistoryOptions extends GitOptions {
  readonly scanner: SecretScanner;
  /** Tells a secret that the work tree holds from one that is gone. */
  readonly inTree: ReadonlySet<string>;
  /** Paths, as reports name them, at which nothing is looked at. */
  isLeftOut?(path: string): boolean;
  onProgress?(commits: number): void;
}

export interface HistoryScan {
  /** Secrets that the work tree does not hold. */
  readonly removed: readonly SecretFinding[];
  /** Digest of a secret that the work tree holds → where it came from. */
  readonly introduced: ReadonlyMap<string, Pick<SecretFinding, 'commit' | 'commitDate'>>;
  readonly errors: readonly ScanError[];
  readonly commits: number;
  readonly blobs: number;
  /** Of contents that were looked at. */
  readonly bytes: number;
}

/** With SHA-1 this takes up to 240 MB at the very end; the Linux kernel has about 3 million. */
const MAX_OBJECTS = 3_000_000;

interface Counts {
  commits: number;
  blobs: number;
  bytes: number;
  tooLarge: number;
  missing: number;
}

/** Scans history. What fails is in `errors`; what was found before stands. @throws the reason of `signal` alone. */
export async function scanHistory(
  repository: GitRepository,
  selection: HistorySelection,
  options: HistoryOptions,
): Promise<HistoryScan> {
  const findings = createHistoryFindings(options.inTree);
  const seen = createSeenObjects(MAX_OBJECTS);
  const counts: Counts = { commits: 0, blobs: 0, bytes: 0, tooLarge: 0, missing: 0 };
  const errors: ScanError[] = [];
  const log = startGit(repository.folder, logArguments(repository, selection), options);
  log.stdin.end();
  const reader = openBlobReader(repository.folder, options);
  const look = (blobs: readonly AddedBlob[]): Promise<void> =>
    lookAt(blobs, reader, repository, options.scanner, findings, counts);
  try {
    let waiting: AddedBlob[] = [];
    const onCommit = (): void => {
      counts.commits += 1;
      if (counts.commits % 256 === 0) options.onProgress?.(counts.commits);
    };
    // A content that stands at several paths is looked at when one of them is.
    const wants = (name: string): boolean =>
      isSecretCandidate({ path: `/${name}`, size: 1 }, true) &&
      options.isLeftOut?.(shownPath(name, repository)) !== true;
    for await (const blob of addedBlobs(log.stdout, seen, onCommit, wants)) {
      waiting.push(blob);
      if (waiting.length < BLOBS_AT_ONCE) continue;
      await look(waiting);
      options.signal?.throwIfAborted();
      waiting = [];
    }
    await look(waiting);
    await log.done();
  } catch (error) {
    options.signal?.throwIfAborted();
    errors.push(errorFacts(error));
  } finally {
    log.stop();
    reader.close();
  }
  return {
    ...findings.result(),
    errors: [...errors, ...notesOf(repository, counts, seen.refused, findings.dropped)],
    commits: counts.commits,
    blobs: counts.blobs,
    bytes: counts.bytes,
  };
}

function logArguments(repository: GitRepository, selection: HistorySelection): readonly string[] {
  const { since, branch, maxCommits } = selection;
  return [
    'log',
    ...LOG_FORMAT,
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(maxCommits === undefined ? [] : [`--max-count=${maxCommits}`]),
    ...(branch === undefined ? ['--all'] : ['--end-of-options', branch]),
    '--',
    ...(repository.prefix === '' ? [] : ['.']),
  ];
}

async function lookAt(
  blobs: readonly AddedBlob[],
  reader: BlobReader,
  repository: GitRepository,
  scanner: SecretScanner,
  findings: HistoryFindings,
  counts: Counts,
): Promise<void> {
  for await (const read of reader.read(blobs, SECRETS_MAX_BYTES)) {
    count(read, counts);
    if (read.outcome !== 'read') continue;
    const { of, bytes } = read;
    scanContent(shownPath(of.path, repository), bytes, {
      scanner,
      onFinding: (finding, secret) => findings.add(finding, secret, of),
    });
  }
}

/** From the folder that is scanned, as far as it lies there. */
export function shownPath(name: string, { prefix }: Pick<GitRepository, 'prefix'>): string {
  return `/${name.startsWith(prefix) ? name.slice(prefix.length) : name}`;
}

function count({ outcome, bytes }: ReadBlob<AddedBlob>, counts: Counts): void {
  if (outcome === 'too-large') counts.tooLarge += 1;
  else if (outcome === 'missing') counts.missing += 1;
  else {
    counts.blobs += 1;
    counts.bytes += bytes.length;
  }
}

function notesOf(
  { folder, isShallow, hasAlternates }: GitRepository,
  { tooLarge, missing }: Counts,
  refused: number,
  dropped: number,
): readonly ScanError[] {
  const notes: ScanError[] = [];
  const gap = (code: string, message: string, hint = ''): void => {
    notes.push({ code, message, at: folder, hint });
  };
  const note = (code: string, message: string, hint = ''): void => {
    notes.push({ code, message, at: folder, hint, level: 'note' });
  };
  if (missing > 0) {
    const hint = 'git fsck tells which. Partial clones lack contents too; nothing is fetched during a scan.';
    gap('GC_HISTORY_OBJECTS', `${missing} contents of history are missing or damaged`, hint);
  }
  if (refused > 0)
    gap('GC_HISTORY_TOO_LARGE', `${refused} contents beyond the first ${MAX_OBJECTS} were not looked at`);
  if (dropped > 0) gap('GC_HISTORY_FINDINGS', `${dropped} more secrets in history are not listed`);
  if (tooLarge > 0) {
    const limit = SECRETS_MAX_BYTES / 2 ** 20;
    note(
      'GC_HISTORY_LARGE_FILES',
      `${tooLarge} contents of history are larger than ${limit} MiB and were not looked at`,
    );
  }
  if (isShallow) {
    const hint = 'Fetch the rest: git fetch --unshallow (actions/checkout: fetch-depth: 0).';
    note('GC_HISTORY_SHALLOW', 'the clone is shallow: older commits are not here', hint);
  }
  if (hasAlternates)
    note('GC_HISTORY_ALTERNATES', 'the repository borrows objects from another one, which were read too');
  return notes;
}
