import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { Ajv } from 'ajv';
import { parseLicense } from '../../licenses/license-expression.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import type { SpdxDocument } from './model.ts';
import { SPDX_JSON_FORMAT } from './spdx-json.ts';
import { SPDX_TAG_VALUE_FORMAT } from './spdx-tag-value.ts';

// No npm package carries the schema of SPDX 2.3; these are its member names, required members and enumerations, as far
// as we write them (https://github.com/spdx/spdx-spec/tree/support/2.3/schemas).
function members(required: readonly string[], optional: readonly string[], more: object = {}): object {
  const properties = Object.fromEntries([...required, ...optional].map((name) => [name, {}]));
  return { type: 'object', required, additionalProperties: false, properties: { ...properties, ...more } };
}

const ANNOTATION = members(['annotationDate', 'annotationType', 'annotator', 'comment'], [], {
  annotationType: { enum: ['OTHER', 'REVIEW'] },
});
const PURPOSE = {
  enum: 'OTHER INSTALL ARCHIVE FIRMWARE APPLICATION FRAMEWORK LIBRARY CONTAINER SOURCE DEVICE OPERATING_SYSTEM FILE'.split(
    ' ',
  ),
};
const PACKAGE = members(
  ['SPDXID', 'downloadLocation', 'name'],
  ['versionInfo', 'filesAnalyzed', 'licenseConcluded', 'licenseDeclared', 'copyrightText'],
  {
    SPDXID: { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' },
    primaryPackagePurpose: PURPOSE,
    externalRefs: {
      type: 'array',
      items: members(['referenceCategory', 'referenceLocator', 'referenceType'], ['comment'], {
        referenceCategory: { enum: ['OTHER', 'PERSISTENT-ID', 'SECURITY', 'PACKAGE-MANAGER'] },
        referenceLocator: { type: 'string', pattern: String.raw`^\S+$` },
      }),
    },
    annotations: { type: 'array', items: ANNOTATION },
  },
);
const DOCUMENT = members(
  ['SPDXID', 'creationInfo', 'dataLicense', 'name', 'spdxVersion', 'documentNamespace'],
  [],
  {
    spdxVersion: { const: 'SPDX-2.3' },
    documentNamespace: { type: 'string', pattern: '^urn:uuid:[0-9a-f-]{36}$' },
    creationInfo: members(['created', 'creators'], [], {
      created: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$` },
    }),
    packages: { type: 'array', items: PACKAGE },
    relationships: {
      type: 'array',
      items: members(['spdxElementId', 'relatedSpdxElement', 'relationshipType'], ['comment'], {
        relationshipType: { enum: ['DESCRIBES', 'CONTAINS'] },
      }),
    },
    hasExtractedLicensingInfos: {
      type: 'array',
      items: members(['extractedText', 'licenseId'], ['name'], {
        licenseId: { type: 'string', pattern: '^LicenseRef-[A-Za-z0-9.-]+$' },
      }),
    },
  },
);

function documentOf(report: ScanReport): SpdxDocument {
  return JSON.parse([...SPDX_JSON_FORMAT.write(report, { toolVersion: '1.2.3' })].join('')) as SpdxDocument;
}

describe('SPDX 2.3', () => {
  for (const [name, report] of [
    ['a full report', SAMPLE_REPORT],
    ['an empty report', EMPTY_REPORT],
  ] as const) {
    it(`has the members of the specification for ${name}`, () => {
      const validator = new Ajv({ strict: false, allErrors: true });
      assert.ok(validator.validate(DOCUMENT, documentOf(report)), validator.errorsText());
    });
  }

  it('names every element once and relates only to elements that exist', () => {
    const document = documentOf({
      ...SAMPLE_REPORT,
      packages: [...SAMPLE_REPORT.packages, ...SAMPLE_REPORT.packages],
    });
    const ids = ['SPDXRef-DOCUMENT', ...document.packages.map((item) => item.SPDXID)];
    assert.equal(new Set(ids).size, ids.length);
    for (const relationship of document.relationships) {
      assert.ok(ids.includes(relationship.spdxElementId));
      assert.ok(ids.includes(relationship.relatedSpdxElement));
    }
    assert.equal(document.relationships.length, ids.length - 1);
  });

  it('declares valid expressions and explains every licence reference', () => {
    const document = documentOf(SAMPLE_REPORT);
    const explained = new Set(document.hasExtractedLicensingInfos?.map((license) => license.licenseId));
    for (const item of document.packages) {
      if (item.licenseDeclared === 'NOASSERTION') continue;
      assert.ok(parseLicense(item.licenseDeclared) !== undefined, item.licenseDeclared);
      for (const [reference] of item.licenseDeclared.matchAll(/LicenseRef-[\w.-]+/g)) {
        assert.ok(explained.has(reference), reference);
      }
    }
    assert.equal(explained.size, 2);
  });

  it('never lets text end a tag-value block early', () => {
    const text = [...SPDX_TAG_VALUE_FORMAT.write(SAMPLE_REPORT, {})].join('');
    const opened = text.split('<text>').length;
    assert.equal(text.split('</text>').length, opened);
    assert.match(text, /^PrimaryPackagePurpose: OPERATING-SYSTEM$/m);
  });

  it('passes no control characters on in tag-value', () => {
    const [first, ...others] = SAMPLE_REPORT.packages;
    assert.ok(first !== undefined);
    const packages = [{ ...first, name: 'a\u001b[31mb', licenses: ['Odd\u001b[2J'] }, ...others];
    const text = [...SPDX_TAG_VALUE_FORMAT.write({ ...SAMPLE_REPORT, packages }, {})].join('');
    assert.match(text, /^PackageName: a\uFFFD\[31mb$/m);
    assert.ok(!text.includes('\u001b'));
  });
});
