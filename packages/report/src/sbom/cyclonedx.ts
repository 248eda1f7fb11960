// CycloneDX 1.2–1.6 (and later ones that keep the shape): components, nested ones too, and the operating system.
// JSON is read as it is; XML is first given the shape of the JSON, see cyclonedx-xml.ts.
import {
  listOf,
  type OsRelease,
  objectOf,
  type PackageLocation,
  type SourcePackage,
  textOf,
  type Untyped,
} from '@guardcell/core';
import { osOfPackages, type PackageExtras, packageOfComponent } from './component-package.ts';
import { type ReadSbom, type SbomFormat, sbomCollector } from './sbom-content.ts';

type Properties = ReadonlyMap<string, readonly string[]>;

function propertiesOf(component: Untyped): Properties {
  const found = new Map<string, string[]>();
  for (const property of listOf(component['properties']).map(objectOf)) {
    const name = textOf(property['name']);
    const values = found.get(name);
    if (values === undefined) found.set(name, [textOf(property['value'])]);
    else values.push(textOf(property['value']));
  }
  return found;
}

function first(properties: Properties, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = properties.get(name)?.[0];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function sourceOf(properties: Properties, version: string): SourcePackage | undefined {
  const name = first(
    properties,
    'guardcell:source:name',
    'syft:metadata:source',
    'aquasecurity:trivy:SrcName',
  );
  if (name === undefined) return undefined;
  const plain = first(properties, 'guardcell:source:version', 'syft:metadata:sourceVersion');
  if (plain !== undefined) return { name, version: plain };
  const upstream = first(properties, 'aquasecurity:trivy:SrcVersion');
  if (upstream === undefined) return { name, version };
  const epoch = first(properties, 'aquasecurity:trivy:SrcEpoch');
  const release = first(properties, 'aquasecurity:trivy:SrcRelease');
  return {
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${upstream}${release === undefined ? '' : `-${release}`}`,
  };
}

function flag(properties: Properties, name: string): boolean | undefined {
  const value = first(properties, name);
  return value === undefined ? undefined : value === 'true';
}

function extrasOf(properties: Properties, version: string): PackageExtras {
  const entries = {
    type: first(properties, 'guardcell:type'),
    name: first(properties, 'guardcell:name'),
    arch: first(properties, 'guardcell:arch', 'syft:metadata:architecture'),
    source: sourceOf(properties, version),
    thirdParty: first(properties, 'guardcell:third-party'),
    ownedBy: first(properties, 'guardcell:owned-by'),
    dev: flag(properties, 'guardcell:dev'),
    direct: flag(properties, 'guardcell:direct'),
    inert: flag(properties, 'guardcell:inert'),
    symbols: properties.get('guardcell:symbol'),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

function licensesOf(component: Untyped): readonly string[] {
  return listOf(component['licenses'])
    .map(objectOf)
    .map((choice) => {
      const license = objectOf(choice['license']);
      return textOf(choice['expression']) || textOf(license['id']) || textOf(license['name']);
    })
    .filter((license) => license !== '');
}

function locationsOf(component: Untyped, properties: Properties): readonly PackageLocation[] {
  const occurrences = listOf(objectOf(component['evidence'])['occurrences']).map(objectOf);
  const own = occurrences.flatMap((occurrence) => {
    const path = textOf(occurrence['location']);
    const layer = /^layer (\S+)$/.exec(textOf(occurrence['additionalContext']))?.[1];
    return path === '' ? [] : [layer === undefined ? { path } : { path, layer }];
  });
  if (own.length > 0) return own;
  const others = [...properties].flatMap(([name, [path = '']]) => {
    const index = /^syft:location:(\d+):path$/.exec(name)?.[1];
    if (path === '' || (index === undefined && name !== 'aquasecurity:trivy:FilePath')) return [];
    const layer = first(
      properties,
      index === undefined ? 'aquasecurity:trivy:LayerDiffID' : `syft:location:${index}:layerID`,
    );
    const absolute = path.startsWith('/') ? path : `/${path}`;
    return [layer === undefined ? { path: absolute } : { path: absolute, layer }];
  });
  return others;
}

function osOf(component: Untyped): OsRelease {
  const properties = propertiesOf(component);
  return {
    id: first(properties, 'syft:distro:id') ?? textOf(component['name']),
    idLike: properties.get('guardcell:os:id-like') ?? properties.get('syft:distro:idLike:0') ?? [],
    versionId: first(properties, 'syft:distro:versionID') ?? textOf(component['version']),
    codename: first(properties, 'guardcell:os:codename', 'syft:distro:versionCodename') ?? '',
    prettyName: first(properties, 'guardcell:os:pretty-name', 'syft:distro:prettyName') ?? '',
  };
}

/** Kinds of components that are no software: their files, data and keys have no versions that advisories speak of. */
const NO_SOFTWARE: ReadonlySet<string> = new Set(['file', 'data', 'cryptographic-asset', 'device']);

/** Reads a document that has been parsed; deep nesting is walked without recursion. */
export function readCyclonedx(document: Untyped, format: SbomFormat): ReadSbom {
  const collector = sbomCollector();
  const described = objectOf(objectOf(document['metadata'])['component']);
  let os: OsRelease | undefined;
  const waiting: unknown[] = [
    ...listOf(described['components']),
    ...listOf(document['components']),
  ].toReversed();
  while (waiting.length > 0) {
    const component = objectOf(waiting.pop());
    for (const inner of listOf(component['components']).toReversed()) waiting.push(inner);
    const kind = textOf(component['type']);
    const name = textOf(component['name']);
    if (name === '') {
      collector.problem('a component without name');
      continue;
    }
    if (kind === 'operating-system') {
      os ??= osOf(component);
      continue;
    }
    const purl = textOf(component['purl']);
    if (purl === '' && NO_SOFTWARE.has(kind)) continue;
    const properties = propertiesOf(component);
    const group = textOf(component['group']);
    const version = textOf(component['version']);
    collector.add(
      packageOfComponent({
        name: group === '' ? name : `${group}/${name}`,
        version,
        purl,
        licenses: licensesOf(component),
        locations: locationsOf(component, properties),
        extras: extrasOf(properties, version),
      }),
    );
  }
  const result = collector.result();
  os ??= osOfPackages(result.packages);
  return {
    format,
    specVersion: textOf(document['specVersion']),
    name: textOf(described['name']),
    ...result,
    ...(os === undefined ? {} : { os }),
  };
}
