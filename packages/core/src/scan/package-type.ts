// Software packages as scanners find them, whatever ecosystem they come from.

/** The `type` of a package URL; `binary` stands for servers known by a version text within their program. */
export const PACKAGE_TYPES = [
  'deb',
  'apk',
  'rpm',
  'npm',
  'pypi',
  'maven',
  'golang',
  'cargo',
  'gem',
  'composer',
  'nuget',
  'hex',
  'pub',
  'cocoapods',
  'swift',
  'conan',
  'conda',
  'githubactions',
  'binary',
] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

export interface PackageLocation {
  /** Absolute within the artifact: `/usr/lib/node_modules/x/package.json`; nested archives joined with `!/`. */
  readonly path: string;
  /** diffID of the layer, `sha256:…`; left out where there are no layers. */
  readonly layer?: string;
}

/** The source package that a distribution built a binary package from; advisories of distributions name it. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
}

export interface SoftwarePackage {
  /** As the ecosystem writes it: `libssl3`, `@babel/core`, `org.apache.logging.log4j:log4j-core`. */
  readonly name: string;
  /** The full version, epoch and release included: `1:1.2.3-4+deb12u1`. */
  readonly version: string;
  readonly type: PackageType;
  /** Package URL (purl specification) without qualifiers that only say where it was found. */
  readonly purl: string;
  readonly arch?: string;
  readonly source?: SourcePackage;
  readonly locations: readonly PackageLocation[];
  /** As declared: SPDX expressions or whatever the author wrote. */
  readonly licenses: readonly string[];
  /** Repository it came from, where that is not the distribution itself: its advisories do not speak of such packages. */
  readonly thirdParty?: string;
  /** purl of the system package that owns the file it was found in: such findings are reported once, for the owner. */
  readonly ownedBy?: string;
  /** Only for development or tests, as the lock file says. */
  readonly dev?: boolean;
  /** Named by the project itself, not by another package. */
  readonly direct?: boolean;
  /** Kernel headers, documentation, debug symbols: nothing of it runs. */
  readonly inert?: boolean;
  /** Functions that are in a program, where its build says so; for advisories that name functions. */
  readonly symbols?: readonly string[];
}

/** Facts of /etc/os-release. */
export interface OsRelease {
  /** `ID`: debian, alpine, almalinux … */
  readonly id: string;
  readonly idLike: readonly string[];
  /** `VERSION_ID`; empty for rolling releases. */
  readonly versionId: string;
  readonly codename: string;
  readonly prettyName: string;
}
