// Findings in one shape, in English and Chinese: other words, the same findings.
import assert from 'node:assert/strict';
import test from 'node:test';
import { flatFindings } from './finding-text.ts';
import { SAMPLE_REPORT } from './testing/sample-report.ts';

test('languages differ in words alone: rules, places, order and fingerprints are the same', () => {
  const english = flatFindings(SAMPLE_REPORT);
  const chinese = flatFindings(SAMPLE_REPORT, { language: 'zh' });
  const identity = ({ kind, rule, path, startLine, fingerprint }: (typeof english)[number]): string =>
    [kind, rule, path, startLine, fingerprint].join(' ');
  assert.deepEqual(chinese.map(identity), english.map(identity));
  for (const { kind, message } of chinese) {
    // Those two say what the catalogue, which is not given here, says.
    if (kind !== 'misconfiguration' && kind !== 'secret') assert.match(message, /[\u4e00-\u9fff]/, kind);
  }
});

test('a catalogue changes what findings say, and not which they are', () => {
  const translated = flatFindings(SAMPLE_REPORT, {
    catalogue: {
      vulnerability: (finding) => finding,
      misconfiguration: (finding) => ({ ...finding, title: '标题', message: '说明', fix: '办法' }),
      secret: (finding) => ({ ...finding, title: '密钥' }),
      malware: (finding) => ({ ...finding, title: '恶意' }),
      error: (error) => error,
    },
  });
  const english = flatFindings(SAMPLE_REPORT);
  assert.deepEqual(
    translated.map(({ fingerprint }) => fingerprint),
    english.map(({ fingerprint }) => fingerprint),
  );
  const of = (kind: string): readonly string[] =>
    translated.filter((each) => each.kind === kind).map(({ title }) => title);
  assert.deepEqual(new Set(of('misconfiguration')), new Set(['标题']));
  assert.deepEqual(new Set(of('secret')), new Set(['密钥']));
});
