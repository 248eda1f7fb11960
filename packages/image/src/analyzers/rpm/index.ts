// The analyzer of rpm: its three kinds of databases, and the manifest of images that have none.
import type { OsRelease, PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { AnalyzedFile, Analyzer, StoredFile } from '../../analyzer.ts';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { isInert } from '../inert.ts';
import { isReleaseFile, RELEASE_PLACES } from '../os-release/index.ts';
import { packageUrl } from '../package-url.ts';
import {
  assembleSystem,
  packagesFragment,
  releaseFragment,
  type SystemFragment,
  unusableEntries,
} from '../system-packages.ts';
import { decodedText } from '../untyped.ts';
import { bdbValues } from './bdb-hash.ts';
import { readHeader } from './header.ts';
import { parseManifest } from './manifest.ts';
import { ndbBlobs } from './ndb-slots.ts';
import { isKey, packageOfHeader, type RpmPackage, splitSourceRpm } from './package.ts';
import { readTable, type SqliteValue } from './sqlite-pages.ts';
import { isThirdPartyVendor } from './vendor.ts';

export type RpmFragment = SystemFragment<RpmPackage>;

const DATABASES: readonly string[] = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'].flatMap(
  (folder) => ['Packages', 'Packages.db', 'rpmdb.sqlite'].map((name) => `${folder}/${name}`),
);
const IS_DATABASE: ReadonlySet<string> = new Set(DATABASES);
/** Of all packages together; those beyond own no files. */
const MAX_FILE_CHARS = 24 * 1024 * 1024;
/** Of release files and manifests. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const MANIFEST = '/var/lib/rpmmanifest/container-manifest-2';

type Result = { readonly value: RpmFragment; readonly incomplete?: string } | { readonly problem: string };

function blobsOf(path: string, content: FileContent, onBroken: () => void): Iterable<Uint8Array> | undefined {
  if (path.endsWith('/rpmdb.sqlite')) {
    const rows = readTable(content, 'Packages', onBroken);
    return rows && blobsOfRows(rows);
  }
  return path.endsWith('/Packages.db') ? ndbBlobs(content, onBroken) : bdbValues(content, onBroken);
}

function* blobsOfRows(rows: Iterable<readonly SqliteValue[]>): Generator<Uint8Array> {
  for (const row of rows) yield* row.filter((value) => value instanceof Uint8Array);
}

/** Broken parts do not take the good ones with them; a database of nothing but broken ones is a problem. */
function analyzeDatabase(path: string, content: FileContent): Result | undefined {
  let broken = 0;
  let unusable = 0;
  let fileChars = 0;
  const onBroken = (): void => {
    broken += 1;
  };
  const blobs = blobsOf(path, content, onBroken);
  if (blobs === undefined) return { problem: 'not an rpm database of a known kind, or cut off' };
  const packages: RpmPackage[] = [];
  for (const blob of blobs) {
    // Berkeley DB keeps the next free number among the packages; it is four bytes long.
    if (blob.length < 8) continue;
    const header = readHeader(blob);
    if (header === undefined) {
      onBroken();
      continue;
    }
    if (isKey(header)) continue;
    const one = packageOfHeader(header);
    if (one === undefined) {
      unusable += 1;
      continue;
    }
    for (const file of one.files) fileChars += file.length;
    for (const [path, digest] of one.settings ?? []) fileChars += path.length + digest.length;
    packages.push(fileChars > MAX_FILE_CHARS ? { ...one, files: [], settings: [] } : one);
  }
  if (packages.length === 0) {
    const bad = broken + unusable;
    return bad === 0 ? undefined : { problem: `no package in it can be read; ${bad} parts are broken` };
  }
  const value: RpmFragment = { kind: 'packages', packages };
  const parts = [
    ...(broken === 0 ? [] : [`${broken} parts of the rpm database are broken`]),
    ...(unusable === 0 ? [] : [unusableEntries(unusable)]),
    ...(fileChars <= MAX_FILE_CHARS ? [] : ['the packages have more names of files than can be kept']),
  ];
  return parts.length === 0 ? { value } : { value, incomplete: parts.join('; ') };
}

function analyze(file: AnalyzedFile): Result | undefined {
  if (isReleaseFile(file.path)) return releaseFragment(file);
  if (file.path !== MANIFEST) return analyzeDatabase(file.path, heldContent(file.bytes));
  return packagesFragment((onUnusable) => parseManifest(decodedText(file.bytes), onUnusable));
}

/** Databases alone are large. */
function analyzeStored({ content, ...entry }: StoredFile): Result | undefined {
  if (IS_DATABASE.has(entry.path)) return analyzeDatabase(entry.path, content);
  if (content.size > MAX_TEXT_BYTES) return { problem: `more than ${MAX_TEXT_BYTES} bytes` };
  return analyze({ ...entry, bytes: content.read(0, content.size) });
}

const withEpoch = (epoch: number, version: string): string => (epoch > 0 ? `${epoch}:${version}` : version);

function softwarePackage(
  entry: RpmPackage,
  location: PackageLocation,
  os: OsRelease | undefined,
): SoftwarePackage {
  const bare = entry.release === '' ? entry.version : `${entry.version}-${entry.release}`;
  const source = splitSourceRpm(entry.sourceRpm);
  const distro = os === undefined || os.versionId === '' ? undefined : `${os.id}-${os.versionId}`;
  const epoch = entry.epoch > 0 ? String(entry.epoch) : undefined;
  const modularity = entry.modularity === '' ? undefined : entry.modularity;
  return {
    name: entry.name,
    version: withEpoch(entry.epoch, bare),
    type: 'rpm',
    purl: packageUrl({
      type: 'rpm',
      namespace: os?.id ?? '',
      name: entry.name,
      version: bare,
      qualifiers: { arch: entry.arch, distro, epoch, rpmmod: modularity },
    }),
    ...(entry.arch === '' ? {} : { arch: entry.arch }),
    // A source package has no epoch in its file name; its binaries share it.
    ...(source === undefined
      ? {}
      : {
          source: {
            name: source.name,
            version: withEpoch(entry.epoch, `${source.version}-${source.release}`),
          },
        }),
    locations: [location],
    licenses: entry.license === '' ? [] : [entry.license],
    ...(isThirdPartyVendor(entry.vendor, os) ? { thirdParty: entry.vendor } : {}),
    ...(isInert(entry.name) ? { inert: true } : {}),
  };
}

export const rpmAnalyzer: Analyzer<RpmFragment> = {
  id: 'rpm',
  version: 3,
  maxBytes: 256 * 1024 * 1024,
  places: [...DATABASES, MANIFEST, ...RELEASE_PLACES],
  wants: ({ link, path }) =>
    link === undefined && (IS_DATABASE.has(path) || path === MANIFEST || isReleaseFile(path)),
  analyze,
  analyzeStored,
  assemble: (found) => assembleSystem(found, softwarePackage),
};
