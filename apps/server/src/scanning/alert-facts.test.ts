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

test('an alert about a running image names the image as the container does, whatever registries call it', () => {
  const running = (image: string): Artifact => ({
    ...ARTIFACT,
    containers: [
      { id: 'c1', name: 'web', namespace: '', pod: '', image },
    ] as unknown as Artifact['containers'],
  });
  const subject: AlertSubject = { kind: 'vulnerability', findings: [finding('')] };
  const { container, outputFields } = scanAlert(subject, running('web:local'), 0, () => false);
  assert.deepEqual([container.id, container.image, container.imageDigest], ['c1', 'web:local', 'sha256:a']);
  assert.equal(outputFields['artifact.name'], 'shop/web:1');
  assert.equal(scanAlert(subject, running(''), 0, () => false).container.image, 'shop/web:1');
});
