// The analyzer of apk (Alpine, Wolfi, Chainguard …).
import type { OsRelease, PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { Analyzer } from '../../analyzer.ts';
import { isInert } from '../inert.ts';
import { isReleaseFile, RELEASE_PLACES } from '../os-release/index.ts';
import { packageUrl } from '../package-url.ts';
import {
  assembleSystem,
  packagesFragment,
  releaseFragment,
  type SystemFragment,
} from '../system-packages.ts';
import { decodedText } from '../untyped.ts';
import { type ApkPackage, parseInstalled } from './installed.ts';

export type ApkFragment = SystemFragment<ApkPackage>;

const PLACES: readonly string[] = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];
const DATABASES: ReadonlySet<string> = new Set(PLACES);

/** The namespace of purls for apk is the distribution; without release file it is Alpine, which apk comes from. */
function softwarePackage(
  entry: ApkPackage,
  location: PackageLocation,
  os: OsRelease | undefined,
): SoftwarePackage {
  const distro = os === undefined || os.versionId === '' ? undefined : `${os.id}-${os.versionId}`;
  return {
    name: entry.name,
    version: entry.version,
    type: 'apk',
    purl: packageUrl({
      type: 'apk',
      namespace: os?.id ?? 'alpine',
      name: entry.name,
      version: entry.version,
      qualifiers: { arch: entry.arch, distro },
    }),
    ...(entry.arch === '' ? {} : { arch: entry.arch }),
    source: { name: entry.origin === '' ? entry.name : entry.origin, version: entry.version },
    locations: [location],
    licenses: entry.license === '' ? [] : [entry.license],
    ...(isInert(entry.name) ? { inert: true } : {}),
  };
}

export const apkAnalyzer: Analyzer<ApkFragment> = {
  id: 'apk',
  version: 3,
  maxBytes: 64 * 1024 * 1024,
  places: [...PLACES, ...RELEASE_PLACES],
  wants: (entry) => entry.link === undefined && (DATABASES.has(entry.path) || isReleaseFile(entry.path)),
  analyze: (file) => {
    if (isReleaseFile(file.path)) return releaseFragment(file);
    return packagesFragment((onUnusable) => parseInstalled(decodedText(file.bytes), onUnusable));
  },
  assemble: (found) => assembleSystem(found, softwarePackage),
};
