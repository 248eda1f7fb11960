// SPDX 3.0 JSON-LD, basics: software packages of the graph with version and package URL, and their declared licences.
import { listOf, type OsRelease, objectOf, textOf, textsOf, type Untyped } from '@guardcell/core';
import { osOfPackages, packageOfComponent } from './component-package.ts';
import { type ReadSbom, sbomCollector } from './sbom-content.ts';

function purlOf(element: Untyped): string {
  const direct = textOf(element['software_packageUrl']);
  if (direct !== '') return direct;
  const identifiers = listOf(element['externalIdentifier']).map(objectOf);
  const purl = identifiers.find((entry) => textOf(entry['externalIdentifierType']) === 'packageUrl');
  return textOf(purl?.['identifier']);
}

/** Package id → licence expressions that relationships declare for it. */
function declaredLicenses(graph: readonly Untyped[]): ReadonlyMap<string, readonly string[]> {
  const expressions = new Map(
    graph
      .filter((element) => textOf(element['type']) === 'simplelicensing_LicenseExpression')
      .map((element) => [textOf(element['spdxId']), textOf(element['simplelicensing_licenseExpression'])]),
  );
  const declared = new Map<string, readonly string[]>();
  for (const element of graph) {
    if (textOf(element['relationshipType']) !== 'hasDeclaredLicense') continue;
    const found = textsOf(element['to']).flatMap((id) => expressions.get(id) ?? []);
    const from = textOf(element['from']);
    declared.set(from, [...(declared.get(from) ?? []), ...found]);
  }
  return declared;
}

/** Reads a parsed document with an `@graph`. */
export function readSpdx3(document: Untyped): ReadSbom {
  const collector = sbomCollector();
  const graph = listOf(document['@graph']).map(objectOf);
  const licenses = declaredLicenses(graph);
  let os: OsRelease | undefined;
  let [specVersion, name] = ['', ''];
  for (const element of graph) {
    const kind = textOf(element['type']);
    if (kind === 'CreationInfo') specVersion ||= textOf(element['specVersion']);
    if (kind === 'SpdxDocument') name ||= textOf(element['name']);
    if (kind !== 'software_Package') continue;
    const [packageName, version] = [textOf(element['name']), textOf(element['software_packageVersion'])];
    const purpose = textOf(element['software_primaryPurpose']);
    if (purpose === 'operatingSystem') {
      os ??= { id: packageName, idLike: [], versionId: version, codename: '', prettyName: '' };
    } else if (purpose !== 'container') {
      collector.add(
        packageOfComponent({
          name: packageName,
          version,
          purl: purlOf(element),
          licenses: licenses.get(textOf(element['spdxId'])) ?? [],
          locations: [],
          extras: {},
        }),
      );
    }
  }
  const result = collector.result();
  os ??= osOfPackages(result.packages);
  return { format: 'spdx3-json', specVersion, name, ...result, ...(os === undefined ? {} : { os }) };
}
