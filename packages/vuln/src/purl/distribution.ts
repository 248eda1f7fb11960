// From the facts of /etc/os-release to the names under which advisories of that distribution may be filed.
import { debianNumber, type OsRelease, type VersionScheme } from '@guardcell/core';

export interface Distribution {
  /** Spellings in use, preferred first: feeds name the same release `Ubuntu:24.04` and `Ubuntu:24.04:LTS`. */
  readonly ecosystems: readonly string[];
  readonly scheme: VersionScheme;
  /** Packages of paid support, known by their versions, have advisories of their own. */
  readonly paid?: { readonly ecosystems: readonly string[]; readonly version: RegExp };
}

/** `1.2-0ubuntu0.18.04.1~esm2`, `5.4.0-1.2+esm1`; kernels and the like of FIPS have their own marks. */
const UBUNTU_PRO_VERSION = /[+~.]esm\d|\+fips/;

type Naming = (release: string, os: OsRelease) => readonly string[];

const major = (release: string): string => release.split('.')[0] ?? '';
const byMajor =
  (...families: readonly string[]): Naming =>
  (release) =>
    release === '' ? families : families.map((family) => `${family}:${major(release)}`);
const rolling =
  (family: string): Naming =>
  () => [family];

const DEB_NAMES: Readonly<Record<string, Naming>> = {
  debian: (release, os) => {
    return [`Debian:${major(release) || (debianNumber(os.codename) ?? 'sid')}`];
  },
  raspbian: byMajor('Debian'),
  ubuntu: (release) => [`Ubuntu:${release}`, `Ubuntu:${release}:LTS`],
};

const APK_NAMES: Readonly<Record<string, Naming>> = {
  alpine: (release) => {
    const [, number] = /^(\d+\.\d+)(?:\.\d+)?$/.exec(release) ?? [];
    return [number === undefined ? 'Alpine:edge' : `Alpine:v${number}`];
  },
  wolfi: rolling('Wolfi'),
  chainguard: () => ['Chainguard', 'Wolfi'],
  minimos: rolling('MinimOS'),
};

const suse: Naming = (release) => [
  `SUSE:${release}`,
  `SUSE:Linux Enterprise Server ${release.replace('.', ' SP')}`,
];
const leap: Naming = (release) => [`openSUSE:${release}`, `openSUSE:Leap ${release}`];

const RPM_NAMES: Readonly<Record<string, Naming>> = {
  almalinux: byMajor('AlmaLinux'),
  rocky: byMajor('Rocky Linux'),
  rhel: byMajor('Red Hat'),
  centos: byMajor('Red Hat'),
  ol: byMajor('Oracle Linux', 'Oracle'),
  amzn: byMajor('Amazon Linux', 'Amazon'),
  azurelinux: byMajor('Azure Linux'),
  mariner: byMajor('Azure Linux'),
  photon: (release) => [`Photon OS:${release}`, `Photon:${release}`],
  mageia: byMajor('Mageia'),
  openeuler: (release) => [`openEuler:${release}`],
  fedora: byMajor('Fedora'),
  sles: suse,
  sled: suse,
  'sle-micro': (release) => [`SUSE:Linux Micro ${release}`],
  'opensuse-leap': leap,
  'opensuse-tumbleweed': () => ['openSUSE:Tumbleweed'],
};

const FAMILIES: readonly (readonly [VersionScheme, Readonly<Record<string, Naming>>])[] = [
  ['deb', DEB_NAMES],
  ['apk', APK_NAMES],
  ['rpm', RPM_NAMES],
];

/**
 * Where advisories for the system packages of a release are filed; undefined for distributions that publish none we
 * read. Derivatives that only say whom they are like are not judged by the other's advisories: versions differ.
 */
export function distributionOf(os: OsRelease): Distribution | undefined {
  for (const [scheme, names] of FAMILIES) {
    const naming = Object.hasOwn(names, os.id) ? names[os.id] : undefined;
    if (naming === undefined) continue;
    const ecosystems = naming(os.versionId, os);
    if (os.id !== 'ubuntu') return { ecosystems, scheme };
    const paid = { ecosystems: [`Ubuntu Pro:${os.versionId}`], version: UBUNTU_PRO_VERSION };
    return { ecosystems, scheme, paid };
  }
  return undefined;
}
