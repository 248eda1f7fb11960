// Explanations agree with the engine: over every event of the tests beside the default rules, the tree says what the
// engine does, and what alerts store of it is bounded and can be read back.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import {
  createEngine,
  describeRule,
  type ExplainedNode,
  explainTree,
  flattenTree,
  loadRules,
  readEvents,
  treeOfNodes,
} from '@guardcell/rules';

const CONTENT = resolve(import.meta.dirname, '../../content');
const PATHS = readdirSync(CONTENT, { recursive: true, encoding: 'utf8' })
  .filter((name) => /^[\w-]*rules\/.*\.yaml$/.test(name))
  .sort();
const LOADED = loadRules(
  PATHS.filter((name) => !name.endsWith('.test.yaml')).map((name) => ({
    name,
    content: readFileSync(join(CONTENT, name), 'utf8'),
  })),
);
const MAX_STORED_BYTES = 64 * 1024;

/** The verdict that follows from the checks alone. */
function verdict(node: ExplainedNode): boolean {
  switch (node.kind) {
    case 'and':
      return node.children.every(verdict);
    case 'or':
      return node.children.some(verdict);
    case 'not':
      return !node.children.some(verdict);
    case 'macro':
      return node.children.every(verdict);
    case 'check':
      return node.holds;
  }
}

describe('explanations of the default rules', () => {
  const engine = createEngine({ ...LOADED, rules: LOADED.rules.map((rule) => ({ ...rule, enabled: true })) });

  for (const path of PATHS.filter((name) => name.endsWith('.test.yaml'))) {
    test(`${path}: every rule's tree says what the engine does`, () => {
      const { events, problems } = readEvents(readFileSync(join(CONTENT, path), 'utf8'));
      assert.deepEqual(problems, []);
      for (const named of events) {
        const built = named.make();
        assert.ok('event' in built);
        const { event } = built;
        const matched = new Set<string>();
        engine.evaluate(event, (match) => matched.add(match.rule.name));
        for (const rule of LOADED.rules) {
          if (rule.source !== (event.source ?? 'syscall')) continue;
          const tree = explainTree(rule, event);
          assert.equal(tree.holds, matched.has(rule.name), `${rule.name} on '${named.name}'`);
          assert.equal(verdict(tree), tree.holds);
          if (!tree.holds) continue;
          const stored = flattenTree(explainTree(rule, event, {}, { maxNodes: 200 }));
          assert.ok(stored.length <= 200 && JSON.stringify(stored).length < MAX_STORED_BYTES, rule.name);
          assert.equal(treeOfNodes(stored)?.holds, true);
        }
      }
    });
  }

  test('each is described with event types, cost and what it is looked up by', () => {
    for (const rule of LOADED.rules) {
      const described = describeRule(LOADED, rule);
      assert.ok(described.eventTypes.length > 0 && described.cost > 0, rule.name);
      assert.equal(described.cutNodes, 0, rule.name);
      assert.ok(described.prefilter.length > 0, rule.name);
    }
  });
});
