// All output formats; a new one is a folder beside this file and a line here.
import type { ReportFormat } from '../report-format.ts';
import { CYCLONEDX_JSON_FORMAT } from './cyclonedx/cyclonedx-json.ts';
import { CYCLONEDX_XML_FORMAT } from './cyclonedx/cyclonedx-xml.ts';
import { GITLAB_CODE_QUALITY_FORMAT } from './gitlab/code-quality.ts';
import {
  GITLAB_CONTAINER_FORMAT,
  GITLAB_DEPENDENCY_FORMAT,
  GITLAB_SECRETS_FORMAT,
} from './gitlab/security-report.ts';
import { HTML_FORMAT } from './html/html.ts';
import { JSON_FORMAT } from './json/json.ts';
import { JUNIT_FORMAT } from './junit/junit.ts';
import { SARIF_FORMAT } from './sarif/sarif.ts';
import { SPDX_JSON_FORMAT } from './spdx/spdx-json.ts';
import { SPDX_TAG_VALUE_FORMAT } from './spdx/spdx-tag-value.ts';
import { TABLE_FORMAT } from './table/table.ts';
import { TEMPLATE_FORMAT } from './template/template.ts';

export const REPORT_FORMATS: readonly ReportFormat[] = [
  TABLE_FORMAT,
  JSON_FORMAT,
  SARIF_FORMAT,
  JUNIT_FORMAT,
  HTML_FORMAT,
  CYCLONEDX_JSON_FORMAT,
  CYCLONEDX_XML_FORMAT,
  SPDX_TAG_VALUE_FORMAT,
  SPDX_JSON_FORMAT,
  GITLAB_CODE_QUALITY_FORMAT,
  GITLAB_CONTAINER_FORMAT,
  GITLAB_DEPENDENCY_FORMAT,
  GITLAB_SECRETS_FORMAT,
  TEMPLATE_FORMAT,
];

/** The format with this id, or undefined. */
export function reportFormat(id: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => format.id === id);
}
