// What is kept of an installed rpm package: identity, source, vendor, module and the files it brought.
import { isSetting, type ShippedSetting } from '../system-packages.ts';
import { headerNumbers, headerString, headerStrings, type RpmHeader } from './header.ts';

/** One installed package; plain data. */
export interface RpmPackage {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** File name of the source package: `bash-5.1.8-9.el9.src.rpm`. */
  readonly sourceRpm: string;
  readonly vendor: string;
  readonly license: string;
  /** `nodejs:18:9050020230721:…`, where it is part of a module. */
  readonly modularity: string;
  /** Absolute paths, without folders that hold nothing to run. */
  readonly files: readonly string[];
  readonly settings?: readonly ShippedSetting[];
}

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  oldFileNames: 1027,
  fileDigests: 1035,
  fileFlags: 1037,
  sourceRpm: 1044,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  digestAlgorithm: 5011,
  modularity: 5096,
} as const;

const IDLE_FOLDERS =
  /^\/usr\/(?:share\/(?:doc|man|info|locale|licenses|zoneinfo|icons|fonts)|lib\/\.build-id)\//;

const MAX_TEXT = 512;
/** PATH_MAX of Linux. */
const MAX_PATH = 4096;

/** RPMFILE_CONFIG: a file that people may change. */
const IS_CONFIG = 1;
/** Of OpenPGP (RFC 9580, 9.5); MD5 where a header names none. */
const ALGORITHMS: Readonly<Record<number, string>> = { 1: 'md5', 2: 'sha1', 8: 'sha256' };
const HEX = /^[0-9a-f]{32,64}$/;

/** All paths of the package, in the order of its other lists of files. */
function pathsOf(header: RpmHeader): readonly string[] {
  const folders = headerStrings(header, TAG.dirNames);
  const indexes = headerNumbers(header, TAG.dirIndexes);
  const names = headerStrings(header, TAG.baseNames);
  if (names.length === 0) return headerStrings(header, TAG.oldFileNames);
  return names.map((name, index) => {
    const folder = folders[indexes[index] ?? -1] ?? '';
    // One long folder may stand before a million names.
    return folder.length + name.length > MAX_PATH ? '' : `${folder}${name}`;
  });
}

function settingsOf(header: RpmHeader, paths: readonly string[]): readonly ShippedSetting[] {
  const algorithm = ALGORITHMS[headerNumbers(header, TAG.digestAlgorithm)[0] ?? 1];
  if (algorithm === undefined || !paths.some(isSetting)) return [];
  const flags = headerNumbers(header, TAG.fileFlags);
  const isConfig = (path: string, index: number): boolean =>
    ((flags[index] ?? 0) & IS_CONFIG) !== 0 && isSetting(path);
  // Most packages have none: their digests are not even read.
  if (!paths.some(isConfig)) return [];
  const digests = headerStrings(header, TAG.fileDigests);
  return paths.flatMap((path, index): ShippedSetting[] => {
    const digest = digests[index] ?? '';
    return isConfig(path, index) && HEX.test(digest) ? [[path, `${algorithm}:${digest}`]] : [];
  });
}

/** Keys that rpm keeps as packages. */
export function isKey(header: RpmHeader): boolean {
  return headerString(header, TAG.name) === 'gpg-pubkey';
}

/** The package of a header; undefined without usable name or version. */
export function packageOfHeader(header: RpmHeader): RpmPackage | undefined {
  const name = headerString(header, TAG.name);
  const version = headerString(header, TAG.version);
  const release = headerString(header, TAG.release);
  if (name === '' || version === '') return undefined;
  if (name.length + version.length + release.length > MAX_TEXT) return undefined;
  const paths = pathsOf(header);
  const settings = settingsOf(header, paths);
  return {
    name,
    epoch: headerNumbers(header, TAG.epoch)[0] ?? 0,
    version,
    release,
    arch: headerString(header, TAG.arch),
    sourceRpm: headerString(header, TAG.sourceRpm),
    vendor: headerString(header, TAG.vendor),
    license: headerString(header, TAG.license),
    modularity: headerString(header, TAG.modularity),
    files: paths.filter((path) => path.startsWith('/') && !IDLE_FOLDERS.test(path)),
    ...(settings.length === 0 ? {} : { settings }),
  };
}

/** Name, version and release of `name-version-release.src.rpm`; undefined for what is none. */
export function splitSourceRpm(
  file: string,
): { readonly name: string; readonly version: string; readonly release: string } | undefined {
  const stem = file.replace(/\.(?:no)?src\.rpm$/, '');
  if (stem === file) return undefined;
  const release = stem.lastIndexOf('-');
  const version = stem.lastIndexOf('-', release - 1);
  if (version <= 0) return undefined;
  return {
    name: stem.slice(0, version),
    version: stem.slice(version + 1, release),
    release: stem.slice(release + 1),
  };
}
