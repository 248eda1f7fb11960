// The analyzer of apk (Alpine, Wolfi, Chainguard …).
import type { OsRelease, PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { Analyzer, AnalyzerResult, FoundFragment } from '../../analyzer.ts';
import { isInert } from '../inert.ts';
import { isReleaseFile, readRelease, releaseOf } from '../os-release/index.ts';
import { packageUrl } from '../package-url.ts';
import { decodedText } from '../untyped.ts';
import { type ApkPackage, parseInstalled } from './installed.ts';

export type ApkFragment =
  | { readonly kind: 'packages'; readonly packages: readonly ApkPackage[] }
  | { readonly kind: 'release'; readonly release: OsRelease };

const DATABASES: ReadonlySet<string> = new Set(['/lib/apk/db/installed', '/usr/lib/apk/db/installed']);

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

function assemble(found: readonly FoundFragment<ApkFragment>[]): AnalyzerResult {
  const os = releaseOf(
    found.flatMap(({ location, value }) =>
      value.kind === 'release' ? [{ location, value: value.release }] : [],
    ),
  );
  const packages = new Map<string, SoftwarePackage>();
  const owners = new Map<string, string>();
  for (const { location, value } of found) {
    if (value.kind !== 'packages') continue;
    for (const entry of value.packages) {
      const key = `${entry.name}@${entry.version}`;
      const made = packages.get(key) ?? softwarePackage(entry, location, os);
      packages.set(key, made);
      for (const path of entry.files) owners.set(path, made.purl);
    }
  }
  return { packages: [...packages.values()], owners };
}

export const apkAnalyzer: Analyzer<ApkFragment> = {
  id: 'apk',
  version: 1,
  maxBytes: 64 * 1024 * 1024,
  wants: (entry) => entry.link === undefined && (DATABASES.has(entry.path) || isReleaseFile(entry.path)),
  analyze: (file) => {
    if (isReleaseFile(file.path)) {
      const release = readRelease(file);
      return release === undefined ? undefined : { value: { kind: 'release', release } };
    }
    const packages = parseInstalled(decodedText(file.bytes));
    return packages.length === 0 ? undefined : { value: { kind: 'packages', packages } };
  },
  assemble,
};
