// A whole SPDX 2.3 document of a report: the artifact, what it contains, licences with references for unknown ones.
import type { ScanArtifact, ScanReport, SoftwarePackage } from '@guardcell/core';
import { licenseText, parseLicense } from '../../licenses/license-expression.ts';
import { documentTime, TOOL_NAME, type WriteOptions } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { spdxOsComment } from '../../sbom/spdx.ts';
import { spdxExtrasComment } from '../../sbom/spdx-extras.ts';
import { stableHash } from '../../stable-hash.ts';
import { documentUuid } from '../cyclonedx/document.ts';
import type { SpdxDocument, SpdxPackage } from './model.ts';

const ARTIFACT_ID = 'SPDXRef-Artifact';
const OS_ID = 'SPDXRef-OperatingSystem';

const PURPOSES: Readonly<Record<ScanArtifact['kind'], string>> = {
  image: 'CONTAINER',
  container: 'CONTAINER',
  filesystem: 'OTHER',
  repository: 'SOURCE',
  host: 'DEVICE',
  sbom: 'OTHER',
};

/** `LicenseRef-…` for texts that are no SPDX expression, the same for equal texts. */
function licenseReference(text: string): string {
  const readable = text
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  return `LicenseRef-${readable}-${stableHash(text).slice(0, 8)}`;
}

interface Declared {
  readonly expression: string;
  readonly extracted: ReadonlyMap<string, string>;
}

/** The expression over all that a package declares. */
function declaredLicense(licenses: readonly string[]): Declared {
  const extracted = new Map<string, string>();
  const parts = [...new Set(licenses)].map((text) => {
    const expression = parseLicense(text);
    // A reference of another document means nothing in this one.
    if (expression !== undefined && !text.includes('LicenseRef-')) return licenseText(expression);
    const id = licenseReference(text);
    extracted.set(id, text);
    return id;
  });
  const joined =
    parts.length === 1 ? parts : parts.map((part) => (part.includes(' OR ') ? `(${part})` : part));
  return { expression: parts.length === 0 ? 'NOASSERTION' : joined.join(' AND '), extracted };
}

function entry(
  facts: Pick<SpdxPackage, 'SPDXID' | 'name'> & { readonly version: string; readonly license?: string },
): SpdxPackage {
  return {
    SPDXID: facts.SPDXID,
    name: facts.name,
    ...(facts.version === '' ? {} : { versionInfo: facts.version }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: facts.license ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
  };
}

/** Tools are named as `Tool: name-version`. */
function toolName(options: WriteOptions): string {
  return `Tool: ${TOOL_NAME}${options.toolVersion === undefined ? '' : `-${options.toolVersion}`}`;
}

/** The document as data. */
export function spdxDocument(report: ScanReport, options: WriteOptions): SpdxDocument {
  const { artifact, packages, ...rest } = orderedReport(report);
  const created = documentTime(report, options);
  const annotation = (comment: string) => [
    { annotationDate: created, annotationType: 'OTHER', annotator: toolName(options), comment } as const,
  ];
  const extracted = new Map<string, string>();
  const seen = new Map<string, number>();

  function idOf(item: SoftwarePackage): string {
    const hash = stableHash(`${item.type} ${item.name} ${item.version} ${item.purl}`).slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `SPDXRef-Package-${hash}${count === 1 ? '' : `-${count}`}`;
  }

  function packageEntry(item: SoftwarePackage): SpdxPackage {
    const declared = declaredLicense(item.licenses);
    for (const [id, text] of declared.extracted) extracted.set(id, text);
    return {
      ...entry({ SPDXID: idOf(item), name: item.name, version: item.version, license: declared.expression }),
      primaryPackagePurpose: item.type === 'binary' ? 'APPLICATION' : 'LIBRARY',
      ...(item.purl === ''
        ? {}
        : {
            externalRefs: [
              { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: item.purl },
            ],
          }),
      annotations: annotation(spdxExtrasComment(item)),
    };
  }

  const { os } = artifact;
  const contents: readonly SpdxPackage[] = [
    ...(os === undefined
      ? []
      : [
          {
            ...entry({ SPDXID: OS_ID, name: os.id, version: os.versionId }),
            primaryPackagePurpose: 'OPERATING_SYSTEM',
            annotations: annotation(spdxOsComment(os)),
          },
        ]),
    ...packages.map(packageEntry),
  ];
  const artifactEntry: SpdxPackage = {
    ...entry({ SPDXID: ARTIFACT_ID, name: artifact.name, version: artifact.digest }),
    primaryPackagePurpose: PURPOSES[artifact.kind],
  };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: artifact.name,
    documentNamespace: `urn:uuid:${documentUuid({ artifact, packages, ...rest }, options)}`,
    creationInfo: { created, creators: [toolName(options)] },
    packages: [artifactEntry, ...contents],
    relationships: [
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: ARTIFACT_ID,
      },
      ...contents.map(({ SPDXID }) => ({
        spdxElementId: ARTIFACT_ID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
    ...(extracted.size === 0
      ? {}
      : {
          hasExtractedLicensingInfos: [...extracted].map(([licenseId, text]) => ({
            licenseId,
            name: text.slice(0, 200),
            extractedText: text,
          })),
        }),
  };
}
