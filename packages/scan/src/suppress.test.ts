// Decisions of people held against a report: which image a statement of the platform speaks of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScanArtifact, ScanReport, VulnerabilityFinding } from '@guardcell/core';
import { readVex } from '@guardcell/vuln';
import { applyDecisions } from './suppress.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const FINDING = { id: 'CVE-2030-1', aliases: [], package: 'pkg:pypi/unused@1.2.3' };

function isSilenced(artifact: Partial<ScanArtifact>, statedOf: string): boolean {
  const report = {
    artifact: { kind: 'image', name: 'docker:app:1', digest: '', ...artifact },
    vulnerabilities: [FINDING as unknown as VulnerabilityFinding],
    secrets: [],
    misconfigurations: [],
    malware: [],
    errors: [],
  } as unknown as ScanReport;
  const product = `pkg:oci/app@${statedOf.replace(':', '%3A')}?repository_url=app`;
  const reading = readVex(
    {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [
        {
          vulnerability: { name: 'CVE-2030-1' },
          products: [{ '@id': product, subcomponents: [{ '@id': 'pkg:pypi/unused@1.2.3' }] }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_present',
        },
      ],
    },
    'v',
  );
  const decisions = { rules: [], vex: reading?.statements ?? [] };
  return applyDecisions(report, [], decisions, '2030-01-01').vulnerabilities[0]?.suppressed !== undefined;
}

test('VEX of an image holds by the digest of its manifest, and by that of its configuration where no registry has it', () => {
  assert.equal(isSilenced({ digest: digest('a'), imageId: digest('b') }, digest('a')), true);
  assert.equal(isSilenced({ imageId: digest('b') }, digest('b')), true);
  assert.equal(isSilenced({ imageId: digest('b') }, digest('a')), false);
  assert.equal(isSilenced({}, digest('a')), false);
});
