// Under which ecosystem and name advisories for a package are filed, and how its versions are ordered.
import type { OsRelease, PackageType, SoftwarePackage, VersionScheme } from '@guardcell/core';
import { schemeOfEcosystem } from '../versions/ecosystems.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { goApplication } from './go-programs.ts';

/** One question to the database. */
export interface Lookup {
  /** Spellings of the same ecosystem; every one of them may have entries. */
  readonly ecosystems: readonly string[];
  readonly name: string;
  /** The version that advisories under this name speak of. */
  readonly version: string;
  readonly scheme: VersionScheme;
  /** Advisories of the distribution itself, which know about backported fixes. */
  readonly distribution: boolean;
  /** Ask only when no earlier question of the package had an answer. */
  readonly fallback: boolean;
}

/** Types of system packages. */
export function isSystemPackage(type: PackageType): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm';
}

interface Language {
  readonly ecosystem: string;
  readonly scheme: VersionScheme;
  name(name: string): string;
}

const same = (name: string): string => name;
const lower = (name: string): string => name.toLowerCase();

/** Types that are missing have no ecosystem with advisories. */
const LANGUAGES: Readonly<Partial<Record<PackageType, Language>>> = {
  npm: { ecosystem: 'npm', scheme: 'npm', name: same },
  pypi: { ecosystem: 'PyPI', scheme: 'pep440', name: (name) => lower(name).replace(/[-_.]+/g, '-') },
  maven: { ecosystem: 'Maven', scheme: 'maven', name: same },
  golang: { ecosystem: 'Go', scheme: 'golang', name: same },
  cargo: { ecosystem: 'crates.io', scheme: 'cargo', name: same },
  gem: { ecosystem: 'RubyGems', scheme: 'gem', name: same },
  composer: { ecosystem: 'Packagist', scheme: 'composer', name: lower },
  nuget: { ecosystem: 'NuGet', scheme: 'nuget', name: lower },
  hex: { ecosystem: 'Hex', scheme: 'hex', name: same },
  pub: { ecosystem: 'Pub', scheme: 'pub', name: same },
  swift: {
    ecosystem: 'SwiftURL',
    scheme: 'semver',
    name: (name) => lower(name).replace(/^https?:\/\/|\.git$/g, ''),
  },
  conan: { ecosystem: 'ConanCenter', scheme: 'conan', name: same },
  githubactions: {
    ecosystem: 'GitHub Actions',
    scheme: 'semver',
    name: (name) => lower(name).split('/').slice(0, 2).join('/'),
  },
  binary: { ecosystem: 'Bitnami', scheme: 'semver', name: (name) => BINARIES[lower(name)] ?? lower(name) },
};

/** Names of programs that the catalogue of applications files under another one. */
const BINARIES: Readonly<Record<string, string>> = {
  nodejs: 'node',
  'node.js': 'node',
  postgres: 'postgresql',
  'redis-server': 'redis',
  httpd: 'apache',
  go: 'golang',
  python3: 'python',
  cpython: 'python',
};

/** How versions of a type are ordered. */
export function lookupScheme(type: PackageType): VersionScheme {
  return schemeOfEcosystem(type) ?? 'generic';
}

/** The questions that settle which advisories concern a package, most telling first. */
export function lookupsOf(pkg: SoftwarePackage, os: OsRelease | undefined): readonly Lookup[] {
  if (isSystemPackage(pkg.type)) {
    const distribution = os === undefined ? undefined : distributionOf(os);
    const foreign = pkg.thirdParty !== undefined || distribution?.scheme !== pkg.type;
    return foreign || distribution === undefined ? [] : systemLookups(pkg, distribution);
  }
  const language = LANGUAGES[pkg.type];
  if (language === undefined) return [];
  const version = pkg.type === 'githubactions' ? newestOfTag(pkg.version) : pkg.version;
  const application = goApplication(pkg);
  return [
    languageLookup(language, language.name(pkg.name), version),
    ...(application === undefined || BINARY === undefined
      ? []
      : [languageLookup(BINARY, application, version.replace(/^v/, ''))]),
  ];
}

const BINARY = LANGUAGES.binary;

function languageLookup({ ecosystem, scheme }: Language, name: string, version: string): Lookup {
  return { ecosystems: [ecosystem], name, version, scheme, distribution: false, fallback: false };
}

/**
 * Debian and Alpine file advisories by source package, RPM distributions by binary package. Packages of paid support
 * (Ubuntu Pro) are judged by its advisories, and by the free ones only where those say nothing of the package. An RPM's source is asked
 * only when nothing is filed for the package and both have one version: parts with versions of their own (perl-*)
 * would be judged by numbers that are not theirs. Source versions of RPMs lack the epoch, so the package's is used.
 */
function systemLookups(pkg: SoftwarePackage, { ecosystems, scheme, paid }: Distribution): readonly Lookup[] {
  const ask = (name: string, version: string, fallback: boolean): Lookup => ({
    ecosystems,
    name,
    version,
    scheme,
    distribution: true,
    fallback,
  });
  const source = pkg.source;
  if (scheme === 'deb') {
    const name = source?.name || pkg.name;
    const version = source?.version || pkg.version;
    if (paid?.version.test(version) !== true) return [ask(name, version, false)];
    return [{ ...ask(name, version, false), ecosystems: paid.ecosystems }, ask(name, version, true)];
  }
  if (source === undefined || source.name === '') return [ask(pkg.name, pkg.version, false)];
  const own = ask(pkg.name, pkg.version, false);
  if (source.name === pkg.name) return [own];
  if (scheme === 'apk') return [ask(source.name, pkg.version, false), own];
  const aligned = withoutEpoch(source.version) === withoutEpoch(pkg.version);
  return aligned ? [own, ask(source.name, pkg.version, true)] : [own];
}

function withoutEpoch(version: string): string {
  return version.replace(/^(?:\d+|\(none\)):/, '');
}

/** `v4` follows the newest 4.x: it stands for a version after all of them. */
function newestOfTag(tag: string): string {
  const [, number, minor] = /^v?(\d+)(?:\.(\d+))?$/.exec(tag) ?? [];
  return number === undefined ? tag : `${number}.${minor ?? '999999'}.999999`;
}
