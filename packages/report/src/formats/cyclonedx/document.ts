// A whole CycloneDX document of a report.
import type { ScanReport, SoftwarePackage } from '@guardcell/core';
import { documentTime, TOOL_NAME, type WriteOptions } from '../../report-format.ts';
import { orderedReport } from '../../report-order.ts';
import { stableUuid } from '../../stable-hash.ts';
import { OS_REF, osComponent, packageComponent, ROOT_REF, rootComponent } from './component.ts';
import type { CdxDocument } from './model.ts';
import { vulnerabilityOf } from './vulnerability.ts';

/** Names that are unique within one document: the wanted one, or with a number behind it. */
function uniqueNames(): (wanted: string) => string {
  const taken = new Map<string, number>();
  return (wanted) => {
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return count === 1 ? wanted : `${wanted}#${count}`;
  };
}

function refText(item: SoftwarePackage): string {
  return item.purl === '' ? `package:${item.type}/${item.name}@${item.version}` : item.purl;
}

/** UUID of a document, made of time, artifact and content: equal reports give equal files. */
export function documentUuid(report: ScanReport, options: WriteOptions): string {
  const { artifact, packages, vulnerabilities } = report;
  return stableUuid(
    [
      documentTime(report, options),
      artifact.kind,
      artifact.name,
      artifact.digest,
      ...packages.map((item) => `${item.purl} ${item.locations[0]?.path ?? ''}`),
      ...vulnerabilities.map((finding) => `${finding.id} ${finding.package}`),
    ].join('\n'),
  );
}

/** The document as data; components and findings are in the report's one order. */
export function cyclonedxDocument(report: ScanReport, options: WriteOptions): CdxDocument {
  const ordered = orderedReport(report);
  const nameOf = uniqueNames();
  const refs = ordered.packages.map((item) => [item, nameOf(refText(item))] as const);
  const refOfPurl = new Map<string, string>();
  for (const [item, ref] of refs) if (!refOfPurl.has(item.purl)) refOfPurl.set(item.purl, ref);
  const { os } = ordered.artifact;
  const vulnerabilities = ordered.vulnerabilities.flatMap((finding) => {
    const packageRef = refOfPurl.get(finding.package);
    // A finding always speaks of a package of its report; a dangling reference would make the document invalid.
    if (packageRef === undefined) return [];
    return [vulnerabilityOf(finding, nameOf(`${finding.id}/${packageRef}`), packageRef)];
  });
  const direct = refs.flatMap(([item, ref]) => (item.direct === true ? [ref] : []));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid(ordered, options)}`,
    version: 1,
    metadata: {
      timestamp: documentTime(report, options),
      tools: {
        components: [
          {
            type: 'application',
            'bom-ref': 'tool',
            name: TOOL_NAME,
            ...(options.toolVersion === undefined ? {} : { version: options.toolVersion }),
          },
        ],
      },
      component: rootComponent(ordered.artifact),
    },
    components: [
      ...(os === undefined ? [] : [osComponent(os)]),
      ...refs.map(([item, ref]) => packageComponent(item, ref)),
    ],
    dependencies: [
      { ref: ROOT_REF, ...(direct.length === 0 ? {} : { dependsOn: direct }) },
      ...(os === undefined ? [] : [{ ref: OS_REF }]),
      ...refs.map(([, ref]) => ({ ref })),
    ],
    // Which package needs which other is not known; this says so, instead of "none".
    compositions: [{ aggregate: 'unknown', dependencies: [ROOT_REF] }],
    ...(vulnerabilities.length === 0 ? {} : { vulnerabilities }),
  };
}
