// The whole public surface: the formats that scans are written in and SBOMs are read from.
export {
  diffReports,
  type FindingChanges,
  onlyNew,
  type PackageChange,
  type ReportDiff,
} from './diff-reports.ts';
export { type FindingCatalogue, type FindingLists, inTexts as reportInTexts } from './finding-catalogue.ts';
export { type ReadReport, readReport } from './formats/json/read-report.ts';
export { REPORT_FORMATS, reportFormat } from './formats/registry.ts';
export type { ReportSpan, ReportStyle, SpanLine } from './formats/table/columns.ts';
export { tableSpans } from './formats/table/table.ts';
export { LICENSE_CATEGORIES, type LicenseCategory, licenseCategory } from './licenses/license-category.ts';
export { normalizeLicense, parseLicense } from './licenses/license-expression.ts';
export {
  DEFAULT_LICENSE_POLICY,
  type LicensePolicy,
  type LicenseVerdict,
  licenseFindings,
} from './licenses/license-policy.ts';
export { type ReadLicensePolicy, readLicensePolicy } from './licenses/read-license-policy.ts';
export {
  type ReportFormat,
  ReportFormatError,
  type ReportFormatErrorCode,
  type ReportLanguage,
  type WriteOptions,
} from './report-format.ts';
export { orderedReport } from './report-order.ts';
export { type ReportTexts, reportTexts } from './report-texts.ts';
export { MAX_SBOM_LENGTH, readSbom } from './sbom/read-sbom.ts';
export type { ReadSbom, SbomContent, SbomFormat, UnknownComponent } from './sbom/sbom-content.ts';
export { countSeverities, type ReportSummary, type SeverityCounts, summarize } from './summarize.ts';
