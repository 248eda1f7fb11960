// SPDX 2.2 and 2.3: packages with their package URLs, declared licences and the operating system.
import { listOf, type OsRelease, objectOf, textOf, textsOf, type Untyped } from '@guardcell/core';
import { osOfPackages, packageOfComponent } from './component-package.ts';
import { type ReadSbom, type SbomFormat, sbomCollector } from './sbom-content.ts';
import { readSpdxExtras, type SpdxExtras } from './spdx-extras.ts';

const NOTHING: ReadonlySet<string> = new Set(['', 'NOASSERTION', 'NONE']);
const OS_MARK = 'guardcell-os: ';

/** Comment of the annotation that carries what a package entry cannot say of an operating system. */
export function spdxOsComment(os: OsRelease): string {
  return OS_MARK + JSON.stringify(os).replaceAll('<', String.raw`\u003c`);
}

function comments(item: Untyped): readonly string[] {
  return listOf(item['annotations']).map((annotation) => textOf(objectOf(annotation)['comment']));
}

function purlOf(item: Untyped): string {
  const reference = listOf(item['externalRefs'])
    .map(objectOf)
    .find((entry) => textOf(entry['referenceType']).endsWith('purl'));
  return textOf(reference?.['referenceLocator']);
}

function extrasOf(item: Untyped): SpdxExtras | undefined {
  for (const comment of comments(item)) {
    const extras = readSpdxExtras(comment);
    if (extras !== undefined) return extras;
  }
  return undefined;
}

function osOf(item: Untyped): OsRelease {
  const own = comments(item).find((comment) => comment.startsWith(OS_MARK));
  let known: Untyped = {};
  try {
    known = objectOf(own === undefined ? undefined : JSON.parse(own.slice(OS_MARK.length)));
  } catch {
    // Not ours after all: name and version say enough.
  }
  return {
    id: textOf(known['id']) || textOf(item['name']),
    idLike: textsOf(known['idLike']),
    versionId: textOf(known['versionId']) || textOf(item['versionInfo']),
    codename: textOf(known['codename']),
    prettyName: textOf(known['prettyName']),
  };
}

/** Names of `LicenseRef-…` that the document explains. */
function extractedLicenses(document: Untyped): ReadonlyMap<string, string> {
  const entries = listOf(document['hasExtractedLicensingInfos']).map(objectOf);
  return new Map(entries.map((entry) => [textOf(entry['licenseId']), textOf(entry['name'])]));
}

function licensesOf(item: Untyped, extracted: ReadonlyMap<string, string>): readonly string[] {
  const declared = textOf(item['licenseDeclared']);
  const license = NOTHING.has(declared) ? textOf(item['licenseConcluded']) : declared;
  if (NOTHING.has(license)) return [];
  const name = extracted.get(license) ?? '';
  return [NOTHING.has(name) ? license : name];
}

/** What the document describes: such packages are the artifact, not part of it. */
function describedIds(document: Untyped): ReadonlySet<string> {
  const related = listOf(document['relationships'])
    .map(objectOf)
    .flatMap((entry) => {
      const [from, kind, to] = [
        textOf(entry['spdxElementId']),
        textOf(entry['relationshipType']),
        textOf(entry['relatedSpdxElement']),
      ];
      if (kind === 'DESCRIBES' && from === 'SPDXRef-DOCUMENT') return [to];
      return kind === 'DESCRIBED_BY' && to === 'SPDXRef-DOCUMENT' ? [from] : [];
    });
  return new Set([...related, ...textsOf(document['documentDescribes'])]);
}

/** Reads a document that has been parsed; tag-value is first given the shape of the JSON. */
export function readSpdx(document: Untyped, format: SbomFormat): ReadSbom {
  const collector = sbomCollector();
  const described = describedIds(document);
  const extracted = extractedLicenses(document);
  let os: OsRelease | undefined;
  let artifact = '';
  for (const item of listOf(document['packages']).map(objectOf)) {
    const name = textOf(item['name']);
    const purpose = textOf(item['primaryPackagePurpose']).replaceAll('_', '-');
    const purl = purlOf(item);
    if (name === '') {
      collector.problem('a package without name');
      continue;
    }
    if (purpose === 'OPERATING-SYSTEM') {
      os ??= osOf(item);
      continue;
    }
    // A document that describes one library still lists it as a package with a package URL of a known ecosystem.
    if (described.has(textOf(item['SPDXID'])) && (purpose !== 'LIBRARY' || described.size === 1)) {
      artifact ||= name;
      if (purl === '' || purpose === 'CONTAINER') continue;
    }
    const own = extrasOf(item);
    const version = textOf(item['versionInfo']);
    collector.add(
      packageOfComponent({
        name,
        version: NOTHING.has(version) ? '' : version,
        purl,
        licenses: own?.licenses ?? licensesOf(item, extracted),
        locations: own?.locations ?? [],
        extras: own?.extras ?? {},
      }),
    );
  }
  const result = collector.result();
  os ??= osOfPackages(result.packages);
  return {
    format,
    specVersion: textOf(document['spdxVersion']).replace(/^SPDX-/, ''),
    name: artifact || textOf(document['name']),
    ...result,
    ...(os === undefined ? {} : { os }),
  };
}
