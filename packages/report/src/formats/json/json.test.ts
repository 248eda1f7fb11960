import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { scanReportSchemaDocument } from '@guardcell/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { orderedReport } from '../../report-order.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { JSON_FORMAT } from './json.ts';
import { readReport } from './read-report.ts';

const DOCUMENTED = resolve(import.meta.dirname, '../../../../../docs/reference/scan-report.schema.json');

function written(report: typeof SAMPLE_REPORT): string {
  return [...JSON_FORMAT.write(report, {})].join('');
}

describe('JSON report', () => {
  it('has the members that scripts rely on', () => {
    const report = JSON.parse(written(SAMPLE_REPORT)) as Record<string, Record<string, unknown>[]>;
    assert.deepEqual(Object.keys(report).toSorted(), [
      'artifact',
      'createdAt',
      'errors',
      'licenses',
      'malware',
      'misconfigurations',
      'packages',
      'schemaVersion',
      'secrets',
      'vulnerabilities',
    ]);
    for (const item of report['packages'] ?? []) {
      for (const name of ['name', 'version', 'type', 'purl', 'source', 'locations'])
        assert.ok(name in item, name);
    }
    for (const item of report['vulnerabilities'] ?? []) {
      for (const name of [
        'id',
        'aliases',
        'package',
        'installed',
        'fixed',
        'severity',
        'score',
        'status',
        'inUse',
        'explain',
      ]) {
        assert.ok(name in item, name);
      }
    }
  });

  it('fits the documented schema, which is the one in force (UPDATE_DOCS=1 writes it)', () => {
    const document = scanReportSchemaDocument();
    if (process.env['UPDATE_DOCS'] === '1')
      writeFileSync(DOCUMENTED, `${JSON.stringify(document, null, 2)}\n`);
    const documented = JSON.parse(readFileSync(DOCUMENTED, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(documented, document);
    const validator = new Ajv2020({ strict: false, allErrors: true });
    for (const report of [SAMPLE_REPORT, EMPTY_REPORT]) {
      assert.ok(validator.validate(documented, JSON.parse(written(report))), validator.errorsText());
    }
    assert.equal(validator.validate(documented, { ...SAMPLE_REPORT, schemaVersion: 2 }), false);
  });

  it('is read back as it was', async () => {
    for (const report of [SAMPLE_REPORT, EMPTY_REPORT]) {
      assert.deepEqual(await readReport(written(report)), { report: orderedReport(report) });
    }
  });

  it('tells why a text is no report', async () => {
    const problem = async (text: string): Promise<string> => {
      const read = await readReport(text);
      return 'problem' in read ? read.problem : 'none';
    };
    assert.match(await problem('{'), /^not JSON/);
    assert.match(await problem('[]'), /^not a scan report/);
    assert.match(await problem('{"schemaVersion":9}'), /schema version 9/);
    assert.match(
      await problem(written(SAMPLE_REPORT).replace('"severity":"high"', '"severity":"huge"')),
      /\/vulnerabilities\/1\/severity/,
    );
  });
});
