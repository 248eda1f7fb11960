// Every code that loading can report, and what brings it about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText, problemsOf, ruleText } from '../testing/rule-probe.ts';
import { loadRules } from './load-rules.ts';
import { ERROR_CODES, type ErrorCode, WARNING_CODES, type WarningCode } from './problems.ts';

const OPEN = ruleText('evt.type=open');

const AUDIT = (condition: string): string => ruleText(condition, 'out', '  source: k8s_audit\n');

const WARNINGS: readonly (readonly [code: WarningCode, content: string, message: RegExp])[] = [
  ['LOAD_UNKNOWN_SOURCE', ruleText('x.y=1', 'out', '  source: okta\n'), /Unknown source okta, skipping/],
  ['LOAD_UNSAFE_NA_CHECK', AUDIT('ka.verb=get and ka.target.name != "<NA>"'), /ka\.target\.name/],
  ['LOAD_UNSAFE_NA_CHECK', AUDIT('jevt.value[/x] in (a, "<NA>")'), /<NA>/],
  [
    'LOAD_NO_EVTTYPE',
    OPEN.replace('evt.type=open', 'proc.name=x').replace('  warn_evttypes: false\n', ''),
    /too many evt\.type values/,
  ],
  [
    'LOAD_NO_EVTTYPE',
    OPEN.replace('evt.type=open', 'evt.type!=open').replace('  warn_evttypes: false\n', ''),
    /too many/,
  ],
  [
    'LOAD_UNKNOWN_FILTER',
    ruleText('no.such=1', 'out', '  skip-if-unknown-filter: true\n'),
    /nonexistent field no\.such/,
  ],
  [
    'LOAD_UNKNOWN_FILTER',
    ruleText('evt.type=opne', 'out', '  skip-if-unknown-filter: true\n'),
    /unknown event type opne/,
  ],
  [
    'LOAD_UNKNOWN_FILTER',
    ruleText('evt.type=open', '%no.such', '  skip-if-unknown-filter: true\n'),
    /no\.such/,
  ],
  ['LOAD_UNUSED_MACRO', `- macro: m\n  condition: evt.type=open\n${OPEN}`, /not referred to/],
  ['LOAD_UNUSED_LIST', `- list: l\n  items: [a]\n${OPEN}`, /not referred to/],
  ['LOAD_UNKNOWN_ITEM', `- nonsense: 1\n${OPEN}`, /Unknown top level item 'nonsense'/],
  [
    'LOAD_DEPRECATED_ITEM',
    `${OPEN}- rule: R\n  append: true\n  condition: and proc.name=x\n`,
    /'append' key is deprecated/,
  ],
  ['LOAD_DEPRECATED_ITEM', `${OPEN}- rule: R\n  enabled: false\n`, /standalone 'enabled' key/],
  ['LOAD_DEPRECATED_ITEM', ruleText('evt.type=open and evt.dir=<'), /field 'evt\.dir' is deprecated/],
  ['LOAD_DEPRECATED_ITEM', ruleText('evt.type=open and len(evt.latency.human) > 3'), /evt\.latency\.human/],
  [
    'LOAD_DEPRECATED_ITEM',
    ruleText('evt.type=open and evt.num >= val(evt.latency.quantized)'),
    /evt\.latency\.quantized/,
  ],
  ['LOAD_DEPRECATED_ITEM', ruleText('evt.type=open', '%evt.latency'), /in the output is deprecated/],
  ['LOAD_DEPRECATED_ITEM', ruleText('evt.type=open', '%container.info'), /stands for nothing/],
  [
    'LOAD_APPEND_NO_VALUES',
    `${ruleText('evt.type=open', 'out', '  exceptions: [{ name: e, fields: [proc.name], values: [[a]] }]\n')}- rule: R\n  exceptions: [{ name: e }]\n  override: { exceptions: append }\n`,
    /no values/,
  ],
  [
    'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
    ruleText(
      'evt.type=open',
      'out',
      '  exceptions: [{ name: e, fields: [proc.name] }, { name: e, fields: [proc.exe] }]\n',
    ),
    /Multiple definitions of exception 'e'/,
  ],
  ['LOAD_INVALID_MACRO_NAME', `- macro: m-x\n  condition: evt.type=open\n${OPEN}`, /invalid name/],
  ['LOAD_INVALID_LIST_NAME', `- list: "a b"\n  items: [x]\n${OPEN}`, /invalid name/],
  [
    'LOAD_COMPILE_CONDITION',
    ruleText('evt.type=open and proc.name=proc.pname'),
    /'proc\.pname' is a field used as a constant/,
  ],
  [
    'LOAD_COMPILE_CONDITION',
    ruleText('evt.type=open and proc.name="tolower(proc.pname)"'),
    /transformer used as a constant/,
  ],
  ['LOAD_COMPILE_CONDITION', ruleText('evt.type=open and proc.name regex abc'), /simpler as =/],
  ['LOAD_COMPILE_CONDITION', ruleText('evt.type=open and proc.name regex "abc.*"'), /simpler as startswith/],
  ['LOAD_COMPILE_CONDITION', ruleText('evt.type=open and proc.name regex ".*abc"'), /simpler as endswith/],
  ['LOAD_COMPILE_CONDITION', ruleText('evt.type=open and proc.name regex ".*abc.*"'), /simpler as contains/],
  ['LOAD_UNKNOWN_KEY', `${OPEN}  colour: red\n`, /Unknown key 'colour'/],
  ['LOAD_UNKNOWN_KEY', `- list: l\n  items: [a]\n  colour: red\n${OPEN}`, /Unknown key 'colour'/],
  ['LOAD_DUPLICATE_KEY', `${OPEN}  desc: again\n`, /given twice/],
];

for (const [code, content, message] of WARNINGS) {
  test(`${code}: ${message.source} in ${content.slice(0, 60).replaceAll('\n', ' ')}`, () => {
    const found = loadText(content).problems.filter((problem) => problem.code === code);
    assert.ok(
      found.some((problem) => problem.level === 'warning' && message.test(problem.message)),
      JSON.stringify(problemsOf(loadText(content))),
    );
  });
}

const QUIET: readonly string[] = [
  OPEN,
  ruleText('evt.type=open and proc.name="proc.pname"'),
  ruleText('evt.type=open and proc.name = val(proc.pname)'),
  ruleText('evt.type=open and proc.name regex "a.c"'),
  ruleText('evt.type=open and proc.name != "<NA>"'),
  AUDIT('jevt.value[/x] contains "<NA>"'),
  AUDIT('ka.verb exists'),
  `- macro: m\n  condition: evt.type=open\n- macro: n\n  condition: m\n${ruleText('n')}`,
  ruleText('proc.name=x'),
  `---\n${OPEN}---\n---\n- list: l\n  items:\n- \n`.replace('- list: l\n  items:\n', ''),
];

test('nothing is said of rules that are as they should be', () => {
  for (const content of QUIET) assert.deepEqual(loadText(content).problems, [], content);
});

const ERRORS: readonly (readonly [code: ErrorCode, content: string, message: RegExp])[] = [
  ['LOAD_ERR_YAML_PARSE', '- rule: [x', /./],
  ['LOAD_ERR_YAML_PARSE', '- rule: *x', /./],
  ['LOAD_ERR_YAML_VALIDATE', 'rule: R', /not a sequence/],
  ['LOAD_ERR_YAML_VALIDATE', '- text', /should be a map/],
  ['LOAD_ERR_YAML_VALIDATE', '- rule: R\n  condition: [a]\n', /must be a text/],
  ['LOAD_ERR_YAML_VALIDATE', '- rule: R\n  enabled: maybe\n', /must be true or false/],
  ['LOAD_ERR_YAML_VALIDATE', '- rule: R\n  capture_duration: long\n', /must be a whole number/],
  ['LOAD_ERR_YAML_VALIDATE', '- rule: R\n  tags: a\n', /must be a sequence/],
  ['LOAD_ERR_YAML_VALIDATE', '- rule: ""\n', /name is empty/],
  ['LOAD_ERR_YAML_VALIDATE', '- list: l\n', /no mapping for key 'items'/],
  ['LOAD_ERR_YAML_VALIDATE', '- macro: m\n', /no mapping for key 'condition'/],
  ['LOAD_ERR_YAML_VALIDATE', '- macro: m\n  condition: ""\n', /no mapping for key 'condition'/],
  ['LOAD_ERR_YAML_VALIDATE', OPEN.replace('notice', 'loud'), /Invalid priority 'loud'/],
  ['LOAD_ERR_YAML_VALIDATE', ruleText('evt.type=open', 'out', '  exceptions: [x]\n'), /not a map/],
  [
    'LOAD_ERR_YAML_VALIDATE',
    ruleText('evt.type=open', 'out', '  exceptions: [{ fields: [x] }]\n'),
    /name property/,
  ],
  ['LOAD_ERR_COMPILE_CONDITION', ruleText('evt.type=open and ('), /expected/],
  ['LOAD_ERR_COMPILE_CONDITION', ruleText('no.such=1'), /nonexistent field/],
  ['LOAD_ERR_COMPILE_CONDITION', ruleText('evt.type=opne'), /unknown event type/],
  ['LOAD_ERR_COMPILE_CONDITION', ruleText('ka.verb=get'), /nonexistent field ka\.verb/],
  ['LOAD_ERR_COMPILE_CONDITION', AUDIT('proc.name=x'), /nonexistent field proc\.name/],
  ['LOAD_ERR_COMPILE_OUTPUT', ruleText('evt.type=open', '%no.such'), /no\.such/],
  ['LOAD_ERR_COMPILE_OUTPUT', ruleText('evt.type=open', 'ends with %'), /invalid formatting token/],
  ['LOAD_ERR_COMPILE_OUTPUT', ruleText('evt.type=open', '%fd.ip'), /cannot be used in output/],
  ['LOAD_ERR_VALIDATE', '- rule: R\n  condition: x\n', /lacks the required keys: output, desc, priority/],
  ['LOAD_ERR_VALIDATE', ruleText('nosuch'), /Undefined macro 'nosuch'/],
  ['LOAD_ERR_VALIDATE', `- macro: m\n  condition: nosuch\n${OPEN}`, /Undefined macro 'nosuch'/],
  ['LOAD_ERR_VALIDATE', '- rule: R\n  enabled: true\n', /no rule by that name/],
];

for (const [code, content, message] of ERRORS) {
  test(`${code}: ${message.source} in ${content.slice(0, 60).replaceAll('\n', ' ')}`, () => {
    const found = loadText(content).problems.filter((problem) => problem.code === code);
    assert.ok(
      found.some((problem) => problem.level === 'error' && message.test(problem.message)),
      JSON.stringify(problemsOf(loadText(content))),
    );
  });
}

test('an unreadable file is an error of its own', () => {
  const load = loadRules([], { unreadable: [{ name: 'gone', message: 'no such file' }] });
  assert.deepEqual(problemsOf(load), ['LOAD_ERR_FILE_READ no such file']);
});

test('every code is brought about by one of these tests, but those of extensions, which there are none of', () => {
  const seen = new Set<string>([...WARNINGS, ...ERRORS].map(([code]) => code));
  const rest = [...ERROR_CODES, ...WARNING_CODES].filter((code) => !seen.has(code));
  assert.deepEqual(rest, ['LOAD_ERR_FILE_READ', 'LOAD_ERR_EXTENSION', 'LOAD_WARNING_EXTENSION']);
});

test('booleans have all the spellings of YAML', () => {
  for (const [word, value] of [
    ['yes', true],
    ['Yes', true],
    ['ON', true],
    ['y', true],
    ['true', true],
    ['no', false],
    ['Off', false],
    ['n', false],
    ['FALSE', false],
  ] as const) {
    assert.equal(loadText(`${OPEN}  enabled: ${word}\n`).rules[0]?.enabled, value, word);
  }
});

test('priorities have any case, and info is short for informational', () => {
  for (const [word, priority] of [
    ['EMERGENCY', 'emergency'],
    ['Critical', 'critical'],
    ['info', 'informational'],
    ['INFORMATIONAL', 'informational'],
    ['debug', 'debug'],
  ] as const) {
    assert.equal(loadText(OPEN.replace('notice', word)).rules[0]?.priority, priority);
  }
});

test('capture and its duration are read, replaced and kept', () => {
  const base = `${OPEN}  capture: yes\n  capture_duration: 500\n`;
  assert.deepEqual(
    [loadText(base).rules[0]?.capture, loadText(base).rules[0]?.captureDurationMs],
    [true, 500],
  );
  const replaced = loadText(`${base}- rule: R\n  capture: no\n  override: { capture: replace }\n`).rules[0];
  assert.deepEqual([replaced?.capture, replaced?.captureDurationMs], [false, 500]);
});
