// What alerts of scanning say for response rules to decide by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact } from '@guardcell/contract';
import type { VulnerabilityFinding } from '@guardcell/core';
import { type AlertSubject, scanAlert } from './alert-facts.ts';

const ARTIFACT = {
  summary: { id: 'sha256:a', kind: 'image', name: 'shop/web:1', references: [], running: 0 },
  containers: [],
} as unknown as Artifact;

function finding(exposure: string): VulnerabilityFinding {
  const factors = exposure === '' ? [] : [{ name: 'exposure', value: exposure, effect: 1 }];
  return { id: 'CVE-1', severity: 'high', score: 1, factors } as unknown as VulnerabilityFinding;
}

test('an alert says how far what runs it can be reached, one of many too', () => {
  const exposureOf = (subject: AlertSubject): unknown =>
    scanAlert(subject, ARTIFACT, 0, () => false).outputFields['vulnerability.exposure'];
  const one = (value: string): unknown => exposureOf({ kind: 'vulnerability', findings: [finding(value)] });
  assert.equal(one('published: 80/tcp, 443/tcp'), 'published');
  assert.equal(one('host-network'), 'host-network');
  assert.equal(one(''), 'unknown');
  const findings = [finding('loopback: 80/tcp'), finding('loopback: 80/tcp')];
  assert.equal(exposureOf({ kind: 'vulnerabilities', findings, isBeyond: false }), 'loopback');
});
