// Whatever the HTTP API refuses is said in Chinese to whoever reads Chinese: the sentences are read from the source text,
// so that a new one without a translation fails here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Locale } from 'typebox/system';
import { problemInChinese } from '../apps/server/src/language/problem-in-chinese.ts';
import { isEnglish } from './source-texts.ts';
import { toldSentences } from './told-sentences.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Said when the server starts, by other processes, or of the platform's own faults, which are answered in general. */
const NO_ANSWERS = [
  /\/(?:data-dir|options|server|load-rules|source-files|alert-facts)\.ts$/,
  /\.worker\.ts$|\/scanning\/work\//,
  /\/(?:append-item|day-writer|put-scan|serve-operations)\.ts$/,
];
/** The forms of which the sentences are made, and what is wrong with options. */
const PARTS: ReadonlySet<string> = new Set([
  'there is no 7 "7"',
  'it is 7 already',
  'the 7 is not valid',
  "'7' is neither an address nor a network",
  'Write 10.0.0.7, 10.0.0.0/8 or fd00::/8.',
  'the agent socket cannot be opened (7)',
  'Choose a data folder on a local file system, with --data.',
]);
const sentences = toldSentences(ROOT, ['apps/server/src', 'packages/store/src', 'packages/respond/src'], {
  calls: ['ApiError', 'storeError', 'fault'],
}).filter(({ text, file }) => !PARTS.has(text) && !NO_ANSWERS.some((one) => one.test(file)));
const LOCALE = fileURLToPath(import.meta.resolve('typebox/system')).replace('index.mjs', 'locale/en_US.mjs');
const problem = {
  type: '',
  title: 'The request is not valid',
  status: 400,
  instance: '/api/v1/x',
  code: 'GC_INVALID_REQUEST',
  requestId: 'r',
};

test('every sentence of a problem that stands in the source is said in Chinese', () => {
  const left = new Set<string>();
  let read = 0;
  for (const { text, file } of sentences) {
    // Words and places alone are in no sentence of ours.
    if (!/[a-z]{2,} [a-z]/i.test(text)) continue;
    read++;
    const asDetail = problemInChinese({ ...problem, detail: text }).detail.replace(/^请求无效：/, '');
    const asHint = problemInChinese({ ...problem, detail: '', hint: text }).hint ?? '';
    const said = [asDetail, asHint].find((each) => each !== text && !isEnglish(each)) ?? text;
    if (said === text) left.add(`${file}: ${text}`);
  }
  assert.ok(read > 150, `only ${read} sentences were found: is the source still read?`);
  assert.deepEqual([...left], []);
});

test('what the schemas say of a value is said in Chinese', () => {
  const params = {
    dependencies: ['a'],
    property: 'b',
    comparison: '>=',
    limit: 3,
    format: 'uri',
    failingKeyword: 'then',
    multipleOf: 2,
    pattern: '^a$',
    propertyNames: ['x'],
    requiredProperties: ['name'],
    type: ['string', 'null'],
  };
  const keywords = [...readFileSync(LOCALE, 'utf8').matchAll(/case '(\w+)'/g)].map(([, word = '']) => word);
  assert.ok(keywords.length > 25, `only ${keywords.length}: is the source of typebox still read?`);
  for (const keyword of keywords) {
    const message = Locale.en_US({ keyword, params } as never);
    const { errors = [] } = problemInChinese({
      ...problem,
      detail: '',
      errors: [{ pointer: '/a', message }],
    });
    assert.match(errors[0]?.message ?? '', /[\u4e00-\u9fff]/, message);
    assert.doesNotMatch(errors[0]?.message ?? '', /must|have|with|should| or /, message);
  }
});
