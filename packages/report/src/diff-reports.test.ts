import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { diffReports, onlyNew } from './diff-reports.ts';
import { stableHash, stableUuid } from './stable-hash.ts';
import { summarize } from './summarize.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from './testing/sample-report.ts';

const [LOG4J] = SAMPLE_REPORT.vulnerabilities.filter((finding) => finding.id === 'CVE-2021-44228');
assert.ok(LOG4J !== undefined);

function withLog4j(changes: object): ScanReport {
  return {
    ...SAMPLE_REPORT,
    vulnerabilities: SAMPLE_REPORT.vulnerabilities.map((finding) =>
      finding === LOG4J ? { ...finding, ...changes } : finding,
    ),
  };
}

describe('comparing reports', () => {
  it('finds no change in a report and itself', () => {
    const diff = diffReports(SAMPLE_REPORT, SAMPLE_REPORT);
    for (const part of Object.values(diff)) assert.deepEqual([part.added, part.removed], [[], []]);
    assert.equal(diff.vulnerabilities.unchanged, 5);
    assert.deepEqual(onlyNew(SAMPLE_REPORT, SAMPLE_REPORT).vulnerabilities, []);
  });

  it('keeps a vulnerability the same through upgrades, new ids and moved lines', () => {
    const upgraded = withLog4j({
      installed: '2.14.9',
      package: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.9',
    });
    const renamed = withLog4j({ id: 'GHSA-jfh8-c2jp-5v3q', aliases: ['CVE-2021-44228'] });
    assert.deepEqual(onlyNew(upgraded, SAMPLE_REPORT).vulnerabilities, []);
    assert.deepEqual(onlyNew(renamed, SAMPLE_REPORT).vulnerabilities, []);
    const moved = {
      ...SAMPLE_REPORT,
      secrets: SAMPLE_REPORT.secrets.map((finding) => ({ ...finding, line: 99 })),
    };
    assert.deepEqual(onlyNew(moved, SAMPLE_REPORT).secrets, []);
  });

  it('counts the same vulnerability in another package, and a second copy of a secret, as new', () => {
    const other = withLog4j({ package: 'pkg:maven/x/y@1', packageName: 'x:y' });
    const diff = diffReports(SAMPLE_REPORT, other);
    assert.deepEqual([diff.vulnerabilities.added.length, diff.vulnerabilities.removed.length], [1, 1]);
    const twice = {
      ...SAMPLE_REPORT,
      secrets: [...SAMPLE_REPORT.secrets, ...SAMPLE_REPORT.secrets.slice(0, 1)],
    };
    assert.equal(onlyNew(twice, SAMPLE_REPORT).secrets.length, 1);
  });

  it('tells upgraded packages from added and removed ones', () => {
    const [first, second, ...rest] = SAMPLE_REPORT.packages;
    assert.ok(first !== undefined && second !== undefined);
    const after = {
      ...SAMPLE_REPORT,
      packages: [{ ...first, version: '9' }, ...rest, { ...second, name: 'new-package' }],
    };
    const { packages } = diffReports(SAMPLE_REPORT, after);
    assert.deepEqual(
      packages.changed.map(({ before, after: now }) => [before.version, now.version]),
      [[first.version, '9']],
    );
    assert.deepEqual(
      packages.added.map((item) => item.name),
      ['new-package'],
    );
    assert.deepEqual(
      packages.removed.map((item) => item.name),
      [second.name],
    );
  });
});

describe('counting', () => {
  it('counts open findings and the suppressed ones apart', () => {
    const summary = summarize(SAMPLE_REPORT);
    assert.deepEqual(summary.vulnerabilitiesBySeverity, { critical: 1, high: 1, medium: 1, low: 0, info: 1 });
    assert.deepEqual(
      [summary.vulnerabilities, summary.fixable, summary.inUse, summary.exploited, summary.suppressed],
      [4, 3, 2, 1, 2],
    );
    assert.deepEqual([summary.licensesDenied, summary.licensesToReview, summary.errors], [1, 0, 1]);
    assert.ok(
      Object.values(summarize(EMPTY_REPORT)).every((value) => typeof value === 'object' || value === 0),
    );
  });
});

describe('stable hashes', () => {
  it('are the same in every run and differ for texts that differ', () => {
    assert.equal(stableHash('guardcell'), stableHash('guardcell'));
    const seen = new Set(Array.from({ length: 20_000 }, (_, index) => stableHash(`text ${index}`)));
    assert.equal(seen.size, 20_000);
    assert.match(stableUuid('x'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
