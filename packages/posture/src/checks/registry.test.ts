// Every check finds its bad example and passes its good one.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { AnyCheck, PostureKind } from '../check.ts';
import { checkFile, type PostureResult } from '../check-file.ts';
import { POSTURE_CHECKS } from './registry.ts';

const PATHS: Readonly<Record<PostureKind, string>> = {
  dockerfile: 'Dockerfile',
  kubernetes: 'deploy/app.yaml',
  compose: 'compose.yaml',
  'github-actions': '.github/workflows/test.yml',
  'gitlab-ci': '.gitlab-ci.yml',
  jenkinsfile: 'Jenkinsfile',
  image: 'config',
  files: '/',
  accounts: '/etc/shadow',
};

/** Kinds that no name tells: they are read of artifacts, not of files. */
const READ_ELSEWHERE: ReadonlySet<PostureKind> = new Set(['image', 'files', 'accounts']);

function checked(check: AnyCheck, text: string): PostureResult {
  return checkFile(PATHS[check.kind], text, {
    ...(READ_ELSEWHERE.has(check.kind) ? { kind: check.kind } : {}),
    judgePasswords: (kept) => kept.map(({ name, hash }) => (hash.endsWith(`$${name}`) ? 'trivial' : 'other')),
  });
}

for (const check of POSTURE_CHECKS) {
  test(`${check.id} finds its bad example and passes its good one: ${check.title[0]}`, () => {
    const bad = checked(check, check.bad);
    assert.equal(bad.kind, check.kind);
    assert.deepEqual(bad.problems, []);
    const found = bad.findings.filter((finding) => finding.check === check.id);
    assert.ok(found.length > 0, check.bad);
    const lines = check.bad.split('\n').length;
    for (const finding of found) {
      const hasLines = check.kind !== 'image' && check.kind !== 'files';
      assert.ok(
        finding.startLine >= (hasLines ? 1 : 0) &&
          finding.endLine >= finding.startLine &&
          finding.endLine <= lines,
      );
    }
    const good = checked(check, check.good);
    assert.equal(good.kind, check.kind);
    assert.deepEqual(
      good.findings.filter((finding) => finding.check === check.id),
      [],
    );
  });
}

test('good examples are free of findings of any check', () => {
  for (const check of POSTURE_CHECKS) assert.deepEqual(checked(check, check.good).findings, [], check.id);
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
