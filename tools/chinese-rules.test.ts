// Whatever may be wrong with rules and response rules is said in Chinese to whoever reads Chinese: the sentences are read
// from the source text, so that a new one without a translation fails here.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { ruleHintInChinese, ruleProblemInChinese } from '../apps/server/src/language/rules-in-chinese.ts';
import { toldSentences } from './told-sentences.ts';

const ROOT = resolve(import.meta.dirname, '..');
const HAN = /[\u4e00-\u9fff]/;
/** Told by the command line alone, descriptions of fields, or errors of our own. */
const NOT_TOLD = [
  /\/(?:verdict|problem-context|describe-rule|catalog|explain|guard-tests)\.ts$/,
  /^packages\/rules\/src\/(?:audit|events|explain|compare)\//,
  /^packages\/respond\/src\/(?:undo|target|plan|candidate|record)\.ts$/,
  // What a guard says of an alert when it is evaluated, in the words of CEL.
  /^packages\/cel\/src\/(?:evaluator|compare|comprehension|integers|limits|native|time|cel-error)\.ts$/,
  /^packages\/cel\/src\/library\//,
];
/** Forms and parts of which sentences are made. */
const PARTS: ReadonlySet<string> = new Set([
  "7 has 'append' key but no 7 by that name already exists",
  "7 has 'override' key but no 7 by that name already exists",
  "'7' (7) and '7' (7)",
  'at least 7',
  'true or false',
  'a list of texts',
  'must be 7',
  'a field name',
  'an expression',
  'an operator or the end',
]);
const sentences = toldSentences(
  ROOT,
  [
    'packages/rules/src',
    'packages/respond/src',
    'packages/cel/src',
    'apps/server/src/policy',
    'apps/agent/src',
  ],
  {
    calls: [
      'addError',
      'addWarning',
      'fail',
      'misuse',
      'problem',
      'report',
      'reporter',
      'fault',
      'error',
      'wrongType',
    ],
    members: ['problem', 'message', 'hint', 'why', 'otherwise'],
  },
).filter(
  ({ text, file }) =>
    !PARTS.has(text) &&
    !NOT_TOLD.some((one) => one.test(file)) &&
    (!file.startsWith('apps/') || /\/(?:source-files|rule-loader|rules\.process)\.ts$/.test(file)),
);
const problem = { level: 'error', code: 'X', file: 'a.yaml', line: 1, column: 1, item: '' } as const;

test('everything that is wrong with a rule is said in Chinese, and what to do about it', () => {
  const left = new Set<string>();
  let read = 0;
  for (const { text, file } of sentences) {
    if (!/[a-z]{2,} [a-z'"]/i.test(text)) continue;
    read++;
    const said = [
      ruleProblemInChinese({ ...problem, message: text, hint: '' }).message,
      ruleHintInChinese(text),
    ];
    if (!said.some((each) => HAN.test(each))) left.add(`${file}: ${text}`);
  }
  assert.ok(read > 120, `only ${read} sentences were found: is the source still read?`);
  assert.deepEqual([...left], []);
});

test('sentences that are put together from parts are said as a whole', () => {
  const said = (message: string, code = 'X'): string =>
    ruleProblemInChinese({ ...problem, code, message, hint: '' }).message;
  const cases: readonly (readonly [string, string])[] = [
    [
      "Macro has 'append' key but no macro by that name already exists",
      "宏使用了 'append'，但此前没有同名的宏",
    ],
    [
      "invalid formatting token '%no.such': unknown transformer 'no.such'",
      '无效的格式“%no.such”：未知的转换函数“no.such”',
    ],
    ["'join' takes at least 2 arguments, not 1", '“join”至少需要 2 个参数，而不是 1 个'],
    [
      "Plugin requirement not satisfied: rules need k8saudit 1.0.0, but there is no plugin 'k8saudit'",
      '不满足对插件的要求：规则需要 k8saudit 1.0.0，但没有插件“k8saudit”',
    ],
    ['spec.actions[0].with: expected a mapping, found a list', 'spec.actions[0].with：应为映射，而不是列表'],
    ['spec.enabled: expected true or false, found a string', 'spec.enabled：应为true 或 false，而不是文本'],
    ['kind: must be ResponseRule', 'kind：必须是 ResponseRule'],
    [
      'spec.guard: an operand of && is a int, not a bool',
      'spec.guard：&& 的操作数的类型是 int，而不是布尔值',
    ],
    ["spec.guard: expected an operator or the end, found ')'", "spec.guard：应为运算符或结尾，而不是')'"],
    ['name: somebody says so', 'name：somebody says so'],
  ];
  for (const [english, chinese] of cases) assert.equal(said(english), chinese);
  assert.equal(
    said('All mapping items must start at the same column', 'LOAD_ERR_YAML_PARSE'),
    'YAML 无法解析：All mapping items must start at the same column',
  );
  assert.equal(
    ruleHintInChinese(
      'Only the built-in rules are in force. Make the rule files smaller, or remove the one that was added last.',
    ),
    '只有内置规则生效。请缩小规则文件，或移除最后添加的那一个。',
  );
});
