// Ignore rules: reading them, their globs, their end, and that silenced findings stay visible.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoftwarePackage, VulnerabilityFinding } from '@guardcell/core';
import { matchPackages } from '../match/match-packages.ts';
import { affected, memorySource, range } from '../testing/memory-source.ts';
import { applyIgnoreRules, expiredRules } from './apply.ts';
import { globMatches } from './glob.ts';
import { readIgnoreRules } from './rules.ts';

const PACKAGE: SoftwarePackage = {
  name: 'x',
  version: '1.0.0',
  type: 'npm',
  purl: 'pkg:npm/x@1.0.0',
  locations: [{ path: '/app/node_modules/x/package.json' }, { path: '/opt/x/package.json' }],
  licenses: [],
};

function findings(): readonly VulnerabilityFinding[] {
  const entry = affected({
    vulnerability: 'CVE-2024-1',
    ecosystem: 'npm',
    name: 'x',
    ranges: [range('0', '2.0.0')],
  });
  return matchPackages([PACKAGE], undefined, memorySource([entry])).findings;
}

function suppressed(
  rule: Readonly<Record<string, unknown>>,
  today = '2026-06-01',
): VulnerabilityFinding['suppressed'] {
  const { rules, problems } = readIgnoreRules({ ignore: [rule] }, '.guardcell.yaml');
  assert.deepEqual(problems, []);
  return applyIgnoreRules(findings(), [PACKAGE], rules, today)[0]?.suppressed;
}

test('a rule silences by id, package and path, and gives its reason', () => {
  assert.deepEqual(suppressed({ id: 'CVE-2024-*', reason: 'not reachable', until: '2026-12-31' }), {
    by: 'ignore rule ignore[0]',
    reason: 'not reachable',
    until: '2026-12-31',
  });
  assert.ok(suppressed({ package: 'x', reason: 'r' }));
  assert.ok(suppressed({ package: 'pkg:npm/x@*', reason: 'r' }));
  assert.ok(suppressed({ id: ['CVE-1', 'CVE-2024-1'], package: ['y', 'x'], reason: 'r' }));
  assert.equal(suppressed({ id: 'CVE-2023-*', reason: 'r' }), undefined);
  assert.equal(suppressed({ id: 'CVE-2024-1', package: 'y', reason: 'r' }), undefined);
});

test('a path rule must cover every place of the package', () => {
  assert.equal(suppressed({ path: '/app/**', reason: 'r' }), undefined);
  assert.ok(suppressed({ path: ['/app/**', '/opt/**'], reason: 'r' }));
});

test('a rule holds through its last day and is told of afterwards', () => {
  const rule = { id: 'CVE-2024-1', reason: 'r', until: '2026-06-01' };
  assert.ok(suppressed(rule, '2026-06-01T23:00:00Z'));
  assert.equal(suppressed(rule, '2026-06-02'), undefined);
  const { rules } = readIgnoreRules({ ignore: [rule] }, 'f');
  assert.equal(expiredRules(rules, '2026-06-02').length, 1);
});

test('rules that are not right are reported and not taken', () => {
  const bad = [
    { id: 'CVE-1' },
    { reason: 'everything' },
    { id: 'CVE-1', reason: ' ' },
    { id: 'CVE-1', reason: 'r', until: '2026-02-30' },
    { id: 'CVE-1', reason: 'r', expires: '2026-01-01' },
    { id: 5, reason: 'r' },
    'CVE-1',
  ];
  const { rules, problems } = readIgnoreRules({ ignore: bad }, '.guardcell.yaml');
  assert.equal(rules.length, 0);
  assert.equal(problems.length, bad.length);
  assert.equal(problems[0]?.at, '.guardcell.yaml: ignore[0]');
  assert.deepEqual(readIgnoreRules({}, 'f'), { rules: [], problems: [] });
  assert.equal(readIgnoreRules({ ignore: 'CVE-1' }, 'f').problems.length, 1);
});

test('globs: a star stays within a folder, two cross folders, time stays small', () => {
  assert.ok(globMatches('/usr/*/x', '/usr/lib/x'));
  assert.ok(!globMatches('/usr/*/x', '/usr/lib/y/x'));
  assert.ok(globMatches('/usr/**/x', '/usr/lib/y/x'));
  assert.ok(globMatches('/usr/**/x', '/usr/x'));
  assert.ok(globMatches('**', '/a/b'));
  assert.ok(!globMatches('/usr/**/x', '/usr/ax'));
  assert.ok(globMatches('CVE-202?-1', 'CVE-2024-1'));
  assert.ok(!globMatches('CVE-2024-1', 'CVE-2024-10'));
  assert.ok(globMatches('a.b', 'a.b') && !globMatches('a.b', 'axb'));
  assert.ok(!globMatches(`${'a*'.repeat(500)}b`, 'a'.repeat(1000)));
});
