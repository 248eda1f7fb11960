import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportFormat } from '../formats/registry.ts';
import { orderedReport } from '../report-order.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../testing/sample-report.ts';
import { readSbom } from './read-sbom.ts';

const FORMATS = ['cyclonedx', 'cyclonedx-xml', 'spdx', 'spdx-json'];

describe('SBOM round trip', () => {
  for (const id of FORMATS) {
    it(`gives the same packages and operating system after writing and reading ${id}`, () => {
      const format = reportFormat(id);
      assert.ok(format !== undefined);
      const read = readSbom([...format.write(SAMPLE_REPORT, {})].join(''));
      assert.ok(!('problem' in read), 'problem' in read ? read.problem : '');
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.unknown, []);
      assert.deepEqual(read.packages, orderedReport(SAMPLE_REPORT).packages);
      assert.deepEqual(read.os, SAMPLE_REPORT.artifact.os);
      assert.equal(read.name, SAMPLE_REPORT.artifact.name);
    });

    it(`reads an empty ${id} document`, () => {
      const read = readSbom([...(reportFormat(id)?.write(EMPTY_REPORT, {}) ?? [])].join(''));
      assert.ok(!('problem' in read), 'problem' in read ? read.problem : '');
      assert.deepEqual(read.packages, []);
    });
  }
});
