import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuleVocabulary } from '@guardcell/contract';
import { candidatesAt } from './complete.ts';
import { type CursorContext, cursorContext } from './cursor-context.ts';

const field = (name: string, type = 'string', sources = ['syscall']): RuleVocabulary['fields'][number] => ({
  name,
  type,
  doc: `about ${name}`,
  argument: 'none',
  sources,
  multiple: false,
  live: true,
  deprecated: false,
});
const VOCABULARY: RuleVocabulary = {
  fields: [
    field('proc.name'),
    field('proc.pid', 'int'),
    field('fd.name'),
    field('evt.type'),
    field('ka.verb', 'string', ['k8s_audit']),
  ],
  operators: [
    { name: 'startswith', doc: 'begins', right: 'value', types: ['string'] },
    { name: 'in', doc: 'one of', right: 'list', types: ['string', 'int'] },
    { name: '>=', doc: 'at least', right: 'value', types: ['int'] },
    { name: '=', doc: 'equal', right: 'value', types: ['string', 'int'] },
  ],
  transformers: [{ name: 'tolower', doc: 'small letters' }],
  eventTypes: ['execve', 'openat'],
  macros: [{ name: 'spawned_process', text: 'evt.type = execve' }],
  lists: [{ name: 'shells', text: 'sh, bash' }],
};
const DATA = { vocabulary: VOCABULARY, tags: ['T1059', 'shell'] };

/** `|` is the cursor. */
function at(text: string): CursorContext {
  return cursorContext(text.replace('|', ''), text.indexOf('|'));
}
const labels = (text: string): string[] => candidatesAt(at(text), DATA).map(({ label }) => label);

test('a condition offers fields of the rule’s source, macros and words', () => {
  assert.deepEqual(labels('- rule: a\n  condition: proc.|'), ['proc.name', 'proc.pid']);
  assert.deepEqual(labels('- rule: a\n  condition: >\n    evt.type = execve and\n    spaw|'), [
    'spawned_process',
  ]);
  assert.deepEqual(labels('- rule: a\n  source: k8s_audit\n  condition: ka|'), ['ka.verb']);
  assert.ok(!labels('- rule: a\n  source: k8s_audit\n  condition: |').includes('proc.name'));
});

test('after a field come the operators of its type, after those its values', () => {
  assert.deepEqual(labels('- rule: a\n  condition: proc.pid |'), ['=', '>=', 'in', 'and', 'not', 'or']);
  assert.deepEqual(labels('- rule: a\n  condition: proc.name st|'), ['startswith']);
  assert.deepEqual(labels('- rule: a\n  condition: evt.type = |'), ['execve', 'openat']);
  assert.deepEqual(labels('- rule: a\n  condition: evt.type in (execve, op|'), ['openat']);
  assert.deepEqual(labels('- rule: a\n  condition: proc.name in (|'), ['shells']);
  assert.ok(labels('- rule: a\n  condition: proc.name in (shells) and |').includes('fd.name'));
});

test('every other place offers what belongs there', () => {
  assert.deepEqual(labels('- rule: a\n  output: file %fd|'), ['%fd.name']);
  assert.deepEqual(labels('- rule: a\n  output: file fd|'), []);
  assert.deepEqual(labels('- rule: a\n  priority: WAR|'), ['WARNING']);
  assert.deepEqual(labels('- rule: a\n  tags: [T10|'), ['T1059']);
  assert.deepEqual(labels('- rule: a\n  exceptions:\n    - name: x\n      fields: [proc.na|'), ['proc.name']);
  assert.deepEqual(labels('- rule: a\n  exceptions:\n    - name: x\n      comps: [sta|'), ['startswith']);
  assert.deepEqual(labels('- rule: a\n  cond|'), ['condition']);
  assert.deepEqual(labels('- ma|'), ['macro']);
  assert.deepEqual(labels('- rule: a\n  desc: free te|'), []);
  assert.deepEqual(labels('# comment proc.|'), []);
});

test('a word is replaced from its start', () => {
  const context = at('- rule: a\n  condition: evt.type = execve and proc.na|');
  assert.deepEqual([context.word, context.from, context.slot], ['proc.na', 45, 'condition']);
});
