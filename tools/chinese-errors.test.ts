// Whatever a scan, a job of the platform or an agent can report is readable in Chinese: the codes and sentences are read
// from the source text, so that a new one without a translation fails here.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { CHINESE_CODES, errorInChinese } from '@guardcell/scan/remarks';
import { emittedErrors } from './emitted-errors.ts';
import { isEnglish } from './source-texts.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Where the errors and notes of reports and jobs are made. */
const FOLDERS = [
  ...['image', 'scan', 'vuln', 'secrets', 'malware', 'posture', 'advisories'].map(
    (name) => `packages/${name}/src`,
  ),
  'packages/report/src/licenses',
  'apps/server/src/scanning',
  'apps/agent/src/scanning',
  'apps/cli/src/commands/scan',
];
/** Answers to whoever has just asked: never part of a report, a job or a check. */
const ANSWERS: ReadonlySet<string> = new Set([
  'GC_BODY_TOO_LARGE',
  'GC_CONFLICT',
  'GC_CONTAINER_NOT_FOUND',
  'GC_CONTAINER_NOT_RUNNING',
  'GC_FINDING_NOT_FOUND',
  'GC_FORBIDDEN',
  'GC_INVALID_CURSOR',
  'GC_INVALID_JSON',
  'GC_INVALID_REQUEST',
  'GC_KNOWN_WRITE',
  'GC_OUTPUT_DIR',
  'GC_OWN_REQUEST',
  'GC_SCAN_BUSY',
  'GC_TOO_MANY',
  'GC_USAGE',
  'GC_VEX_EMPTY',
]);
const emitted = emittedErrors(ROOT, FOLDERS).filter(({ code }) => !ANSWERS.has(code));

test('every code that a scan or a job can report has a text in Chinese, and every text a code', () => {
  const codes = new Set(emitted.map(({ code }) => code));
  assert.ok(codes.size > 70, `only ${codes.size} codes were found: is the source still read?`);
  assert.deepEqual([...codes.difference(CHINESE_CODES)], []);
  const elsewhere = new Set(['GC_NOT_FOUND', 'GC_VEX_PART', 'GC_REGISTRY_REFUSED']);
  assert.deepEqual([...CHINESE_CODES.difference(codes).difference(elsewhere)], []);
});

test('every message and hint that stands in the source is said in Chinese', () => {
  const left = new Set<string>();
  let sentences = 0;
  for (const { code, messages, hints, file } of emitted) {
    const texts = [
      ...messages.map((message) => errorInChinese({ code, message, at: '', hint: '' }).message),
      ...hints.map((hint) => errorInChinese({ code, message: '', at: '', hint }).hint),
    ].filter((text) => text !== '');
    sentences += texts.length;
    for (const text of texts) if (isEnglish(text)) left.add(`${file} ${code}: ${text}`);
  }
  assert.ok(sentences > 150, `only ${sentences} sentences were found: is the source still read?`);
  assert.deepEqual([...left], []);
});

test('what is reported by a code without a text stays as it is', () => {
  const error = { code: 'GC_OF_A_LATER_VERSION', message: 'told by a newer agent', at: '/a', hint: 'do so' };
  assert.deepEqual(errorInChinese(error), error);
});
