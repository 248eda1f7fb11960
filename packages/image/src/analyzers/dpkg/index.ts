// The analyzer of dpkg: status database, distroless `status.d`, file lists and machine-readable licences.
import type { OsRelease, PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { AnalyzedFile, Analyzer, AnalyzerResult, FoundFragment } from '../../analyzer.ts';
import { isInert } from '../inert.ts';
import { isReleaseFile, RELEASE_PLACES, readRelease, releaseOf } from '../os-release/index.ts';
import { packageUrl } from '../package-url.ts';
import { unusableEntries } from '../system-packages.ts';
import { decodedText } from '../untyped.ts';
import { type AptOffers, type AptRepository, isAptList, offersOfOthers, parseAptList } from './apt-lists.ts';
import { parseCopyright } from './copyright.ts';
import { thirdPartyOrigin } from './origin.ts';
import { packageOfInfoFile, parseFileList, parseMd5sums, placesOf } from './owned-files.ts';
import { type DebPackage, parseStatus } from './status.ts';

export type DpkgFragment =
  | { readonly kind: 'packages'; readonly packages: readonly DebPackage[] }
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly string[] }
  | { readonly kind: 'licenses'; readonly name: string; readonly licenses: readonly string[] }
  | { readonly kind: 'repository'; readonly repository: AptRepository }
  | { readonly kind: 'offers'; readonly offers: AptOffers }
  | { readonly kind: 'release'; readonly release: OsRelease };

const STATUS = '/var/lib/dpkg/status';
const STATUS_D = /^\/(?:var\/lib\/dpkg|usr\/lib\/dpkg)\/status\.d\/[^/]+$/;
const PLACES = [STATUS, '/var/lib/dpkg/status.d', '/var/lib/dpkg/info', '/usr/lib/dpkg/status.d'];
const INFO = /^\/var\/lib\/dpkg\/info\/[^/]+\.(?:list|md5sums)$/;
const COPYRIGHT = /^\/usr\/share\/doc\/([^/]+)\/copyright$/;

function wantsPath(path: string, size: number): boolean {
  if (path.startsWith('/var/lib/apt/')) return isAptList(path, size);
  if (path.startsWith('/var/lib/dpkg/')) return path === STATUS || STATUS_D.test(path) || INFO.test(path);
  if (path.startsWith('/usr/')) return COPYRIGHT.test(path) || STATUS_D.test(path) || isReleaseFile(path);
  return isReleaseFile(path);
}

function fragmentOf(file: AnalyzedFile, onBroken: () => void): DpkgFragment | undefined {
  const { path } = file;
  if (isReleaseFile(path)) {
    const release = readRelease(file);
    return release === undefined ? undefined : { kind: 'release', release };
  }
  const text = decodedText(file.bytes);
  const documented = COPYRIGHT.exec(path)?.[1];
  if (documented !== undefined) {
    const licenses = parseCopyright(text);
    return licenses.length === 0 ? undefined : { kind: 'licenses', name: documented, licenses };
  }
  if (isAptList(path, file.size)) {
    const list = parseAptList(path, text);
    if (list === undefined) return undefined;
    return 'origin' in list ? { kind: 'repository', repository: list } : { kind: 'offers', offers: list };
  }
  if (path.endsWith('.list') && path !== STATUS) {
    return { kind: 'files', name: packageOfInfoFile(path), files: parseFileList(text) };
  }
  if (path.endsWith('.md5sums')) {
    return { kind: 'files', name: packageOfInfoFile(path), files: parseMd5sums(text) };
  }
  return { kind: 'packages', packages: parseStatus(text, onBroken) };
}

function analyze(
  file: AnalyzedFile,
): { readonly value: DpkgFragment; readonly incomplete?: string } | { readonly problem: string } | undefined {
  let broken = 0;
  const value = fragmentOf(file, () => {
    broken += 1;
  });
  const empty = value?.kind === 'packages' && value.packages.length === 0;
  if (broken === 0) return value === undefined || empty ? undefined : { value };
  const what = unusableEntries(broken);
  return value === undefined || empty ? { problem: what } : { value, incomplete: what };
}

function softwarePackage(
  entry: DebPackage,
  location: PackageLocation,
  os: OsRelease | undefined,
  licenses: readonly string[],
  offers: ReadonlyMap<string, string>,
): SoftwarePackage {
  const thirdParty = offers.get(`${entry.name} ${entry.version}`) ?? thirdPartyOrigin(entry);
  const distro = os === undefined ? undefined : `${os.id}-${os.versionId || os.codename}`.replace(/-$/, '');
  return {
    name: entry.name,
    version: entry.version,
    type: 'deb',
    purl: packageUrl({
      type: 'deb',
      namespace: os?.id ?? 'debian',
      name: entry.name,
      version: entry.version,
      qualifiers: { arch: entry.arch, distro },
    }),
    ...(entry.arch === '' ? {} : { arch: entry.arch }),
    source: { name: entry.source, version: entry.sourceVersion },
    locations: [location],
    licenses,
    ...(thirdParty === undefined ? {} : { thirdParty }),
    ...(isInert(entry.name, entry.section) ? { inert: true } : {}),
  };
}

/** A copyright file speaks of the whole source package; siblings often have a link in place of their own. */
function licensesBySource(
  found: readonly FoundFragment<DpkgFragment>[],
  licenses: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const bySource = new Map<string, readonly string[]>();
  for (const { value } of found) {
    if (value.kind !== 'packages') continue;
    for (const entry of value.packages) {
      const own = licenses.get(entry.name);
      if (own !== undefined && !bySource.has(entry.source)) bySource.set(entry.source, own);
    }
  }
  return bySource;
}

function assemble(found: readonly FoundFragment<DpkgFragment>[]): AnalyzerResult {
  const releases: FoundFragment<OsRelease>[] = [];
  const licenses = new Map<string, readonly string[]>();
  for (const { location, value } of found) {
    if (value.kind === 'release') releases.push({ location, value: value.release });
    if (value.kind === 'licenses') licenses.set(value.name, value.licenses);
  }
  const os = releaseOf(releases);
  const bySource = licensesBySource(found, licenses);
  const offers = offersOfOthers(
    found.flatMap(({ value }) => (value.kind === 'repository' ? [value.repository] : [])),
    found.flatMap(({ value }) => (value.kind === 'offers' ? [value.offers] : [])),
  );
  const packages = new Map<string, SoftwarePackage>();
  const purls = new Map<string, string>();
  const shipped = new Map<string, string>();
  for (const { location, value } of found) {
    if (value.kind !== 'packages') continue;
    for (const entry of value.packages) {
      const key = `${entry.name}:${entry.arch}:${entry.version}`;
      if (packages.has(key)) continue;
      const known = licenses.get(entry.name) ?? bySource.get(entry.source) ?? [];
      const made = softwarePackage(entry, location, os, known, offers);
      packages.set(key, made);
      for (const [path, md5] of entry.conffiles ?? []) shipped.set(path, `md5:${md5}`);
      purls.set(entry.name, made.purl);
      purls.set(`${entry.name}:${entry.arch}`, made.purl);
    }
  }
  const owners = new Map<string, string>();
  const unlisted = new Set(purls.values());
  for (const { value } of found) {
    const purl = value.kind === 'files' ? purls.get(value.name) : undefined;
    if (value.kind !== 'files' || purl === undefined) continue;
    unlisted.delete(purl);
    for (const path of value.files) for (const place of placesOf(path)) owners.set(place, purl);
  }
  return { packages: [...packages.values()], owners, shipped, unlisted };
}

export const dpkgAnalyzer: Analyzer<DpkgFragment> = {
  id: 'dpkg',
  version: 2,
  maxBytes: 24 * 1024 * 1024,
  places: [...PLACES, ...RELEASE_PLACES],
  wants: (entry) => entry.link === undefined && wantsPath(entry.path, entry.size),
  analyze,
  assemble,
};
