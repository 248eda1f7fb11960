import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanFacts } from './scan-facts.ts';

const ARTIFACT = { 'artifact.id': 'sha256:aa', 'artifact.name': 'web:1' };

test('an alert about one vulnerability names it, its package and its image', () => {
  const outputFields = { ...ARTIFACT, 'vulnerability.id': 'CVE-2030-1', 'vulnerability.package': 'demo' };
  assert.deepEqual(scanFacts({ outputFields }), {
    artifact: 'sha256:aa',
    artifactName: 'web:1',
    vulnerabilities: ['CVE-2030-1'],
    package: 'demo',
  });
});

test('one about many lists them; one about malware has none', () => {
  const many = scanFacts({
    outputFields: { ...ARTIFACT, 'vulnerability.ids': ['CVE-2030-1', 'CVE-2030-2'] },
  });
  assert.deepEqual(many.vulnerabilities, ['CVE-2030-1', 'CVE-2030-2']);
  const malware = scanFacts({ outputFields: { ...ARTIFACT, 'malware.rule': 'x' } });
  assert.deepEqual([malware.vulnerabilities, malware.package], [[], '']);
});
