import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReportFormatError } from '../report-format.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../testing/sample-report.ts';
import { REPORT_FORMATS, reportFormat } from './registry.ts';

const TEMPLATE = '{{#vulnerabilities}}{{id}} {{packageName}}\n{{/vulnerabilities}}';

const REVERSED = {
  ...SAMPLE_REPORT,
  packages: SAMPLE_REPORT.packages.toReversed(),
  vulnerabilities: SAMPLE_REPORT.vulnerabilities.toReversed(),
  secrets: SAMPLE_REPORT.secrets.toReversed(),
  licenses: SAMPLE_REPORT.licenses.toReversed(),
};

describe('all output formats', () => {
  it('have ids of their own and are found by them', () => {
    assert.equal(new Set(REPORT_FORMATS.map((format) => format.id)).size, REPORT_FORMATS.length);
    for (const format of REPORT_FORMATS) assert.equal(reportFormat(format.id), format);
    assert.equal(reportFormat('nothing'), undefined);
  });

  it('refuse a time that is none', () => {
    assert.throws(
      () => [...(reportFormat('spdx')?.write(EMPTY_REPORT, { time: Number.NaN }) ?? [])],
      (error: unknown) => error instanceof ReportFormatError && error.code === 'GC_REPORT_TIME',
    );
  });

  for (const format of REPORT_FORMATS) {
    it(`${format.id} writes the same for findings in any order`, () => {
      const write = (report: typeof SAMPLE_REPORT): string =>
        [...format.write(report, { template: TEMPLATE })].join('');
      assert.equal(write(REVERSED), write(SAMPLE_REPORT));
    });

    it(`${format.id} takes the given time instead of the report's and ends with a line break`, () => {
      const text = [...format.write(SAMPLE_REPORT, { time: 86_400_000, template: `{{createdAt}}\n` })].join(
        '',
      );
      assert.ok(!text.includes('2026-03-04'), 'the time of the report is still there');
      assert.ok(text.endsWith('\n'));
      assert.ok([...format.write(EMPTY_REPORT, { template: 'x\n' })].join('').length > 0);
    });
  }
});
