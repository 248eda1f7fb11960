// CycloneDX 1.6 as XML. The schema prescribes the order of elements (https://cyclonedx.org/docs/1.6/xml/).
import type { ScanReport } from '@guardcell/core';
import type { ReportFormat, WriteOptions } from '../../report-format.ts';
import { renderXml, XML_DECLARATION, type XmlElement, xml, xmlList, xmlText } from '../../xml-text.ts';
import { cyclonedxDocument } from './document.ts';
import type { CdxComponent, CdxDocument, CdxLicense, CdxProperty, CdxVulnerability } from './model.ts';

function propertiesElement(properties: readonly CdxProperty[] = []): XmlElement | undefined {
  return xmlList(
    'properties',
    properties.map(({ name, value }) => xml('property', { name }, [value])),
  );
}

function licenseElement(license: CdxLicense): XmlElement {
  if ('expression' in license) return xml('expression', {}, [license.expression]);
  const { license: choice } = license;
  return xml('license', {}, ['id' in choice ? xml('id', {}, [choice.id]) : xml('name', {}, [choice.name])]);
}

function componentElement(component: CdxComponent): XmlElement {
  const occurrences = component.evidence?.occurrences.map(({ location, additionalContext }) =>
    xml('occurrence', {}, [xml('location', {}, [location]), xmlText('additionalContext', additionalContext)]),
  );
  return xml('component', { type: component.type, 'bom-ref': component['bom-ref'] }, [
    xmlText('group', component.group),
    xml('name', {}, [component.name]),
    xmlText('version', component.version),
    xmlList('licenses', (component.licenses ?? []).map(licenseElement)),
    xmlText('purl', component.purl),
    propertiesElement(component.properties),
    occurrences === undefined ? undefined : xml('evidence', {}, [xmlList('occurrences', occurrences)]),
  ]);
}

function sourceElement(source: { readonly name: string }): XmlElement {
  return xml('source', {}, [xml('name', {}, [source.name])]);
}

function analysisElement({ analysis }: CdxVulnerability): XmlElement | undefined {
  if (analysis === undefined) return undefined;
  return xml('analysis', {}, [
    xmlText('state', analysis.state),
    xmlList(
      'responses',
      (analysis.response ?? []).map((response) => xml('response', {}, [response])),
    ),
    xmlText('detail', analysis.detail),
  ]);
}

function vulnerabilityElement(finding: CdxVulnerability): XmlElement {
  const references = (finding.references ?? []).map((reference) =>
    xml('reference', {}, [xml('id', {}, [reference.id]), sourceElement(reference.source)]),
  );
  const ratings = finding.ratings.map((rating) =>
    xml('rating', {}, [
      sourceElement(rating.source),
      xmlText('score', rating.score?.toString()),
      xml('severity', {}, [rating.severity]),
      xmlText('method', rating.method),
    ]),
  );
  const affects = finding.affects.map((target) =>
    xml('target', {}, [
      xml('ref', {}, [target.ref]),
      xmlList(
        'versions',
        target.versions.map((entry) =>
          xml('version', {}, [xml('version', {}, [entry.version]), xml('status', {}, [entry.status])]),
        ),
      ),
    ]),
  );
  return xml('vulnerability', { 'bom-ref': finding['bom-ref'] }, [
    xml('id', {}, [finding.id]),
    sourceElement(finding.source),
    xmlList('references', references),
    xmlList('ratings', ratings),
    xmlText('description', finding.description),
    xmlText('recommendation', finding.recommendation),
    xmlList(
      'advisories',
      (finding.advisories ?? []).map(({ url }) => xml('advisory', {}, [xml('url', {}, [url])])),
    ),
    analysisElement(finding),
    xmlList('affects', affects),
    propertiesElement(finding.properties),
  ]);
}

function dependencyElement({ ref, dependsOn = [] }: CdxDocument['dependencies'][number]): XmlElement {
  return xml(
    'dependency',
    { ref },
    dependsOn.map((other) => xml('dependency', { ref: other })),
  );
}

function* section(name: string, elements: Iterable<XmlElement>): Iterable<string> {
  yield `  <${name}>\n`;
  for (const element of elements) yield renderXml(element, '    ');
  yield `  </${name}>\n`;
}

function* write(report: ScanReport, options: WriteOptions): Iterable<string> {
  const document = cyclonedxDocument(report, options);
  yield XML_DECLARATION;
  yield `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="${document.serialNumber}" version="1">\n`;
  const tools = document.metadata.tools.components.map(componentElement);
  yield renderXml(
    xml('metadata', {}, [
      xml('timestamp', {}, [document.metadata.timestamp]),
      xml('tools', {}, [xml('components', {}, tools)]),
      componentElement(document.metadata.component),
    ]),
    '  ',
  );
  yield* section('components', document.components.map(componentElement));
  yield* section('dependencies', document.dependencies.map(dependencyElement));
  yield* section(
    'compositions',
    document.compositions.map(({ aggregate, dependencies }) =>
      xml('composition', {}, [
        xml('aggregate', {}, [aggregate]),
        xml(
          'dependencies',
          {},
          dependencies.map((ref) => xml('dependency', { ref })),
        ),
      ]),
    ),
  );
  if (document.vulnerabilities !== undefined) {
    yield* section('vulnerabilities', document.vulnerabilities.map(vulnerabilityElement));
  }
  yield '</bom>\n';
}

export const CYCLONEDX_XML_FORMAT: ReportFormat = {
  id: 'cyclonedx-xml',
  mediaType: 'application/vnd.cyclonedx+xml; version=1.6',
  extension: 'cdx.xml',
  summary: 'SBOM with vulnerabilities, CycloneDX 1.6 as XML',
  write,
};
