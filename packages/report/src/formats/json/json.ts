// The report as JSON: the shape that scripts rely on, described by docs/reference/scan-report.schema.json.
import type { ScanReport, SoftwarePackage } from '@guardcell/core';
import { inTexts } from '../../finding-catalogue.ts';
import { documentTime, type ReportFormat, type WriteOptions } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';

/** Scripts read `.source` of any package: it is there for all of them. */
function packageJson(item: SoftwarePackage): Record<string, unknown> {
  const { name, version, type, purl, arch, source, locations, licenses, ...rest } = item;
  return {
    name,
    version,
    type,
    purl,
    ...(arch === undefined ? {} : { arch }),
    source: source ?? null,
    locations,
    licenses,
    ...rest,
  };
}

function* list<Item>(
  name: string,
  items: readonly Item[],
  { shape = (item) => item, last = false }: { shape?: (item: Item) => unknown; last?: boolean } = {},
): Iterable<string> {
  yield `  ${JSON.stringify(name)}: [`;
  for (const [index, item] of items.entries()) {
    yield `${index === 0 ? '' : ','}\n    ${JSON.stringify(shape(item))}`;
  }
  yield `${items.length === 0 ? '' : '\n  '}]${last ? '' : ','}\n`;
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const ordered = inTexts(orderedReport(report), options.catalogue);
  const createdAt = options.time === undefined ? report.createdAt : documentTime(report, options);
  yield `{\n  "schemaVersion": ${report.schemaVersion},\n  "createdAt": ${JSON.stringify(createdAt)},\n`;
  yield `  "artifact": ${JSON.stringify(ordered.artifact)},\n`;
  yield* list('packages', ordered.packages, { shape: packageJson });
  yield* list('vulnerabilities', ordered.vulnerabilities);
  yield* list('secrets', ordered.secrets);
  yield* list('misconfigurations', ordered.misconfigurations);
  yield* list('malware', ordered.malware);
  yield* list('licenses', ordered.licenses);
  yield* list('errors', ordered.errors, { last: true });
  yield '}\n';
}

/** One finding a line, so that two reports can be compared with `diff`. */
export const JSON_FORMAT: ReportFormat = {
  id: 'json',
  mediaType: 'application/json',
  extension: 'json',
  summary: 'everything, for programs; versioned schema',
  write,
};
