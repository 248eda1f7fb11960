// All output formats; a new one is a folder beside this file and a line here.
import type { ReportFormat } from '../report-format.ts';
import { CYCLONEDX_JSON_FORMAT } from './cyclonedx/cyclonedx-json.ts';
import { CYCLONEDX_XML_FORMAT } from './cyclonedx/cyclonedx-xml.ts';
import { JSON_FORMAT } from './json/json.ts';
import { SPDX_JSON_FORMAT } from './spdx/spdx-json.ts';
import { SPDX_TAG_VALUE_FORMAT } from './spdx/spdx-tag-value.ts';

export const REPORT_FORMATS: readonly ReportFormat[] = [
  JSON_FORMAT,
  CYCLONEDX_JSON_FORMAT,
  CYCLONEDX_XML_FORMAT,
  SPDX_TAG_VALUE_FORMAT,
  SPDX_JSON_FORMAT,
];

/** The format with this id, or undefined. */
export function reportFormat(id: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => format.id === id);
}
