// Packages and the artifact as CycloneDX components. What the format has no word for goes into `guardcell:` properties,
// so that reading the document gives the same packages again.
import type { OsRelease, ScanArtifact, SoftwarePackage } from '@guardcell/core';
import { isLicenseId, parseLicense } from '../../licenses/license-expression.ts';
import { packageOfPurl } from '../../sbom/package-of-purl.ts';
import type { CdxComponent, CdxLicense, CdxProperty } from './model.ts';

const ROOT_TYPES: Readonly<Record<ScanArtifact['kind'], string>> = {
  image: 'container',
  container: 'container',
  filesystem: 'application',
  repository: 'application',
  host: 'device',
  sbom: 'application',
};

export const ROOT_REF = 'artifact';
export const OS_REF = 'operating-system';

function properties(entries: readonly (readonly [string, string | undefined])[]): readonly CdxProperty[] {
  return entries.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

/** What was scanned. */
export function rootComponent(artifact: ScanArtifact): CdxComponent {
  const extra = properties([
    ['guardcell:kind', artifact.kind],
    ['guardcell:digest', artifact.digest],
    ['guardcell:platform', artifact.platform],
    ['guardcell:size', artifact.size === 0 ? undefined : String(artifact.size)],
    ...artifact.layers.map((layer) => ['guardcell:layer', layer] as const),
  ]);
  return {
    type: ROOT_TYPES[artifact.kind],
    'bom-ref': ROOT_REF,
    name: artifact.name,
    ...(artifact.digest === '' ? {} : { version: artifact.digest }),
    properties: extra,
  };
}

/** The operating system of the artifact. */
export function osComponent(os: OsRelease): CdxComponent {
  const extra = properties([
    ...os.idLike.map((id) => ['guardcell:os:id-like', id] as const),
    ['guardcell:os:codename', os.codename],
    ['guardcell:os:pretty-name', os.prettyName],
  ]);
  return {
    type: 'operating-system',
    'bom-ref': OS_REF,
    name: os.id,
    ...(os.versionId === '' ? {} : { version: os.versionId }),
    ...(extra.length === 0 ? {} : { properties: extra }),
  };
}

/** One compound expression, or any number of single licences: the schema allows no mixture. */
function licensesOf(declared: readonly string[]): readonly CdxLicense[] {
  const [only] = declared;
  if (declared.length === 1 && only !== undefined && !isLicenseId(only) && parseLicense(only) !== undefined) {
    return [{ expression: only }];
  }
  return declared.map((text) =>
    isLicenseId(text) ? { license: { id: text } } : { license: { name: text } },
  );
}

function packageProperties(item: SoftwarePackage): readonly CdxProperty[] {
  const fromPurl = packageOfPurl(item.purl);
  const told = fromPurl?.type === item.type && fromPurl.name === item.name;
  return properties([
    ['guardcell:type', told ? undefined : item.type],
    ['guardcell:name', told ? undefined : item.name],
    ['guardcell:arch', item.arch],
    ['guardcell:source:name', item.source?.name],
    ['guardcell:source:version', item.source?.version],
    ['guardcell:third-party', item.thirdParty],
    ['guardcell:owned-by', item.ownedBy],
    ...(['dev', 'direct', 'inert'] as const).map(
      (flag) => [`guardcell:${flag}`, item[flag] === undefined ? undefined : String(item[flag])] as const,
    ),
    ...(item.symbols ?? []).map((symbol) => ['guardcell:symbol', symbol] as const),
  ]);
}

/** Maven's group is a part of its own in CycloneDX; other ecosystems keep their names whole. */
function groupAndName(item: SoftwarePackage): Pick<CdxComponent, 'group' | 'name'> {
  const separator =
    item.type === 'maven'
      ? item.name.indexOf(':')
      : item.type === 'npm' && item.name.startsWith('@')
        ? item.name.indexOf('/')
        : -1;
  return separator < 1
    ? { name: item.name }
    : { group: item.name.slice(0, separator), name: item.name.slice(separator + 1) };
}

/** One package. `ref` is its name within the document. */
export function packageComponent(item: SoftwarePackage, ref: string): CdxComponent {
  const extra = packageProperties(item);
  return {
    type: item.type === 'binary' ? 'application' : 'library',
    'bom-ref': ref,
    ...groupAndName(item),
    version: item.version,
    ...(item.licenses.length === 0 ? {} : { licenses: licensesOf(item.licenses) }),
    ...(item.purl === '' ? {} : { purl: item.purl }),
    ...(extra.length === 0 ? {} : { properties: extra }),
    ...(item.locations.length === 0
      ? {}
      : {
          evidence: {
            occurrences: item.locations.map(({ path, layer }) => ({
              location: path,
              ...(layer === undefined ? {} : { additionalContext: `layer ${layer}` }),
            })),
          },
        }),
  };
}
