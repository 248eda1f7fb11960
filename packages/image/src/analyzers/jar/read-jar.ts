// Walks a Java archive and the archives within it, and names the artifacts. Bounded in depth, count and bytes, so
// that archives made to explode cost no more than large ones. Archives that lie on disk, and large ones within archives, are read there.
import type { FileContent } from '../../content/file-content.ts';
import type { FoundPackage } from '../found-package.ts';
import { parsePom } from '../maven/parse-pom.ts';
import { guarded } from '../text-analyzer.ts';
import { decodedText } from '../untyped.ts';
import {
  type Coordinates,
  identifyByManifest,
  identifyByMaven,
  identifyShaded,
  validCoordinates,
} from './identify-jar.ts';
import { openNested } from './open-nested.ts';
import { parseManifest, parseProperties } from './parse-manifest.ts';
import { MAX_ZIP_ENTRIES, readZipDirectory, readZipEntry, TOO_LARGE, type ZipEntry } from './read-zip.ts';
import { repositoryCoordinates } from './repository-path.ts';

export interface JarContent {
  readonly packages: readonly FoundPackage[];
  /** What could not be looked at, at most `MAX_PROBLEMS` of them. */
  readonly problems: readonly string[];
  /** Another attempt may find more: the disk was full. */
  readonly isPassing: boolean;
}

export interface JarLimits {
  /** Archives within archives. */
  readonly depth: number;
  /** Of all archives together. */
  readonly archives: number;
  /** Entries that are read, of all archives together: each costs memory until the event loop turns. */
  readonly reads: number;
  /** Entries of the directories of all archives together. */
  readonly entries: number;
  /** Bytes of all inflated entries together. */
  readonly totalBytes: number;
  /** Bytes of one inflated archive. */
  readonly archiveBytes: number;
  /** Inflated to compressed size of archives above a mebibyte: they hold compressed data already. */
  readonly ratio: number;
}

export const JAR_LIMITS: JarLimits = {
  depth: 5,
  archives: 5000,
  reads: 15_000,
  entries: 4_000_000,
  totalBytes: 384 * 1024 * 1024,
  archiveBytes: 256 * 1024 * 1024,
  ratio: 100,
};

export const JAVA_ARCHIVE = /\.(?:jar|war|ear|par|hpi|jpi|sar|kar|aar|nar|lpkg)$/i;
const MAVEN_FILE = /^META-INF\/maven\/[^/]{1,200}\/[^/]{1,200}\/pom\.(?:properties|xml)$/;
const MANIFEST = /^META-INF\/MANIFEST\.MF$/i;
const MAX_TEXT_BYTES = 2 * 1024 * 1024;
const MAX_PROBLEMS = 20;

interface Walk {
  readonly limits: JarLimits;
  readonly packages: FoundPackage[];
  readonly problems: string[];
  bytesLeft: number;
  archivesLeft: number;
  readsLeft: number;
  entriesLeft: number;
  isPassing: boolean;
}

function complain(walk: Walk, inner: string, problem: string): void {
  if (walk.problems.length < MAX_PROBLEMS)
    walk.problems.push(inner === '' ? problem : `${inner}: ${problem}`);
}

/** Content within the budget; undefined after a complaint. */
function take(
  walk: Walk,
  zip: FileContent,
  entry: ZipEntry,
  inner: string,
  most: number,
): Buffer | undefined {
  if (!mayRead(walk, inner)) return undefined;
  const limit = Math.min(most, walk.bytesLeft);
  const result = readZipEntry(zip, entry, limit);
  if ('content' in result) {
    if (entry.method !== 0) walk.bytesLeft -= result.content.length;
    return result.content;
  }
  failed(walk, entry, inner, result.problem, limit);
  return undefined;
}

function mayRead(walk: Walk, inner: string): boolean {
  walk.readsLeft--;
  if (walk.readsLeft < 0) complain(walk, inner, `more than ${walk.limits.reads} entries to read`);
  return walk.readsLeft >= 0;
}

/** Broken data costs as much as is read of it, data that overflows as much as was allowed. */
function failed(walk: Walk, entry: ZipEntry, inner: string, problem: string, limit: number): void {
  complain(walk, inner, problem);
  const cost = problem === TOO_LARGE ? limit : entry.compressedSize;
  if (entry.method !== 0) walk.bytesLeft -= Math.min(cost, walk.bytesLeft);
}

function fromProperties(text: string): Coordinates {
  const properties = parseProperties(text);
  return {
    group: properties.get('groupId') ?? '',
    artifact: properties.get('artifactId') ?? '',
    version: properties.get('version') ?? '',
  };
}

/** Reading XML takes some eight times as long as inflating it: it counts that much. */
const XML_COST = 8;

/** Undefined after a complaint. */
function coordinatesOf(walk: Walk, content: Buffer, inner: string): Coordinates | undefined {
  const text = decodedText(content);
  if (!inner.endsWith('.xml')) return fromProperties(text);
  walk.bytesLeft = Math.max(0, walk.bytesLeft - (XML_COST - 1) * content.length);
  const pom = guarded('not readable', () => parsePom(text).self);
  if (!('problem' in pom)) return pom;
  complain(walk, inner, pom.problem);
  return undefined;
}

/** pom.properties where it is complete, else the pom.xml beside it. */
function mavenCoordinates(
  walk: Walk,
  zip: FileContent,
  entries: readonly ZipEntry[],
  inner: string,
): Coordinates[] {
  const byFolder = new Map<string, Coordinates>();
  const files = entries.filter(({ name }) => MAVEN_FILE.test(name));
  for (const ending of ['.properties', '.xml']) {
    for (const entry of files.filter(({ name }) => name.endsWith(ending))) {
      const folder = entry.name.slice(0, entry.name.lastIndexOf('/'));
      if (byFolder.has(folder)) continue;
      const place = inner === '' ? entry.name : `${inner}!/${entry.name}`;
      const content = take(walk, zip, entry, place, MAX_TEXT_BYTES);
      const coordinates = content && coordinatesOf(walk, content, place);
      if (coordinates !== undefined && validCoordinates(coordinates)) byFolder.set(folder, coordinates);
    }
  }
  return [...byFolder.values()];
}

/** Of the outermost archive alone: paths within archives are made up by whoever packed them. */
const ownPath = (path: string, inner: string): readonly Coordinates[] => {
  const coordinates = inner === '' ? repositoryCoordinates(path) : undefined;
  return coordinates === undefined ? [] : [coordinates];
};

function walkArchive(walk: Walk, zip: FileContent, path: string, inner: string, depth: number): void {
  const directory = readZipDirectory(
    zip,
    (name) => MAVEN_FILE.test(name) || MANIFEST.test(name) || JAVA_ARCHIVE.test(name),
    Math.min(MAX_ZIP_ENTRIES, walk.entriesLeft),
  );
  walk.entriesLeft -= directory?.seen ?? 0;
  if (directory === undefined) {
    complain(walk, inner, 'not a ZIP archive');
    return;
  }
  if (directory.problem !== undefined) complain(walk, inner, directory.problem);
  const { entries } = directory;
  const manifest = entries.find(({ name }) => MANIFEST.test(name));
  const text = manifest && take(walk, zip, manifest, `${inner}!/${manifest.name}`, MAX_TEXT_BYTES);
  const headers = parseManifest(text === undefined ? '' : decodedText(text));
  const byMaven = identifyByMaven(
    [...ownPath(path, inner), ...mavenCoordinates(walk, zip, entries, inner)],
    headers,
  );
  const found =
    byMaven.length > 0
      ? [...byMaven, ...identifyShaded(path, headers, byMaven)]
      : identifyByManifest(path, headers);
  walk.packages.push(...found.map((item) => (inner === '' ? item : { ...item, inner })));
  for (const entry of entries) {
    if (JAVA_ARCHIVE.test(entry.name)) walkNested(walk, zip, entry, inner, depth);
  }
}

function walkNested(walk: Walk, zip: FileContent, entry: ZipEntry, outer: string, depth: number): void {
  const { limits } = walk;
  const inner = outer === '' ? entry.name : `${outer}!/${entry.name}`;
  if (depth >= limits.depth)
    return complain(walk, inner, `more than ${limits.depth} archives within each other`);
  if (walk.archivesLeft <= 0) return complain(walk, inner, `more than ${limits.archives} archives`);
  walk.archivesLeft--;
  if (entry.size > 1024 * 1024 && entry.size / Math.max(entry.compressedSize, 1) > limits.ratio) {
    return complain(walk, inner, `inflates to more than ${limits.ratio} times its size`);
  }
  if (!mayRead(walk, inner)) return;
  const limit = Math.min(limits.archiveBytes, walk.bytesLeft);
  const nested = openNested(zip, entry, limit);
  if ('problem' in nested) {
    if (nested.isPassing === true) walk.isPassing = true;
    return failed(walk, entry, inner, nested.problem, limit);
  }
  if (entry.method !== 0) walk.bytesLeft -= nested.content.size;
  try {
    if (nested.content.size > 0) walkArchive(walk, nested.content, entry.name, inner, depth + 1);
  } finally {
    nested.close?.();
  }
}

/** Artifacts of the archive at `path` and of all archives in it. Does not throw. */
export function readJar(content: FileContent, path: string, limits: JarLimits = JAR_LIMITS): JarContent {
  const walk: Walk = {
    limits,
    packages: [],
    problems: [],
    bytesLeft: limits.totalBytes,
    archivesLeft: limits.archives,
    readsLeft: limits.reads,
    entriesLeft: limits.entries,
    isPassing: false,
  };
  walkArchive(walk, content, path, '', 0);
  return { packages: walk.packages, problems: walk.problems, isPassing: walk.isPassing };
}
