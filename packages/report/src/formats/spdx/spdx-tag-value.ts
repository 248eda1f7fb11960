// SPDX 2.3 as tag-value text.
import type { ScanReport } from '@guardcell/core';
import type { ReportFormat, WriteOptions } from '../../report-format.ts';
import { withoutControls } from '../../xml-text.ts';
import { spdxDocument } from './document.ts';
import type { SpdxPackage } from './model.ts';

/** One line; what cannot stand in one goes into `<text>`. */
function line(tag: string, text: string): string {
  const value = withoutControls(text);
  if (!/[\r\n]/.test(value) && !value.startsWith('<text>')) return `${tag}: ${value}\n`;
  return `${tag}: ${textBlock(value)}\n`;
}

/** The format has no escape for its own end mark. */
function textBlock(value: string): string {
  return `<text>${withoutControls(value).replaceAll('</text>', '< /text>')}</text>`;
}

function* packageLines(item: SpdxPackage): Iterable<string> {
  yield '\n';
  yield line('PackageName', item.name);
  yield line('SPDXID', item.SPDXID);
  if (item.versionInfo !== undefined) yield line('PackageVersion', item.versionInfo);
  yield line('PackageDownloadLocation', item.downloadLocation);
  yield line('FilesAnalyzed', String(item.filesAnalyzed));
  yield line('PackageLicenseConcluded', item.licenseConcluded);
  yield line('PackageLicenseDeclared', item.licenseDeclared);
  yield line('PackageCopyrightText', item.copyrightText);
  // Tag-value and JSON spell this one value differently.
  if (item.primaryPackagePurpose !== undefined) {
    yield line('PrimaryPackagePurpose', item.primaryPackagePurpose.replaceAll('_', '-'));
  }
  for (const reference of item.externalRefs ?? []) {
    yield line(
      'ExternalRef',
      `${reference.referenceCategory} ${reference.referenceType} ${reference.referenceLocator}`,
    );
  }
  for (const annotation of item.annotations ?? []) {
    yield line('Annotator', annotation.annotator);
    yield line('AnnotationDate', annotation.annotationDate);
    yield line('AnnotationType', annotation.annotationType);
    yield line('SPDXREF', item.SPDXID);
    yield `AnnotationComment: ${textBlock(annotation.comment)}\n`;
  }
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const document = spdxDocument(report, options);
  yield line('SPDXVersion', document.spdxVersion);
  yield line('DataLicense', document.dataLicense);
  yield line('SPDXID', document.SPDXID);
  yield line('DocumentName', document.name);
  yield line('DocumentNamespace', document.documentNamespace);
  for (const creator of document.creationInfo.creators) yield line('Creator', creator);
  yield line('Created', document.creationInfo.created);
  for (const item of document.packages) yield* packageLines(item);
  yield '\n';
  for (const { spdxElementId, relationshipType, relatedSpdxElement } of document.relationships) {
    yield line('Relationship', `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`);
  }
  for (const license of document.hasExtractedLicensingInfos ?? []) {
    yield '\n';
    yield line('LicenseID', license.licenseId);
    yield `ExtractedText: ${textBlock(license.extractedText)}\n`;
    yield line('LicenseName', license.name.replaceAll(/\s+/g, ' '));
  }
}

export const SPDX_TAG_VALUE_FORMAT: ReportFormat = {
  id: 'spdx',
  mediaType: 'text/spdx',
  extension: 'spdx',
  summary: 'SBOM, SPDX 2.3 as tag-value text',
  write,
};
