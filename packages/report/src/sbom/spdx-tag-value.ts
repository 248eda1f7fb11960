// Gives an SPDX tag-value document the shape of SPDX JSON, as far as we read it (SPDX 2.3, clause 4.4).
import type { Untyped } from '@guardcell/core';

interface TagValue {
  readonly tag: string;
  readonly value: string;
}

/** Tags line by line; `<text>` may span lines. Linear: every character is looked at once. */
function* tagsOf(source: string): Iterable<TagValue> {
  let position = source.startsWith('\uFEFF') ? 1 : 0;
  while (position < source.length) {
    const lineEnd = source.indexOf('\n', position);
    const end = lineEnd === -1 ? source.length : lineEnd;
    const line = source.slice(position, end).trimEnd();
    const colon = line.startsWith('#') ? -1 : line.indexOf(':');
    if (colon < 1) {
      position = end + 1;
      continue;
    }
    const tag = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (!value.startsWith('<text>')) {
      yield { tag, value };
      position = end + 1;
      continue;
    }
    const start = source.indexOf('<text>', position + colon) + '<text>'.length;
    const close = source.indexOf('</text>', start);
    const stop = close === -1 ? source.length : close;
    yield { tag, value: source.slice(start, stop) };
    const nextLine = source.indexOf('\n', stop);
    position = nextLine === -1 ? source.length : nextLine + 1;
  }
}

interface PackageEntry extends Record<string, unknown> {
  readonly annotations: Record<string, string>[];
  readonly externalRefs: Untyped[];
}

const PACKAGE_MEMBERS: Readonly<Record<string, string>> = {
  PackageVersion: 'versionInfo',
  PackageLicenseDeclared: 'licenseDeclared',
  PackageLicenseConcluded: 'licenseConcluded',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
};

/** Files and snippets are skipped: they are no packages. */
export function spdxJsonOfTagValue(source: string): Untyped {
  const document: Record<string, unknown> = {};
  const packages: PackageEntry[] = [];
  const byId = new Map<string, PackageEntry>();
  const relationships: Untyped[] = [];
  const extracted: Record<string, string>[] = [];
  let section: 'document' | 'package' | 'license' | 'other' = 'document';
  let annotation: Record<string, string> | undefined;

  for (const { tag, value } of tagsOf(source)) {
    const current = section === 'package' ? packages.at(-1) : undefined;
    switch (tag) {
      case 'SPDXVersion':
        document['spdxVersion'] = value;
        break;
      case 'DocumentName':
        document['name'] = value;
        break;
      case 'PackageName':
        section = 'package';
        packages.push({ name: value, annotations: [], externalRefs: [] });
        break;
      case 'FileName':
      case 'SnippetSPDXID':
        section = 'other';
        break;
      case 'SPDXID':
        if (current !== undefined) {
          current['SPDXID'] = value;
          byId.set(value, current);
        }
        break;
      case 'ExternalRef': {
        const [referenceCategory = '', referenceType = '', referenceLocator = ''] = value.split(/\s+/);
        current?.externalRefs.push({ referenceCategory, referenceType, referenceLocator });
        break;
      }
      case 'Relationship': {
        const [spdxElementId = '', relationshipType = '', relatedSpdxElement = ''] = value.split(/\s+/);
        relationships.push({ spdxElementId, relationshipType, relatedSpdxElement });
        break;
      }
      case 'Annotator':
        annotation = {};
        break;
      case 'SPDXREF':
        if (annotation !== undefined) byId.get(value)?.annotations.push(annotation);
        break;
      case 'AnnotationComment':
        if (annotation !== undefined) annotation['comment'] = value;
        break;
      case 'LicenseID':
        section = 'license';
        extracted.push({ licenseId: value });
        break;
      case 'LicenseName': {
        const license = extracted.at(-1);
        if (license !== undefined) license['name'] = value;
        break;
      }
      default: {
        const member = PACKAGE_MEMBERS[tag];
        if (member !== undefined && current !== undefined) current[member] = value;
      }
    }
  }
  return { ...document, packages, relationships, hasExtractedLicensingInfos: extracted };
}
