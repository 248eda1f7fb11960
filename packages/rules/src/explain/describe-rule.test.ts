import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { describeRule } from './describe-rule.ts';

const LOAD = loadRules([
  {
    name: 'r.yaml',
    content: `
- list: shells
  items: [sh, bash]
- list: others
  items: [x]
- macro: shell
  condition: proc.name in (shells)
- macro: started
  condition: evt.type in (execve, execveat) and shell
- macro: unused
  condition: proc.name in (others)
- rule: Shell
  desc: d
  condition: started and container.id != host and not proc.cmdline regex "a.*b"
  output: o
  priority: error
`,
  },
]);

test('a rule is described with everything that its text stands for', () => {
  const [rule] = LOAD.rules;
  assert.ok(rule !== undefined);
  const described = describeRule(LOAD, rule);
  assert.deepEqual(described.eventTypes, ['execve', 'execveat']);
  assert.deepEqual(
    described.macros.map((macro) => macro.name),
    ['started', 'shell'],
  );
  assert.deepEqual(described.lists, [{ name: 'shells', items: ['sh', 'bash'] }]);
  const [macro] = described.tree.children;
  assert.equal(macro?.macro, 'started');
  assert.equal(macro?.children[0]?.children[1]?.children[0]?.expected, '(sh, bash)');
  assert.equal(described.tree.cost, described.cost);
  assert.ok(described.cost > 20, 'a regular expression is costly');
});

test('the prefilter of a rule tells what must be there, once for event types that share it', () => {
  const [rule] = LOAD.rules;
  assert.ok(rule !== undefined);
  const [facts, ...more] = describeRule(LOAD, rule).prefilter;
  assert.deepEqual(more, []);
  assert.deepEqual(facts?.eventTypes, ['execve', 'execveat']);
  assert.deepEqual(facts?.lookUps, [{ field: 'proc.name', values: ['sh', 'bash'] }]);
  assert.ok(facts?.required.includes('container.id != host'));
  assert.ok(facts?.required.includes('not proc.cmdline regex a.*b'));
});

test('a condition of many thousand nodes is cut, and says so', () => {
  const many = Array.from({ length: 6000 }, (_, at) => `proc.name=p${at}`).join('\n      or ');
  const load = loadRules([
    {
      name: 'r.yaml',
      content: `- rule: Many\n  desc: d\n  condition: evt.type=execve and (\n    ${many})\n  output: o\n  priority: error\n`,
    },
  ]);
  const [rule] = load.rules;
  assert.ok(rule !== undefined, JSON.stringify(load.problems));
  assert.equal(describeRule(load, rule).cutNodes, 6000 + 3 - 5000);
});
