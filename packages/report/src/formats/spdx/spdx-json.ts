// SPDX 2.3 as JSON.
import type { ReportFormat } from '../../report-format.ts';
import { spdxDocument } from './document.ts';

export const SPDX_JSON_FORMAT: ReportFormat = {
  id: 'spdx-json',
  mediaType: 'application/spdx+json',
  extension: 'spdx.json',
  summary: 'SBOM, SPDX 2.3 as JSON',
  write: (report, options) => [`${JSON.stringify(spdxDocument(report, options), null, 2)}\n`],
};
