// Holds written reports to the published schemas of their formats; wellformedness where there is no schema to get.
import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import { validateXML } from 'xmllint-wasm';
import { cyclonedxSchema, sarifSchema } from '../../packages/report/src/testing/official-schemas.ts';

const ajv = (): Ajv =>
  new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true });

function withoutId(text: string): object {
  const { $id: _id, ...schema } = JSON.parse(text) as Record<string, unknown>;
  return schema;
}

function isCycloneDxJson(text: string): void {
  const validator = ajv();
  for (const file of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const name = `${file}.SNAPSHOT.schema.json`;
    validator.addSchema(withoutId(cyclonedxSchema(name)), `http://cyclonedx.org/schema/${name}`);
  }
  const schema = JSON.parse(cyclonedxSchema('bom-1.6.SNAPSHOT.schema.json')) as object;
  assert.ok(validator.validate(schema, JSON.parse(text)), validator.errorsText());
}

async function isCycloneDxXml(text: string): Promise<void> {
  const contents = cyclonedxSchema('bom-1.6.SNAPSHOT.xsd').replaceAll(
    /schemaLocation="[^"]*spdx[^"]*"/g,
    'schemaLocation="spdx.xsd"',
  );
  const result = await validateXML({
    xml: [{ fileName: 'bom.xml', contents: text }],
    schema: [{ fileName: 'bom-1.6.xsd', contents }],
    preload: [{ fileName: 'spdx.xsd', contents: cyclonedxSchema('spdx.SNAPSHOT.xsd') }],
    initialMemoryPages: 1024,
    maxMemoryPages: 16_384,
  });
  assert.deepEqual(result.errors, []);
}

function isSarif(text: string): void {
  const validator = ajv();
  assert.ok(validator.validate(sarifSchema(), JSON.parse(text)), validator.errorsText());
}

/** What the SPDX 2.3 specification requires of a document and its packages. */
function isSpdxJson(text: string): void {
  const document = JSON.parse(text) as {
    readonly spdxVersion: string;
    readonly dataLicense: string;
    readonly SPDXID: string;
    readonly documentNamespace: string;
    readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
    readonly packages: readonly Readonly<Record<string, unknown>>[];
    readonly relationships: readonly Readonly<Record<string, string>>[];
  };
  assert.equal(document.spdxVersion, 'SPDX-2.3');
  assert.equal(document.dataLicense, 'CC0-1.0');
  assert.equal(document.SPDXID, 'SPDXRef-DOCUMENT');
  assert.match(document.documentNamespace, /^[a-z][a-z0-9+.-]*:[^#\s]+$/i);
  assert.match(document.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const ids = new Set(document.packages.map((one) => one['SPDXID']));
  assert.equal(ids.size, document.packages.length);
  for (const one of document.packages) {
    assert.match(String(one['SPDXID']), /^SPDXRef-[A-Za-z0-9.-]+$/);
    assert.ok(one['name'] !== '' && one['downloadLocation'] !== undefined);
  }
  for (const relation of document.relationships) {
    const { spdxElementId: from = '', relatedSpdxElement: to = '' } = relation;
    assert.ok(ids.has(from) || from === 'SPDXRef-DOCUMENT', from);
    assert.ok(ids.has(to) || to === 'NOASSERTION' || to === 'NONE', to);
  }
}

async function isXml(text: string): Promise<void> {
  const result = await validateXML({
    xml: [{ fileName: 'report.xml', contents: text }],
    normalization: 'format',
    initialMemoryPages: 1024,
    maxMemoryPages: 16_384,
  });
  assert.deepEqual(result.errors, []);
}

/** By format id. */
export const FORMAT_CHECKS: Readonly<Record<string, (text: string) => void | Promise<void>>> = {
  cyclonedx: isCycloneDxJson,
  'cyclonedx-xml': isCycloneDxXml,
  sarif: isSarif,
  'spdx-json': isSpdxJson,
  junit: isXml,
};
