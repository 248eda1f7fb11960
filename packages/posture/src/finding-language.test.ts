// Findings of every check can be read in Chinese, and turned back, without losing what they say of the place.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MisconfigurationFinding } from '@guardcell/core';
import fc from 'fast-check';
import { checkFile } from './check-file.ts';
import { POSTURE_CHECKS } from './checks/registry.ts';
import { findingInLanguage } from './finding-language.ts';

/** Several words with small letters in a row: a sentence, not a name or a setting. */
const ENGLISH = /(?:\b[a-z]{2,}\b[ ,]+){3,}[a-z]{2,}/;

function findingsOf(check: (typeof POSTURE_CHECKS)[number]): readonly MisconfigurationFinding[] {
  const { findings } = checkFile('a.yaml', check.bad, {
    kind: check.kind,
    judgePasswords: (kept) => kept.map(({ name, hash }) => (hash.endsWith(`$${name}`) ? 'trivial' : 'other')),
  });
  return findings.filter((finding) => finding.check === check.id);
}

test('every check says in Chinese what it says in English, and back', () => {
  for (const check of POSTURE_CHECKS) {
    const [finding] = findingsOf(check);
    assert.ok(finding !== undefined, check.id);
    const chinese = findingInLanguage(finding, 'zh');
    assert.equal(chinese.title, check.title[1]);
    assert.equal(chinese.fix, check.fix[1]);
    assert.ok(chinese.message.startsWith(check.title[1]), chinese.message);
    for (const text of [chinese.title, chinese.message, chinese.fix]) {
      assert.doesNotMatch(text, ENGLISH, check.id);
    }
    assert.deepEqual(findingInLanguage(chinese, 'en'), finding);
    assert.deepEqual(findingInLanguage(chinese, 'zh'), chinese);
    assert.deepEqual(findingInLanguage(finding, 'en'), finding);
  }
});

test('what a message says of the place is kept, and its few words are put into the language', () => {
  const of = (check: string, message: string): MisconfigurationFinding => ({
    check,
    title: POSTURE_CHECKS.find(({ id }) => id === check)?.title[0] ?? '',
    severity: 'low',
    path: '/a',
    startLine: 1,
    endLine: 2,
    message,
    fix: '',
  });
  const title = (check: string, language: 0 | 1): string =>
    POSTURE_CHECKS.find(({ id }) => id === check)?.title[language] ?? '';
  const cases: readonly (readonly [string, string, string])[] = [
    ['GC-K8S-004', ' (container web (blue))', '（容器 web (blue)）'],
    ['GC-K8S-004', ' (container web); 12 more hits of GC-K8S-004', '（容器 web）；另有 12 处 GC-K8S-004'],
    ['GC-FILE-002', ' (2 programs: su, mount)', '（2 个程序：su, mount）'],
    ['GC-FILE-008', ' (1 programs: ping)', '（1 个程序：ping）'],
    ['GC-IMAGE-011', ' (101 layers)', '（101 层）'],
    ['GC-IMAGE-012', ' (3072 MiB)', '（3072 MiB）'],
    ['GC-DOCKER-003', ' (container of a name)', '（container of a name）'],
    ['GC-DOCKER-003', '', ''],
  ];
  for (const [check, english, chinese] of cases) {
    const finding = of(check, `${title(check, 0)}${english}`);
    assert.equal(findingInLanguage(finding, 'zh').message, `${title(check, 1)}${chinese}`);
  }
});

test('findings of checks that this version does not know are left as they are', () => {
  const finding: MisconfigurationFinding = {
    check: 'GC-K8S-999',
    title: 'Something new',
    severity: 'low',
    path: '/a',
    startLine: 1,
    endLine: 1,
    message: 'Something new (x)',
    fix: 'Do something.',
  };
  assert.equal(findingInLanguage(finding, 'zh'), finding);
});

test('places of any text come back from Chinese as they were', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...POSTURE_CHECKS),
      fc.string({ unit: 'binary', maxLength: 200 }),
      (check, detail) => {
        const [title] = check.title;
        const message = detail === '' ? title : `${title} (${detail})`;
        const finding: MisconfigurationFinding = {
          check: check.id,
          title,
          severity: check.severity,
          path: '/a',
          startLine: 1,
          endLine: 1,
          message,
          fix: check.fix[0],
        };
        assert.deepEqual(findingInLanguage(findingInLanguage(finding, 'zh'), 'en'), finding);
      },
    ),
    { numRuns: 500 },
  );
});
