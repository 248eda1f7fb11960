// CycloneDX 1.6 as JSON.
import type { ReportFormat } from '../../report-format.ts';
import { cyclonedxDocument } from './document.ts';

export const CYCLONEDX_JSON_FORMAT: ReportFormat = {
  id: 'cyclonedx',
  mediaType: 'application/vnd.cyclonedx+json; version=1.6',
  extension: 'cdx.json',
  summary: 'SBOM with vulnerabilities, CycloneDX 1.6 as JSON',
  write: (report, options) => [`${JSON.stringify(cyclonedxDocument(report, options), null, 2)}\n`],
};
