import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { Ajv } from 'ajv';
import { validateXML } from 'xmllint-wasm';
import { cyclonedxSchema, sarifSchema } from '../testing/official-schemas.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../testing/sample-report.ts';
import { reportFormat } from './registry.ts';

const REPORTS: readonly (readonly [string, ScanReport])[] = [
  ['a full report', SAMPLE_REPORT],
  ['an empty report', EMPTY_REPORT],
];

function written(id: string, report: ScanReport): string {
  const format = reportFormat(id);
  assert.ok(format !== undefined, id);
  return [...format.write(report, { toolVersion: '1.2.3' })].join('');
}

function ajv(): Ajv {
  return new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true });
}

describe('documents fit the published schemas', () => {
  for (const [name, report] of REPORTS) {
    it(`CycloneDX 1.6 JSON of ${name}`, () => {
      const validator = ajv();
      for (const file of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
        const { $id: _id, ...schema } = JSON.parse(cyclonedxSchema(`${file}.SNAPSHOT.schema.json`)) as Record<
          string,
          unknown
        >;
        validator.addSchema(schema, `http://cyclonedx.org/schema/${file}.SNAPSHOT.schema.json`);
      }
      const schema = JSON.parse(cyclonedxSchema('bom-1.6.SNAPSHOT.schema.json')) as object;
      const valid = validator.validate(schema, JSON.parse(written('cyclonedx', report)));
      assert.ok(valid, validator.errorsText());
    });

    it(`CycloneDX 1.6 XML of ${name}`, async () => {
      const result = await validateXML({
        xml: [{ fileName: 'bom.xml', contents: written('cyclonedx-xml', report) }],
        schema: [
          {
            fileName: 'bom-1.6.xsd',
            contents: cyclonedxSchema('bom-1.6.SNAPSHOT.xsd').replaceAll(
              /schemaLocation="[^"]*spdx[^"]*"/g,
              'schemaLocation="spdx.xsd"',
            ),
          },
        ],
        preload: [{ fileName: 'spdx.xsd', contents: cyclonedxSchema('spdx.SNAPSHOT.xsd') }],
      });
      assert.deepEqual(result.errors, []);
      assert.equal(result.valid, true);
    });

    it(`SARIF 2.1.0 of ${name}`, () => {
      const validator = ajv();
      const valid = validator.validate(sarifSchema(), JSON.parse(written('sarif', report)));
      assert.ok(valid, validator.errorsText());
    });
  }

  it('refuses a document that is none, so that a passing test means something', () => {
    const validator = ajv();
    const log = JSON.parse(written('sarif', SAMPLE_REPORT)) as { version: string };
    assert.equal(validator.validate(sarifSchema(), { ...log, version: '2.0' }), false);
  });
});
