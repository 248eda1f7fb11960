// What an analyzer is: it asks for files by path, makes plain data of each, and packages of all that is left.
// Results by file are kept by layer (diffID) and analyzer version; whiteouts take them away before `assemble` runs.
import type {
  MalwareFinding,
  MisconfigurationFinding,
  OsRelease,
  PackageLocation,
  ScanError,
  SecretFinding,
  SoftwarePackage,
} from '@guardcell/core';
import type { FileContent } from './content/file-content.ts';

/**
 * Larger files stay on disk, where all analyzers that want one can read it there (`analyzeStored`). Not smaller than what
 * those who need all bytes look at as a rule.
 */
export const STORED_FROM_BYTES: number = 32 * 2 ** 20;
/** No file larger than this is given as bytes, whatever an analyzer says. */
export const MAX_HELD_BYTES: number = 64 * 2 ** 20;

/** What is known of a file before it is read. */
export interface FileEntry {
  /** Absolute within the artifact, without `.` or `..`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Permission and setuid bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Numbers of the capabilities that it may use when it runs; of archives only, Node reads no extended attributes. */
  readonly capabilities?: readonly number[];
  /** Target of a symbolic link; such entries have no content. */
  readonly link?: string;
}

/** A file that was asked for, with its bytes (at most `maxBytes` of the analyzer). */
export interface AnalyzedFile extends FileEntry {
  readonly bytes: Uint8Array;
}

/** A file that was asked for and is too large for memory; its content is only there during the call. */
export interface StoredFile extends FileEntry {
  readonly content: FileContent;
}

/** Plain data: it is kept as JSON. */
export type Fragment = unknown;

/** Undefined when there is nothing in it. `incomplete` is a problem of a part; what is in `value` stands.
 * `isPassing`: another attempt may do better (the disk is full). */
export type Analysis<F = Fragment> =
  | { readonly value: F; readonly incomplete?: string; readonly isPassing?: true }
  | { readonly problem: string; readonly isPassing?: true }
  | undefined;

/** A fragment with where it was found. */
export interface FoundFragment<F = Fragment> {
  readonly location: PackageLocation;
  readonly value: F;
  /** A layer above deletes or replaces the file; only for analyzers that keep such. */
  readonly isHidden?: true;
}

export interface AnalyzerResult {
  readonly packages: readonly SoftwarePackage[];
  readonly os?: OsRelease;
  /** Path → purl of the system package that owns the file. */
  readonly owners?: ReadonlyMap<string, string>;
  /** purls of system packages whose list of files is missing: nobody can say what is theirs. */
  readonly unlisted?: ReadonlySet<string>;
  /** Path → digest (`md5:…`, `sha1:…`, `sha256:…`, its first 160 bits `sha256-160:…`) of settings, as the package that owns them brought them. */
  readonly shipped?: ReadonlyMap<string, string>;
  /** Path → digests, in the same spelling, of files with secrets that may be as they were shipped. */
  readonly digests?: ReadonlyMap<string, readonly string[]>;
  /** Of analyzers that look for other things than packages. */
  readonly secrets?: readonly SecretFinding[];
  readonly misconfigurations?: readonly MisconfigurationFinding[];
  readonly malware?: readonly MalwareFinding[];
  /** What is worth knowing besides; `level` says whether something was not looked at. */
  readonly notes?: readonly ScanError[];
}

/**
 * One kind of evidence. Neither function throws for hostile content: what cannot be read is a problem.
 * `F` must survive JSON.
 */
export interface Analyzer<F = Fragment> {
  /** Kebab-case, part of the cache key. */
  readonly id: string;
  /** Grows when fragments or packages of the same bytes change; part of the cache key. */
  readonly version: number;
  /** Larger files are reported as not looked at. */
  readonly maxBytes: number;
  /** Files and folders that it reads at fixed places; where links lead on from there, they are followed. */
  readonly places?: readonly string[];
  /** Paths at which it is told of symbolic links: the target is kept as its fragment. */
  readonly linksAt?: ReadonlySet<string>;
  /** What layers above hide counts too: whoever has the image can read it. */
  readonly keepsHidden?: true;
  /**
   * diffIDs of layers whose fragments another process made in a way that this one cannot use; they are read again, and
   * those fragments count that come of it. Where they cannot be read, the old ones stand.
   */
  toReadAnew?(found: readonly FoundFragment<F>[]): ReadonlySet<string>;
  /** Cheap and by name alone: asked for every file of every layer. */
  wants(entry: FileEntry): boolean;
  /**
   * What the facts of a file or directory tell by themselves; its content is not read for it. Cheap: asked for every
   * entry of every layer. So many are kept of one layer: `MAX_NOTICED`.
   */
  notice?(entry: FileEntry, isDirectory: boolean): F | undefined;
  analyze(file: AnalyzedFile): Analysis<F>;
  /** In place of `analyze` for files of more than `STORED_FROM_BYTES`: reads what it needs and never all. */
  analyzeStored?(file: StoredFile): Analysis<F>;
  assemble(found: readonly FoundFragment<F>[]): AnalyzerResult;
}
