// SPDX 3.0 JSON-LD, basics: software packages of the graph with version and package URL, and their declared licences.
import type { OsRelease } from '@guardcell/core';
import { osOfPackages, packageOfComponent } from './component-package.ts';
import { type ReadSbom, sbomCollector } from './sbom-content.ts';
import { list, record, text, texts, type Untyped } from './untyped.ts';

function purlOf(element: Untyped): string {
  const direct = text(element['software_packageUrl']);
  if (direct !== '') return direct;
  const identifiers = list(element['externalIdentifier']).map(record);
  const purl = identifiers.find((entry) => text(entry['externalIdentifierType']) === 'packageUrl');
  return text(purl?.['identifier']);
}

/** Package id → licence expressions that relationships declare for it. */
function declaredLicenses(graph: readonly Untyped[]): ReadonlyMap<string, readonly string[]> {
  const expressions = new Map(
    graph
      .filter((element) => text(element['type']) === 'simplelicensing_LicenseExpression')
      .map((element) => [text(element['spdxId']), text(element['simplelicensing_licenseExpression'])]),
  );
  const declared = new Map<string, readonly string[]>();
  for (const element of graph) {
    if (text(element['relationshipType']) !== 'hasDeclaredLicense') continue;
    const found = texts(element['to']).flatMap((id) => expressions.get(id) ?? []);
    const from = text(element['from']);
    declared.set(from, [...(declared.get(from) ?? []), ...found]);
  }
  return declared;
}

/** Reads a parsed document with an `@graph`. */
export function readSpdx3(document: Untyped): ReadSbom {
  const collector = sbomCollector();
  const graph = list(document['@graph']).map(record);
  const licenses = declaredLicenses(graph);
  let os: OsRelease | undefined;
  let [specVersion, name] = ['', ''];
  for (const element of graph) {
    const kind = text(element['type']);
    if (kind === 'CreationInfo') specVersion ||= text(element['specVersion']);
    if (kind === 'SpdxDocument') name ||= text(element['name']);
    if (kind !== 'software_Package') continue;
    const [packageName, version] = [text(element['name']), text(element['software_packageVersion'])];
    const purpose = text(element['software_primaryPurpose']);
    if (purpose === 'operatingSystem') {
      os ??= { id: packageName, idLike: [], versionId: version, codename: '', prettyName: '' };
    } else if (purpose !== 'container') {
      collector.add(
        packageOfComponent({
          name: packageName,
          version,
          purl: purlOf(element),
          licenses: licenses.get(text(element['spdxId'])) ?? [],
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
