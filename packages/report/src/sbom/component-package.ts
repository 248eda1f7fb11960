// Turns a component, as all formats describe it, into a package or an unknown component.
import type {
  OsRelease,
  PackageLocation,
  PackageType,
  SoftwarePackage,
  SourcePackage,
} from '@guardcell/core';
import { PACKAGE_TYPES } from '@guardcell/core';
import { type PurlFacts, packageOfPurl } from './package-of-purl.ts';
import type { UnknownComponent } from './sbom-content.ts';

/** What the formats have in common. */
export interface ComponentFacts {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly string[];
  readonly locations: readonly PackageLocation[];
  /** Facts beyond the format, as we or other tools add them. */
  readonly extras: PackageExtras;
}

/** Members of SoftwarePackage that formats have no word for; each may be absent. */
export interface PackageExtras {
  readonly type?: string;
  readonly name?: string;
  readonly arch?: string;
  readonly source?: SourcePackage;
  readonly thirdParty?: string;
  readonly ownedBy?: string;
  readonly dev?: boolean;
  readonly direct?: boolean;
  readonly inert?: boolean;
  readonly symbols?: readonly string[];
}

function knownType(type: string | undefined): PackageType | undefined {
  return PACKAGE_TYPES.find((known) => known === type);
}

/** `upstream` names the source package: `glibc`, `glibc@2.36-9`, or a source rpm's file name. */
function upstreamSource(purl: PurlFacts, version: string): SourcePackage | undefined {
  const upstream = purl.qualifiers.get('upstream');
  if (upstream === undefined || upstream === '') return undefined;
  const rpm = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(upstream);
  if (rpm !== null) return { name: rpm[1] ?? '', version: rpm[2] ?? '' };
  const at = upstream.indexOf('@', 1);
  return at === -1
    ? { name: upstream, version }
    : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

/** The version with rpm's epoch, which package URLs keep apart. */
function fullVersion(purl: PurlFacts | undefined, version: string): string {
  const base = version === '' ? (purl?.version ?? '') : version;
  const epoch = purl?.purlType === 'rpm' ? (purl.qualifiers.get('epoch') ?? '0') : '0';
  return epoch === '0' || epoch === '' || base.includes(':') || base === '' ? base : `${epoch}:${base}`;
}

/** A package when its ecosystem is known, else the component as it is. */
export function packageOfComponent(facts: ComponentFacts): SoftwarePackage | UnknownComponent {
  const purl = packageOfPurl(facts.purl);
  const { extras } = facts;
  const type = knownType(extras.type) ?? purl?.type;
  const version = fullVersion(purl, facts.version);
  if (type === undefined) return { name: facts.name, version, purl: facts.purl };
  const arch = extras.arch ?? purl?.qualifiers.get('arch');
  const source = extras.source ?? (purl === undefined ? undefined : upstreamSource(purl, version));
  return {
    name: extras.name ?? purl?.name ?? facts.name,
    version,
    type,
    purl: facts.purl,
    ...(arch === undefined || arch === '' ? {} : { arch }),
    ...(source === undefined ? {} : { source }),
    locations: facts.locations,
    licenses: facts.licenses,
    ...(extras.thirdParty === undefined ? {} : { thirdParty: extras.thirdParty }),
    ...(extras.ownedBy === undefined ? {} : { ownedBy: extras.ownedBy }),
    ...(extras.dev === undefined ? {} : { dev: extras.dev }),
    ...(extras.direct === undefined ? {} : { direct: extras.direct }),
    ...(extras.inert === undefined ? {} : { inert: extras.inert }),
    ...(extras.symbols === undefined ? {} : { symbols: extras.symbols }),
  };
}

/** The operating system that packages of a distribution name in their `distro` qualifier, where no component does. */
export function osOfPackages(packages: readonly SoftwarePackage[]): OsRelease | undefined {
  for (const item of packages) {
    if (item.type !== 'deb' && item.type !== 'apk' && item.type !== 'rpm') continue;
    const purl = packageOfPurl(item.purl);
    const distro = purl?.qualifiers.get('distro');
    if (purl === undefined || distro === undefined) continue;
    const split = /^([a-z][a-z0-9_.-]*?)-(\d[\w.]*)$/i.exec(distro);
    const id = split?.[1] ?? purl.namespace;
    if (id === '') continue;
    const versionId = split?.[2] ?? (/^\d/.test(distro) ? distro : '');
    return {
      id,
      idLike: [],
      versionId,
      codename: split === null && versionId === '' ? distro : '',
      prettyName: '',
    };
  }
  return undefined;
}
