// Ecosystem names of OSV records in the spelling that the database is keyed by, and the version order of each.
import type { VersionScheme } from '@guardcell/core';

const SCHEMES: Readonly<Record<string, VersionScheme>> = {
  npm: 'npm',
  PyPI: 'pep440',
  Go: 'golang',
  Maven: 'maven',
  RubyGems: 'gem',
  'crates.io': 'cargo',
  NuGet: 'nuget',
  Packagist: 'composer',
  Hex: 'hex',
  Pub: 'pub',
  ConanCenter: 'conan',
  SwiftURL: 'semver',
  'GitHub Actions': 'semver',
  Bitnami: 'semver',
  kubernetes: 'semver',
  Debian: 'deb',
  Ubuntu: 'deb',
  'Ubuntu Pro': 'deb',
  Alpine: 'apk',
  Wolfi: 'apk',
  Chainguard: 'apk',
  MinimOS: 'apk',
  AlmaLinux: 'rpm',
  'Rocky Linux': 'rpm',
  'Red Hat': 'rpm',
  SUSE: 'rpm',
  openSUSE: 'rpm',
  'Oracle Linux': 'rpm',
  'Amazon Linux': 'rpm',
  'Azure Linux': 'rpm',
  'Photon OS': 'rpm',
  openEuler: 'rpm',
  Mageia: 'rpm',
};

const RPM_STREAM = /^(?:enterprise_linux|rhel):(\d+)(?:\.\d+)?(?:::.*)?$/;
const SLE =
  /^(?:Linux Enterprise (?:Server|Desktop|Module for .*|High Performance Computing|Real Time)) (\d+)(?: SP(\d+))?/;

/**
 * `Ubuntu:22.04:LTS` → `Ubuntu:22.04`, `Red Hat:enterprise_linux:9::baseos` → `Red Hat:9`,
 * `SUSE:Linux Enterprise Server 15 SP5` → `SUSE:15.5`, `openSUSE:Leap 15.5` → `openSUSE:15.5`.
 * Undefined for streams that a plain installation does not follow (extended support, layered products).
 */
export function canonicalEcosystem(written: string): string | undefined {
  const at = written.indexOf(':');
  const [family, rest] = at < 0 ? [written, ''] : [written.slice(0, at), written.slice(at + 1)];
  switch (family) {
    case 'Ubuntu': {
      const pro = /^Pro:(\d+\.\d+)(?::LTS)?$/.exec(rest);
      if (pro !== null) return `Ubuntu Pro:${pro[1]}`;
      const plain = /^(\d+\.\d+)(?::LTS)?$/.exec(rest);
      return plain === null ? undefined : `Ubuntu:${plain[1]}`;
    }
    case 'Red Hat': {
      const stream = RPM_STREAM.exec(rest);
      return stream === null ? undefined : `Red Hat:${stream[1]}`;
    }
    case 'SUSE': {
      const release = SLE.exec(rest);
      if (release === null) return undefined;
      return `SUSE:${release[1]}${release[2] === undefined ? '' : `.${release[2]}`}`;
    }
    case 'openSUSE':
      return rest.startsWith('Leap ') ? `openSUSE:${rest.slice(5).split(' ')[0] ?? ''}` : `openSUSE:${rest}`;
    case 'Azure Linux':
    case 'Oracle Linux':
    case 'Amazon Linux':
    case 'Rocky Linux':
    case 'AlmaLinux':
    case 'Debian':
    case 'Alpine':
      return rest === '' ? family : `${family}:${rest}`;
    case 'Kubernetes':
      return 'kubernetes';
    default:
      // Other repositories of Maven and Packagist hold the same packages under the same names.
      return SCHEMES[family] === undefined ? undefined : family;
  }
}

/** The order of versions in an ecosystem as `canonicalEcosystem` writes it. */
export function schemeOf(ecosystem: string): VersionScheme {
  const at = ecosystem.indexOf(':');
  return SCHEMES[at < 0 ? ecosystem : ecosystem.slice(0, at)] ?? 'generic';
}

/** Distributions: an advisory of theirs may fix several vulnerabilities and names them as related or upstream. */
export function isDistribution(ecosystem: string): boolean {
  const scheme = schemeOf(ecosystem);
  return scheme === 'deb' || scheme === 'rpm' || scheme === 'apk';
}
