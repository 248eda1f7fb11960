import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { SARIF_FORMAT } from './sarif.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly suppressions?: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
}
interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly properties: Readonly<Record<string, unknown>>;
      }[];
    };
  };
  readonly results: readonly Result[];
}

function run(report: ScanReport): Run {
  const log = JSON.parse([...SARIF_FORMAT.write(report, {})].join('')) as { readonly runs: readonly [Run] };
  return log.runs[0];
}

describe('SARIF', () => {
  it('names each rule once and points every result at its own', () => {
    const { tool, results } = run(SAMPLE_REPORT);
    const ids = tool.driver.rules.map((rule) => rule.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const result of results) assert.equal(ids[result.ruleIndex], result.ruleId);
    assert.equal(results.length, 10);
  });

  it('gives a CVSS score, or the middle of the band of its severity, as security-severity', () => {
    const severityOf = new Map(
      run(SAMPLE_REPORT).tool.driver.rules.map((rule) => [rule.id, rule.properties['security-severity']]),
    );
    assert.equal(severityOf.get('CVE-2023-5363'), '7.5');
    assert.equal(severityOf.get('GO-2022-0969'), '5.5');
  });

  it('points to relative addresses; nested archives by their outer file', () => {
    const places = run(SAMPLE_REPORT).results.map((result) => result.locations[0]?.physicalLocation);
    assert.equal(places[0]?.artifactLocation.uri, 'opt/app.jar');
    for (const place of places) {
      assert.doesNotMatch(place?.artifactLocation.uri ?? '/', /^\/|[\s<>"]/);
      assert.ok((place?.region.startLine ?? 0) >= 1);
    }
  });

  it('keeps fingerprints when versions and lines change, and has no two alike', () => {
    const later = {
      ...SAMPLE_REPORT,
      createdAt: '2027-01-01T00:00:00Z',
      secrets: SAMPLE_REPORT.secrets.map((finding) => ({ ...finding, line: finding.line + 5 })),
    };
    const prints = (report: ScanReport): readonly (string | undefined)[] =>
      run(report).results.map((result) => result.partialFingerprints['guardcell/v1']);
    assert.deepEqual(prints(later), prints(SAMPLE_REPORT));
    assert.equal(new Set(prints(SAMPLE_REPORT)).size, 10);
  });

  it('marks suppressed findings instead of dropping them', () => {
    const suppressed = run(SAMPLE_REPORT).results.filter((result) => result.suppressions !== undefined);
    assert.deepEqual(suppressed.map((result) => result.ruleId).toSorted(), ['CVE-2099-0001', 'private-key']);
  });
});
