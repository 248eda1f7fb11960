import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MisconfigurationFinding, ScanReport, Severity } from '@guardcell/core';
import { checkVerdict, narrowed, parseSeverities } from './narrow.ts';

const finding = (severity: Severity): MisconfigurationFinding => ({
  check: `GC-${severity}`,
  severity,
  title: '',
  path: '/Dockerfile',
  startLine: 0,
  endLine: 0,
  message: '',
  fix: '',
});
const REPORT: ScanReport = {
  schemaVersion: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  artifact: { kind: 'filesystem', name: 'app', digest: '', platform: '', layers: [], size: 0 },
  packages: [],
  vulnerabilities: [],
  secrets: [],
  misconfigurations: [finding('critical'), finding('high'), finding('low'), finding('info')],
  malware: [],
  licenses: [],
  errors: [],
};

test('severities are read in any case, as a list and from one on', () => {
  assert.equal(parseSeverities(undefined), undefined);
  assert.deepEqual(parseSeverities('High, CRITICAL'), ['critical', 'high']);
  assert.deepEqual(parseSeverities('medium+'), ['critical', 'high', 'medium']);
  assert.deepEqual(parseSeverities('low,high+'), ['critical', 'high', 'low']);
  for (const wrong of ['', 'high,', 'unknown', '+', 'high++x', 'high critical'])
    assert.throws(() => parseSeverities(wrong), /--severity cannot be/, wrong);
});

test('what is left out is counted in a note, and nothing is said where nothing is', () => {
  const shown = narrowed(REPORT, { severities: ['critical', 'high'], ignoreUnfixed: false });
  assert.deepEqual(
    shown.misconfigurations.map(({ severity }) => severity),
    ['critical', 'high'],
  );
  const [note, ...more] = shown.errors;
  assert.equal(more.length, 0);
  assert.equal(note?.level, 'note');
  assert.match(note.message, /^2 findings of other severities than critical, high are left out/);
  assert.deepEqual(narrowed(REPORT, { ignoreUnfixed: true }).errors, []);
  assert.deepEqual(narrowed(REPORT, { ignoreUnfixed: false }).misconfigurations, REPORT.misconfigurations);
});

test('a verdict that could never fail is refused', () => {
  const of = (list: string) => ({ severities: parseSeverities(list) ?? [], ignoreUnfixed: false });
  const high = { severity: 'high', deniedLicense: false } as const;
  assert.throws(() => checkVerdict(of('medium,low'), high), /--fail-on high judges/);
  checkVerdict(of('critical'), high);
  checkVerdict(of('low'), { deniedLicense: true });
});
