// The version order behind each name that people and feeds give an ecosystem: schemes, purl types, OSV names.
import { VERSION_SCHEMES, type VersionScheme } from '@guardcell/core';

/** OSV ecosystem names and purl types, lower case, without the release after the colon. */
const NAMES: Readonly<Record<string, VersionScheme>> = {
  debian: 'deb',
  ubuntu: 'deb',
  echo: 'deb',
  dpkg: 'deb',
  alpine: 'apk',
  wolfi: 'apk',
  chainguard: 'apk',
  minimos: 'apk',
  alpaquita: 'apk',
  'bellsoft hardened containers': 'apk',
  almalinux: 'rpm',
  amazon: 'rpm',
  'amazon linux': 'rpm',
  'azure linux': 'rpm',
  centos: 'rpm',
  fedora: 'rpm',
  mageia: 'rpm',
  openeuler: 'rpm',
  opensuse: 'rpm',
  oracle: 'rpm',
  'oracle linux': 'rpm',
  photon: 'rpm',
  'photon os': 'rpm',
  'red hat': 'rpm',
  rhel: 'rpm',
  'rocky linux': 'rpm',
  suse: 'rpm',
  pypi: 'pep440',
  conda: 'pep440',
  go: 'golang',
  'crates.io': 'cargo',
  rubygems: 'gem',
  packagist: 'composer',
  conancenter: 'conan',
  swifturl: 'semver',
  swift: 'semver',
  cocoapods: 'gem',
  bitnami: 'semver',
  kubernetes: 'semver',
  julia: 'semver',
  opam: 'deb',
  'github actions': 'semver',
  githubactions: 'semver',
  android: 'generic',
  binary: 'generic',
  cran: 'generic',
  hackage: 'generic',
  ghc: 'generic',
  'oss-fuzz': 'generic',
};

/** The scheme that an ecosystem orders its versions by (`Debian:12` → `deb`); undefined for unknown names. */
export function schemeOfEcosystem(ecosystem: string): VersionScheme | undefined {
  const name = (ecosystem.split(':')[0] ?? '').trim().toLowerCase();
  return (
    VERSION_SCHEMES.find((scheme) => scheme === name) ??
    (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined)
  );
}
