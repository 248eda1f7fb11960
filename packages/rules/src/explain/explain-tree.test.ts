import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEngine } from '../engine/engine.ts';
import { loadRules } from '../loader/load-rules.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { type ExplainedNode, explainTree } from './explain-tree.ts';
import { ALERT_NODES, flattenTree, treeOfNodes } from './flat-tree.ts';

const LOAD = loadRules([
  {
    name: 'r.yaml',
    content: `
- list: shells
  items: [sh, bash]
- macro: shell
  condition: proc.name in (shells)
- rule: Shell as root
  desc: d
  condition: evt.type=execve and shell and not (user.name=alice or proc.cwd startswith /home) and proc.pname=val(proc.name)
  output: o
  priority: error
`,
  },
]);
const RULE = LOAD.rules[0];

function explained(process: Parameters<typeof syntheticEvent>[0]['process']): ExplainedNode {
  assert.ok(RULE !== undefined);
  return explainTree(RULE, syntheticEvent({ type: 'execve', ...(process !== undefined && { process }) }));
}

function leaves(node: ExplainedNode): readonly ExplainedNode[] {
  return node.kind === 'check' ? [node] : node.children.flatMap(leaves);
}

describe('an explained condition', () => {
  test('has every check with what the rule wants, what the event has, and the verdict', () => {
    const tree = explained({ name: 'sh', cwd: '/srv', parents: [{ name: 'sh' }] });
    assert.equal(tree.holds, true);
    assert.deepEqual(
      leaves(tree).map((leaf) => [leaf.field, leaf.operator, leaf.expected, leaf.actual, leaf.holds]),
      [
        ['evt.type', '=', 'execve', 'execve', true],
        ['proc.name', 'in', '(sh, bash)', 'sh', true],
        ['user.name', '=', 'alice', 'root', false],
        ['proc.cwd', 'startswith', '/home', '/srv/', false],
        ['proc.pname', '=', 'val(proc.name) = sh', 'sh', true],
      ],
    );
  });

  test('marks as decisive only what the verdict rests on', () => {
    const tree = explained({ name: 'sh', cwd: '/home/alice', parents: [{ name: 'sh' }] });
    assert.equal(tree.holds, false);
    assert.deepEqual(
      leaves(tree)
        .filter((leaf) => leaf.decisive)
        .map((leaf) => leaf.field),
      ['proc.cwd'],
    );
  });

  test('shows macros by name, with their own tree inside', () => {
    const macro = explained({ name: 'sh' }).children.find((child) => child.kind === 'macro');
    assert.equal(macro?.macro, 'shell');
    assert.equal(macro?.children[0]?.field, 'proc.name');
  });

  test('leaves the value out where the event has none', () => {
    const load = loadRules([
      {
        name: 'r.yaml',
        content:
          '- rule: R\n  desc: d\n  condition: evt.type=execve and fd.name != /x\n  output: o\n  priority: error\n',
      },
    ]);
    const rule = load.rules[0];
    assert.ok(rule !== undefined);
    const leaf = leaves(explainTree(rule, syntheticEvent({ type: 'execve' })))[1];
    assert.deepEqual([leaf?.actual, leaf?.holds], [undefined, false]);
  });
});

describe('a large condition', () => {
  const many = Array.from({ length: 3000 }, (_, at) => `proc.name=p${at}`).join(' or ');
  const load = loadRules([
    {
      name: 'r.yaml',
      content: `- rule: Many\n  desc: d\n  condition: evt.type=execve and (${many})\n  output: o\n  priority: error\n`,
    },
  ]);
  const event = syntheticEvent({ type: 'execve', process: { name: 'p2777' } });

  test('is cut to the bound, and keeps what decides', () => {
    let nodes: ReturnType<typeof flattenTree> = [];
    createEngine(load).evaluate(event, (match) => {
      nodes = match.evaluated();
    });
    assert.equal(nodes.length, ALERT_NODES);
    assert.ok(nodes.some((node) => node.expected === 'p2777' && node.holds));
    const cut = nodes.reduce((sum, node) => sum + (node.cut ?? 0), 0);
    assert.equal(cut + nodes.length, 3000 + 3);
  });

  test('stays within some dozen kilobytes whatever its values are', () => {
    const long = 'ä'.repeat(400);
    const wide = loadRules([
      {
        name: 'r.yaml',
        content: `- rule: Wide\n  desc: d\n  condition: ${Array.from({ length: 250 }, (_, at) => `proc.cmdline contains "${at}${long}"`).join(' or ')} or evt.type=execve\n  output: o\n  priority: error\n`,
      },
    ]);
    const rule = wide.rules[0];
    assert.ok(rule !== undefined);
    const big = syntheticEvent({ type: 'execve', process: { name: 'sh', args: [long] } });
    const nodes = flattenTree(explainTree(rule, big, {}, { maxNodes: ALERT_NODES }));
    assert.ok(Buffer.byteLength(JSON.stringify(nodes)) < 100_000);
  });
});

describe('the list that alerts carry', () => {
  test('keeps of environments only what made the rule match', () => {
    const { rules } = loadRules([
      {
        name: 'r.yaml',
        content:
          '- rule: R\n  desc: d\n  condition: evt.type=execve and proc.env contains PROXY and not proc.env[TOKEN]=x\n  output: o\n  priority: error\n',
      },
    ]);
    const [rule] = rules;
    assert.ok(rule !== undefined);
    const event = syntheticEvent({ type: 'execve', process: { env: { PROXY: 'p', TOKEN: 'secret' } } });
    const nodes = flattenTree(explainTree(rule, event)).filter(({ kind }) => kind === 'check');
    assert.match(nodes[1]?.actual ?? '', /PROXY=p/);
    assert.equal(nodes[2]?.actual, '(environment, not kept)');
    assert.equal(
      leaves(explainTree(rule, event))[2]?.actual,
      'secret',
      "offline, the event is the asker's own",
    );
  });

  test('is turned back into the same tree', () => {
    const tree = explained({ name: 'bash' });
    assert.deepEqual(treeOfNodes(flattenTree(tree)), tree);
  });

  test('is no tree when its depths make no sense', () => {
    const node = { kind: 'check', holds: true } as const;
    assert.equal(treeOfNodes([]), undefined);
    assert.equal(treeOfNodes([{ ...node, depth: 1 }]), undefined);
    assert.equal(
      treeOfNodes([
        { ...node, depth: 0 },
        { ...node, depth: 2 },
      ]),
      undefined,
    );
    assert.equal(
      treeOfNodes([
        { ...node, depth: 0 },
        { ...node, depth: 0 },
      ]),
      undefined,
    );
  });
});
