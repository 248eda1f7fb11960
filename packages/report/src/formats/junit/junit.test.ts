import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readXml, type XmlElement } from '@guardcell/core';
import { SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { JUNIT_FORMAT } from './junit.ts';

function tree(): XmlElement {
  return readXml([...JUNIT_FORMAT.write(SAMPLE_REPORT, {})].join(''));
}

function count(suite: XmlElement, outcome: string): number {
  return suite.children.filter((test) => test.children.some((child) => child.name === outcome)).length;
}

describe('JUnit', () => {
  it('has a suite for each kind whose counts are those of its cases', () => {
    const { children: suites, attributes } = tree();
    assert.equal(suites.length, 6);
    let [tests, failures] = [0, 0];
    for (const suite of suites) {
      assert.equal(suite.attributes.get('tests'), String(suite.children.length));
      assert.equal(suite.attributes.get('failures'), String(count(suite, 'failure')));
      assert.equal(suite.attributes.get('errors'), String(count(suite, 'error')));
      assert.equal(suite.attributes.get('skipped'), String(count(suite, 'skipped')));
      tests += suite.children.length;
      failures += count(suite, 'failure');
    }
    assert.equal(attributes.get('tests'), String(tests));
    assert.equal(attributes.get('failures'), String(failures));
    assert.equal(tests, 11);
  });

  it('skips suppressed findings with the reason', () => {
    const skipped = tree()
      .children.flatMap((suite) => suite.children)
      .flatMap((test) => test.children)
      .filter((child) => child.name === 'skipped');
    assert.deepEqual(
      skipped.map((child) => child.attributes.get('message')),
      ['headers only (.guardcell.yaml)', 'test key (.guardcell.yaml)'],
    );
  });
});
