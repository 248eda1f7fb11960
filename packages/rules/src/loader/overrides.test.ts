// The matrix of `override`: which key of which item may be appended to or replaced, and what comes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText, problemsOf } from '../testing/rule-probe.ts';
import type { CompiledRule, LoadResult } from './load-rules.ts';

const BASE = `- list: l
  items: [a]
- macro: m
  condition: proc.name in (l)
- rule: R
  desc: first
  condition: evt.type=execve and m
  output: out
  priority: notice
  tags: [one, two]
  enabled: true
  capture: false
  capture_duration: 5
  exceptions: [{ name: e, fields: [proc.exe], values: [[/x]] }]
`;

function changed(item: string): LoadResult {
  return loadText(BASE + item);
}

type Read = (rule: CompiledRule) => unknown;

interface Key {
  readonly key: string;
  readonly given: string;
  readonly appended: unknown;
  readonly replaced: unknown;
  readonly read: Read;
}

const NOT_ALLOWED = Symbol('not allowed');

const KEYS: readonly Key[] = [
  {
    key: 'condition',
    given: 'and proc.pid=1',
    appended: 'evt.type=execve and m and proc.pid=1',
    replaced: NOT_ALLOWED,
    read: (rule) => rule.condition,
  },
  {
    key: 'condition',
    given: 'evt.type=fork and proc.pid=1',
    appended: NOT_ALLOWED,
    replaced: 'evt.type=fork and proc.pid=1',
    read: (rule) => rule.condition,
  },
  { key: 'output', given: 'more', appended: 'out more', replaced: 'more', read: (rule) => rule.output },
  { key: 'desc', given: 'more', appended: 'first more', replaced: 'more', read: (rule) => rule.description },
  {
    key: 'tags',
    given: '[two, three]',
    appended: ['one', 'two', 'three'],
    replaced: ['two', 'three'],
    read: (rule) => rule.tags,
  },
  {
    key: 'exceptions',
    given: '[{ name: f, fields: [proc.name], values: [[y]] }]',
    appended: ['e', 'f'],
    replaced: ['f'],
    read: (rule) => rule.exceptions.map((exception) => exception.name),
  },
  {
    key: 'priority',
    given: 'critical',
    appended: NOT_ALLOWED,
    replaced: 'critical',
    read: (rule) => rule.priority,
  },
  { key: 'enabled', given: 'no', appended: NOT_ALLOWED, replaced: false, read: (rule) => rule.enabled },
  { key: 'capture', given: 'yes', appended: NOT_ALLOWED, replaced: true, read: (rule) => rule.capture },
  {
    key: 'capture_duration',
    given: '9',
    appended: NOT_ALLOWED,
    replaced: 9,
    read: (rule) => rule.captureDurationMs,
  },
  { key: 'warn_evttypes', given: 'no', appended: NOT_ALLOWED, replaced: true, read: () => true },
  { key: 'skip-if-unknown-filter', given: 'yes', appended: NOT_ALLOWED, replaced: true, read: () => true },
];

for (const { key, given, appended, replaced, read } of KEYS) {
  for (const [mode, expected] of [
    ['append', appended],
    ['replace', replaced],
  ] as const) {
    // A condition that begins with `and` cannot replace one, and one that does not cannot be appended.
    const syntax = key === 'condition' && expected === NOT_ALLOWED;
    test(`override { ${key}: ${mode} } with ${given} ${expected === NOT_ALLOWED ? 'is refused' : 'changes the rule'}`, () => {
      const load = changed(`- rule: R\n  ${key}: ${given}\n  override: { ${key}: ${mode} }\n`);
      const [rule] = load.rules;
      if (expected === NOT_ALLOWED) {
        assert.match(
          problemsOf(load)[0] ?? '',
          syntax ? /LOAD_ERR_COMPILE_CONDITION/ : /cannot be overridden with 'append'/,
        );
        return;
      }
      assert.deepEqual(problemsOf(load), []);
      assert.ok(rule !== undefined);
      assert.deepEqual(read(rule), expected);
    });
  }
}

const OTHERS: readonly (readonly [item: string, problem: RegExp | undefined])[] = [
  ['- list: l\n  items: [b]\n  override: { items: append }\n', undefined],
  ['- list: l\n  items: [b]\n  override: { items: replace }\n', undefined],
  ['- list: l\n  items: [b]\n  append: true\n', /^LOAD_DEPRECATED_ITEM/],
  ['- list: l\n  items: [b]\n  override: { list: append }\n', /cannot be overridden/],
  ['- macro: m\n  condition: or proc.pid=1\n  override: { condition: append }\n', undefined],
  ['- macro: m\n  condition: proc.pid=1\n  override: { condition: replace }\n', undefined],
  ['- macro: m\n  condition: or proc.pid=1\n  append: true\n', /^LOAD_DEPRECATED_ITEM/],
  ['- macro: m\n  condition: x\n  override: [condition]\n', /must be a map/],
  ['- rule: R\n  source: syscall\n  override: { source: replace }\n', /cannot be overridden/],
  [
    '- rule: R\n  output: x\n  desc: y\n  override: { output: append }\n',
    /Unexpected key 'desc': no corresponding entry/,
  ],
  ['- rule: R\n  override: { output: append }\n', /'output' is not defined/],
  ['- rule: R\n  output: x\n  override: { output: merge }\n', /must be append or replace/],
  ['- rule: R\n  output: x\n  append: true\n  override: { output: append }\n', /cannot be used together/],
  ['- rule: R\n  append: true\n  tags: [x]\n', /must have exceptions or condition/],
  ['- rule: R\n  append: false\n  enabled: false\n', /standalone 'enabled'/],
  ['- rule: S\n  output: x\n  override: { output: append }\n', /no rule by that name already exists/],
  [
    '- rule: S\n  priority: error\n  override: { priority: replace }\n',
    /no rule by that name already exists/,
  ],
  [
    '- rule: R\n  exceptions: [{ name: e, comps: [=], values: [[/y]] }]\n  override: { exceptions: append }\n',
    /only values/,
  ],
  [
    '- rule: R\n  exceptions: [{ name: g, fields: [proc.exe] }]\n  override: { exceptions: append }\n',
    /fields property with a list of fields and a values property/,
  ],
  [
    '- rule: R\n  exceptions: [{ name: g, values: [[/y]] }]\n  override: { exceptions: append }\n',
    /must have fields property/,
  ],
];

for (const [item, problem] of OTHERS) {
  test(`${item.replaceAll('\n', ' ')}${problem === undefined ? 'is taken' : `says ${problem.source}`}`, () => {
    const load = changed(item);
    if (problem === undefined) assert.deepEqual(problemsOf(load), []);
    else
      assert.ok(
        problemsOf(load).some((text) => problem.test(text)),
        JSON.stringify(problemsOf(load)),
      );
    assert.equal(load.rules.length, 1);
  });
}
