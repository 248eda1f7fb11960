// Reads what a target holds, without judging it.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ScanArtifact } from '@guardcell/core';
import { type PathExclusion, readTree, type WalkOptions } from '@guardcell/image';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import { analyzersFor } from './analyzers-for.ts';
import { processStart } from './container-process.ts';
import { type LeftOutPaths, leftOutPaths } from './left-out-paths.ts';
import { type FileLists, fileListAnalyzer } from './ownership/file-lists.ts';
import { readImage } from './read-image.ts';
import { readSbomFile } from './read-sbom-file.ts';
import type { ScanOptions, ScanTarget } from './scan-target.ts';
import type { OnSecret } from './secrets-analyzer.ts';
import { artifactOf, signalOf, type TargetContents } from './target-contents.ts';

/** Folders of the host that hold no files of its own: kernels' views, and images that are scanned as such. */
const HOST_SKIP: ReadonlySet<string> = new Set([
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers/storage',
  '/var/lib/kubelet/pods',
]);
/** Stores of images that were moved elsewhere. */
const HOST_SKIP_NAMES: ReadonlySet<string> = new Set([
  'overlay2',
  'io.containerd.snapshotter.v1.overlayfs',
  'io.containerd.content.v1.content',
]);
const CONTAINER_SKIP: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);
const REPOSITORY_SKIP: ReadonlySet<string> = new Set(['.git']);
/** What git alone can read. */
const BARE_SKIP: ReadonlySet<string> = new Set(['/objects', '/refs', '/logs', '/lfs']);

type Kind<K extends ScanTarget['kind']> = Extract<ScanTarget, { kind: K }>;

/**
 * Reads the target.
 * @throws CodedError when the target as a whole cannot be read; parts that cannot are in `errors`.
 */
export async function readTarget(target: ScanTarget, options: ScanOptions): Promise<TargetContents> {
  const leftOut = leftOutOf(target, options);
  const contents = await readKind(target, options, leftOut?.exclusion);
  if (leftOut === undefined) return contents;
  return { ...contents, errors: [...contents.errors, ...leftOut.notes(contents.artifact.name)] };
}

function leftOutOf(target: ScanTarget, { exclude }: ScanOptions): LeftOutPaths | undefined {
  switch (target.kind) {
    case 'sbom':
      return undefined;
    case 'image':
      return leftOutPaths(exclude);
    case 'host':
      return leftOutPaths(exclude, '/');
    case 'container':
      return leftOutPaths(exclude, rootOf(target));
    case 'repository':
      // Most of what is left out is not staged: nobody needs to be told.
      if (target.staged === true)
        return leftOutPaths(
          exclude?.map((one) => ({ ...one, isShared: true })),
          '/',
        );
      return leftOutPaths(exclude, resolve(target.path));
    case 'filesystem':
      return leftOutPaths(exclude, resolve(target.path));
  }
}

function rootOf({ pid }: Kind<'container'>): string {
  return `/proc/${pid}/root`;
}

async function readKind(
  target: ScanTarget,
  options: ScanOptions,
  exclusion: PathExclusion | undefined,
): Promise<TargetContents> {
  const walk: WalkOptions = exclusion === undefined ? {} : { exclusion };
  switch (target.kind) {
    case 'image':
      return readImage(target, options, exclusion);
    case 'filesystem':
      return readFolder(target, options, walk);
    case 'repository':
      return readRepository(target, options, walk);
    case 'host':
      return tree({ kind: 'host', name: 'host' }, '/', options, {
        ...walk,
        skip: HOST_SKIP,
        skipNames: HOST_SKIP_NAMES,
      });
    case 'container':
      return readContainer(target, options, walk);
    case 'sbom':
      return readSbomFile(target.path);
  }
}

async function readFolder(
  target: Kind<'filesystem'> | Kind<'repository'>,
  options: ScanOptions,
  walk: WalkOptions,
  onSecret?: OnSecret,
): Promise<TargetContents> {
  const path = resolve(target.path);
  const facts = await stat(path).catch((error: unknown) => {
    const code = systemErrorCode(error) === 'ENOENT' ? 'GC_TARGET_NOT_FOUND' : 'GC_TREE_UNREADABLE';
    throw new CodedError(code, `there is no folder that can be read (${systemErrorCode(error) ?? ''})`, {
      at: path,
      cause: error,
    });
  });
  if (!facts.isDirectory()) {
    throw new CodedError('GC_USAGE', 'this is not a folder', {
      at: path,
      hint: 'Scan the folder that it is in. Image archives are scanned with scan image docker-archive:FILE or oci-archive:FILE, SBOMs with scan sbom FILE.',
    });
  }
  return tree({ kind: target.kind, name: target.path }, path, options, walk, onSecret);
}

async function readRepository(
  target: Kind<'repository'>,
  options: ScanOptions,
  own: WalkOptions,
): Promise<TargetContents> {
  const isOwn = options.analyzers !== undefined;
  const wantsSecrets = !isOwn && options.only?.has('secrets') !== false;
  if (target.staged !== true && (target.history === false || !wantsSecrets)) {
    return readFolder(target, options, { ...own, skipNames: REPOSITORY_SKIP });
  }
  const history = await import('./history/read-repository.ts');
  if (target.staged === true) return history.readStaged(target, options, own.exclusion);
  const { repository, errors } = await history.repositoryAt(resolve(target.path), options);
  const tree = history.createTreeSecrets();
  const walk = repository?.isBare === true ? { skip: BARE_SKIP } : { skipNames: REPOSITORY_SKIP };
  const contents = await readFolder(target, options, { ...own, ...walk }, tree.onSecret);
  if (repository === undefined) return { ...contents, errors: [...contents.errors, ...errors] };
  return history.withHistory(contents, repository, target, options, tree, own.exclusion);
}

async function readContainer(
  target: Kind<'container'>,
  options: ScanOptions,
  own: WalkOptions,
): Promise<TargetContents> {
  const { name, pid } = target;
  const start = processStart(pid);
  if (start === '') {
    throw new CodedError('GC_SCAN_TARGET_GONE', 'the container ended before it was scanned', { at: name });
  }
  const contents = await tree({ kind: 'container', name }, rootOf(target), options, {
    ...own,
    skip: CONTAINER_SKIP,
    // Volumes belong to somebody else.
    oneFileSystem: true,
  });
  if (processStart(pid) === start) return contents;
  const message = 'the container ended while it was scanned: this may be only a part of it';
  const gone = { code: 'GC_SCAN_TARGET_GONE', message, at: name, hint: '' };
  return { ...contents, errors: [...contents.errors, gone] };
}

async function tree(
  who: Pick<ScanArtifact, 'kind' | 'name'>,
  root: string,
  options: ScanOptions,
  walk: WalkOptions,
  onSecret?: OnSecret,
): Promise<TargetContents> {
  const lists: FileLists = new Map();
  const analyzers = await analyzersFor(who.kind, options, onSecret);
  const own = options.onOwnership === undefined ? [] : [fileListAnalyzer(lists)];
  const contents = await readTree(root, [...analyzers, ...own], {
    ...(options.oneFileSystem === undefined ? {} : { oneFileSystem: options.oneFileSystem }),
    ...walk,
    ...signalOf(options),
    onProgress: (done) => options.onProgress?.({ stage: 'files', done, total: 0 }),
  });
  const { packages, owners, unlisted } = contents;
  options.onOwnership?.({ packages, owners, unlisted, lists });
  const artifact = artifactOf(who, contents, { digest: '', platform: '', layers: [] });
  return { ...contents, artifact };
}
