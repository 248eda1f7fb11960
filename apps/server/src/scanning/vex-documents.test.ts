// Drafts of VEX: what is proposed, and what is said when there is nothing to propose.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact, ArtifactVulnerability } from '@guardcell/contract';
import { openMemoryStateStore } from '@guardcell/store';
import { openVexDocument } from './vex-documents.ts';

const NOW_MS = Date.UTC(2030, 0, 31);
const ARTIFACT = {
  summary: { id: `sha256:${'a'.repeat(64)}`, kind: 'image', name: 'registry.example.com/shop/web:1' },
  inUseWindow: { from: '2030-01-01T00:00:00Z', to: '2030-01-30T00:00:00Z', containers: 2 },
} as unknown as Artifact;

function finding(inUse: string, suppressed?: object): ArtifactVulnerability {
  const facts = { id: 'CVE-2030-1', aliases: [], package: 'pkg:pypi/x@1', inUse };
  return {
    ...facts,
    ...(suppressed === undefined ? {} : { suppressed }),
  } as unknown as ArtifactVulnerability;
}

const draft = (...findings: readonly ArtifactVulnerability[]): ReturnType<typeof openVexDocument.draft> =>
  openVexDocument.draft(ARTIFACT, findings, openMemoryStateStore(), NOW_MS);

test('what nobody touched is proposed; what is in use, accepted or of unknown files is not, and that is said', async () => {
  assert.equal((await draft(finding('untouched'), finding('loaded'))).statements.length, 1);
  const accepted = finding('untouched', { by: 'alice', reason: 'seen' });
  for (const findings of [[finding('loaded')], [finding('unknown')], [accepted], []])
    await assert.rejects(draft(...findings), {
      code: 'GC_VEX_EMPTY',
      message: 'no open vulnerability is in a package that nobody touched',
      hint: 'What is accepted, in use, or in packages whose files nobody knows is not proposed.',
    });
});
