// Walks a folder, a container's root or the whole host as if it were one layer, within its bounds and never out of it.
import { opendirSync, type Stats, statfsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ScanError } from '@guardcell/core';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import { type Analyzer, type FileEntry, MAX_HELD_BYTES } from '../analyzer.ts';
import { releaseMemory } from '../content/release-memory.ts';
import { createDispatch, type Dispatch, type Findings, isStored, mostBytes } from './dispatch.ts';
import { isAtOrBelow } from './fixed-places.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import {
  type HeldDirectory,
  holdChild,
  holdRoot,
  readChild,
  readLinkOf,
  release,
  statChild,
  statHeld,
  useChild,
} from './open-beneath.ts';
import type { PathExclusion } from './path-exclusion.ts';

export interface WalkOptions {
  /** Stay on the file system of the root. */
  readonly oneFileSystem?: boolean;
  /** Absolute paths within the tree that are left out, such as `/var/lib/docker`. */
  readonly skip?: ReadonlySet<string>;
  /** Names of folders that are left out wherever they are, such as `.git`. */
  readonly skipNames?: ReadonlySet<string>;
  readonly exclusion?: PathExclusion;
  /** Nothing else is looked at than these files and folders. */
  readonly within?: readonly string[];
  readonly limits?: LayerLimits;
  readonly signal?: AbortSignal;
  /** Told now and then how many entries were seen. */
  onProgress?(entries: number): void;
}

export interface TreeFindings extends Findings {
  /** Of all regular files that were seen. */
  readonly bytes: number;
  readonly entries: number;
  /** Why the tree was not read to its end. */
  readonly ended?: ScanError;
}

const MAX_DEPTH = 512;
/** So long nobody else gets a turn: whoever stops a scan waits no longer. */
const PAUSE_AFTER_MS = 50;
/** File systems without files of their own (statfs(2)): proc, sysfs, cgroup, cgroup2, debugfs, tracefs, bpf, securityfs, … */
const PSEUDO: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0xcafe4a11, 0x73636673, 0x1cd1,
  0x6e736673, 0x19800202, 0x42494e4d, 0x65735543, 0xabababab,
]);
/** Somebody else's files, and slow: nfs, cifs, smb2, ceph, fuse, 9p. */
const REMOTE: ReadonlySet<number> = new Set([
  0x6969, 0xff534d42, 0xfe534d42, 0xc36400, 0x65735546, 0x01021997,
]);

interface Walk {
  readonly dispatch: Dispatch;
  readonly options: WalkOptions;
  readonly limits: LayerLimits;
  /** Whose folders come first: the owner's of the root. */
  readonly owner: number;
  /** Folders of others, until all that is the owner's was read. */
  readonly later: Later[];
  isLater: boolean;
  entries: number;
  bytes: number;
  /** When others last had a turn. */
  pausedAt: number;
}

interface Later {
  readonly path: string;
  /** Of the folder that it is in. */
  readonly device: number;
  readonly isForAll: boolean;
}

const ANYBODY_WRITES = 0o002;

/**
 * Reads a tree, as far as its bounds allow. What others than the owner of the root may fill comes last: whoever puts more
 * into /tmp than can be read hides nothing of the system.
 * @throws CodedError GC_TREE_UNREADABLE when the root cannot be opened.
 */
export async function walkTree(
  root: string,
  analyzers: readonly Analyzer[],
  options: WalkOptions = {},
): Promise<TreeFindings> {
  const limits = options.limits ?? LAYER_LIMITS;
  let top: HeldDirectory;
  try {
    top = holdRoot(root);
  } catch (error) {
    throw new CodedError(
      'GC_TREE_UNREADABLE',
      `the folder cannot be read (${systemErrorCode(error) ?? 'unknown'})`,
      {
        at: root,
        cause: error,
      },
    );
  }
  const { uid: owner, dev } = statHeld(top);
  const dispatch = createDispatch(analyzers, limits);
  const walk: Walk = {
    dispatch,
    options,
    limits,
    owner,
    later: [],
    isLater: false,
    pausedAt: performance.now(),
    entries: 0,
    bytes: 0,
  };
  let ended: ScanError | undefined;
  try {
    await walkDirectory(walk, top, '', dev, 0);
    await walkLater(walk, top);
  } catch (error) {
    if (!(error instanceof CodedError && error.code.startsWith('GC_LAYER_TOO_MANY_'))) throw error;
    const hint = 'What comes after it was not looked at. Scan its folders one by one.';
    ended = { code: error.code, message: error.message, at: error.at || '/', hint };
  } finally {
    release(top);
  }
  const counts = { bytes: walk.bytes, entries: walk.entries };
  return { ...dispatch.findings(), ...counts, ...(ended === undefined ? {} : { ended }) };
}

/** Folders of single users before those that everybody fills. */
async function walkLater(walk: Walk, top: HeldDirectory): Promise<void> {
  walk.isLater = true;
  const order = walk.later.toSorted((a, b) => Number(a.isForAll) - Number(b.isForAll));
  for (const { path, device } of order) await enterAgain(walk, top, path.slice(1).split('/'), device);
}

/** Goes down from the root step by step, as before: meanwhile anything may have been put in the way. */
async function enterAgain(
  walk: Walk,
  top: HeldDirectory,
  names: readonly string[],
  device: number,
): Promise<void> {
  const path = `/${names.join('/')}`;
  let parent = top;
  try {
    for (const name of names.slice(0, -1)) {
      const child = holdChild(parent, name);
      if (parent !== top) release(parent);
      parent = child;
    }
    await enter(walk, parent, path, names.at(-1) ?? '', device, names.length);
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof CodedError || walk.options.signal?.aborted === true) throw error;
    if (code === undefined) throw error;
    if (code !== 'ENOENT') walk.dispatch.problem(path, `the folder cannot be read (${code})`);
  } finally {
    if (parent !== top) release(parent);
  }
}

async function walkDirectory(
  walk: Walk,
  directory: HeldDirectory,
  path: string,
  device: number,
  depth: number,
): Promise<void> {
  const below: string[] = [];
  const listing = opendirSync(directory.path, { bufferSize: 256 });
  try {
    for (let entry = listing.readSync(); entry !== null; entry = listing.readSync()) {
      await count(walk);
      if (entry.name.includes('\uFFFD')) {
        walk.dispatch.problem(`${path}/${entry.name}`, 'its name is not valid UTF-8');
      } else if (entry.isDirectory()) below.push(entry.name);
      // Some file systems do not tell the kind of an entry.
      else if (entry.isFile() || isUnknown(entry) || walk.dispatch.wantsLink(`${path}/${entry.name}`))
        lookAt(walk, directory, path, entry.name, below);
    }
  } finally {
    listing.closeSync();
  }
  for (const name of below.sort()) await enter(walk, directory, `${path}/${name}`, name, device, depth + 1);
}

function isUnknown(entry: {
  isSymbolicLink(): boolean;
  isSocket(): boolean;
  isFIFO(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
}): boolean {
  return !(
    entry.isSymbolicLink() ||
    entry.isSocket() ||
    entry.isFIFO() ||
    entry.isBlockDevice() ||
    entry.isCharacterDevice()
  );
}

async function count(walk: Walk): Promise<void> {
  walk.entries += 1;
  if (walk.entries > walk.limits.entries) {
    throw new CodedError(
      'GC_LAYER_TOO_MANY_ENTRIES',
      `the tree has more than ${walk.limits.entries} entries`,
    );
  }
  if (performance.now() - walk.pausedAt < PAUSE_AFTER_MS) return;
  await setImmediate();
  walk.pausedAt = performance.now();
  walk.options.signal?.throwIfAborted();
  walk.options.onProgress?.(walk.entries);
}

async function enter(
  walk: Walk,
  parent: HeldDirectory,
  path: string,
  name: string,
  device: number,
  depth: number,
): Promise<void> {
  const { options, dispatch } = walk;
  if (options.skip?.has(path) === true || options.skipNames?.has(name) === true) return;
  if (options.within?.every((one) => !isAtOrBelow(path, one) && !isAtOrBelow(one, path)) === true) return;
  if (isLeftOut(walk, path, true)) return;
  if (depth > MAX_DEPTH) {
    dispatch.problem(path, `folders lie more than ${MAX_DEPTH} deep`);
    return;
  }
  let directory: HeldDirectory | undefined;
  try {
    directory = holdChild(parent, name);
    const facts = statHeld(directory);
    if (facts.dev !== device && !mayCross(directory, options)) return;
    const isForAll = (facts.mode & ANYBODY_WRITES) !== 0;
    if (!walk.isLater && (isForAll || facts.uid !== walk.owner)) {
      walk.later.push({ path, device, isForAll });
      return;
    }
    dispatch.notice(entryOf(path, facts), true);
    await walkDirectory(walk, directory, path, facts.dev, depth);
  } catch (error) {
    if (error instanceof CodedError || options.signal?.aborted === true) throw error;
    // ENOENT: gone since its parent was listed. ELOOP and ENOTDIR: somebody put a link in its place.
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT') dispatch.problem(path, `the folder cannot be read (${code})`);
  } finally {
    if (directory !== undefined) release(directory);
  }
}

function isLeftOut({ options: { exclusion } }: Walk, path: string, isDirectory: boolean): boolean {
  if (exclusion?.isExcluded(path, isDirectory) !== true) return false;
  exclusion.onExcluded?.(path, isDirectory);
  return true;
}

function mayCross(directory: HeldDirectory, options: WalkOptions): boolean {
  if (options.oneFileSystem === true) return false;
  const { type } = statfsSync(directory.path);
  return !PSEUDO.has(type) && !REMOTE.has(type);
}

function lookAt(walk: Walk, directory: HeldDirectory, path: string, name: string, below: string[]): void {
  const full = `${path}/${name}`;
  try {
    const facts = statChild(directory, name);
    if (facts.isDirectory()) below.push(name);
    else if (isLeftOut(walk, full, false)) return;
    if (facts.isSymbolicLink() && walk.dispatch.wantsLink(full))
      walk.dispatch.noticeLink({ ...entryOf(full, facts), link: readLinkOf(directory, name) });
    if (!facts.isFile()) return;
    walk.bytes += facts.size;
    const entry = entryOf(full, facts);
    walk.dispatch.notice(entry, false);
    const wanted = walk.dispatch.wantedBy(entry);
    if (wanted.length === 0) return;
    const most = Math.max(...wanted.map(mostBytes));
    if (isStored(facts.size, wanted)) {
      useChild(directory, name, most, (content) =>
        walk.dispatch.analyzeStored({ ...entry, size: content.size }, content, wanted),
      );
      return;
    }
    const bytes = readChild(directory, name, Math.min(most, MAX_HELD_BYTES));
    if (bytes === undefined) return;
    walk.dispatch.analyze({ ...entry, size: bytes.length }, bytes, wanted);
    releaseMemory(bytes);
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof CodedError || code === undefined) throw error;
    if (code !== 'ENOENT') walk.dispatch.problem(full, `the file cannot be read (${code})`);
  }
}

function entryOf(path: string, facts: Stats): FileEntry {
  return { path, size: facts.size, mode: facts.mode & 0o7777, uid: facts.uid, gid: facts.gid };
}
