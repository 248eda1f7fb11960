// Every check finds its bad example and passes its good one.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { PostureKind } from '../check.ts';
import { checkFile } from '../check-file.ts';
import { POSTURE_CHECKS } from './registry.ts';

const PATHS: Readonly<Record<PostureKind, string>> = {
  dockerfile: 'Dockerfile',
  kubernetes: 'deploy/app.yaml',
  compose: 'compose.yaml',
  'github-actions': '.github/workflows/test.yml',
  'gitlab-ci': '.gitlab-ci.yml',
  jenkinsfile: 'Jenkinsfile',
};

for (const check of POSTURE_CHECKS) {
  test(`${check.id} finds its bad example and passes its good one: ${check.title[0]}`, () => {
    const path = PATHS[check.kind];
    const bad = checkFile(path, check.bad);
    assert.equal(bad.kind, check.kind);
    assert.deepEqual(bad.problems, []);
    const found = bad.findings.filter((finding) => finding.check === check.id);
    assert.ok(found.length > 0, check.bad);
    const lines = check.bad.split('\n').length;
    for (const finding of found) {
      assert.ok(finding.startLine >= 1 && finding.endLine >= finding.startLine && finding.endLine <= lines);
    }
    const good = checkFile(path, check.good);
    assert.equal(good.kind, check.kind);
    assert.deepEqual(
      good.findings.filter((finding) => finding.check === check.id),
      [],
    );
  });
}

test('good examples are free of findings of any check', () => {
  for (const good of new Set(POSTURE_CHECKS.map((check) => check.good))) {
    const kind = POSTURE_CHECKS.find((check) => check.good === good)?.kind ?? 'dockerfile';
    assert.deepEqual(checkFile(PATHS[kind], good).findings, []);
  }
});

test('ids are unique, numbered without gaps in their family, and texts are in both languages', () => {
  const ids = POSTURE_CHECKS.map((check) => check.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 120, `${ids.length} checks`);
  for (const check of POSTURE_CHECKS) {
    assert.match(check.id, /^GC-[A-Z0-9]+-\d{3}$/);
    assert.match(check.title[1] + check.fix[1], /[\u4e00-\u9fff]/, check.id);
    assert.match(check.fix[0], /\.$/, check.id);
  }
  const finding = checkFile('Dockerfile', 'FROM a\n', { language: 'zh' }).findings[0];
  assert.match(finding?.title ?? '', /[\u4e00-\u9fff]/);
});
