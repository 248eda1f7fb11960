// What is kept of an installed rpm package: identity, source, vendor, module and the files it brought.
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
  sourceRpm: 1044,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  modularity: 5096,
} as const;

const IDLE_FOLDERS =
  /^\/usr\/(?:share\/(?:doc|man|info|locale|licenses|zoneinfo|icons|fonts)|lib\/\.build-id)\//;

const MAX_TEXT = 512;
/** PATH_MAX of Linux. */
const MAX_PATH = 4096;

function filesOf(header: RpmHeader): string[] {
  const folders = headerStrings(header, TAG.dirNames);
  const indexes = headerNumbers(header, TAG.dirIndexes);
  const names = headerStrings(header, TAG.baseNames);
  const paths =
    names.length > 0
      ? names.map((name, index) => {
          const folder = folders[indexes[index] ?? -1] ?? '';
          // One long folder may stand before a million names.
          return folder.length + name.length > MAX_PATH ? '' : `${folder}${name}`;
        })
      : headerStrings(header, TAG.oldFileNames);
  return paths.filter((path) => path.startsWith('/') && !IDLE_FOLDERS.test(path));
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
    files: filesOf(header),
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
