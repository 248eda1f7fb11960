// Explained conditions as the flat lists that alerts carry: bounded, parents first, and back.
import type { EvaluatedNode } from '@guardcell/core';
import { type ExplainedNode, shorten } from './explain-tree.ts';

/** An alert's tree has at most this many nodes. */
export const ALERT_NODES = 200;
/** Longest text of a value in an alert's tree. */
export const ALERT_TEXT = 256;
/** Texts of one tree together, in UTF-16 units; once used up, texts get short. */
const ALERT_TEXT_TOTAL = 24_000;
const SHORT_TEXT = 24;

/** Environments are full of secrets: of them an alert keeps only what made the rule match. */
const ENVIRONMENT = /\b(?:proc\.a?env|evt\.(?:raw)?arg(?:\.env|\[env\]))/;
const WITHHELD = '(environment, not kept)';

/** The nodes in order, parents first; texts are cut so that the whole stays within a few dozen kilobytes. */
export function flattenTree(root: ExplainedNode): readonly EvaluatedNode[] {
  const nodes: EvaluatedNode[] = [];
  let left = ALERT_TEXT_TOTAL;
  const fit = (text: string): string => {
    const kept = shorten(text, left > 0 ? ALERT_TEXT : SHORT_TEXT);
    left -= kept.length;
    return kept;
  };
  const visit = (node: ExplainedNode, depth: number): void => {
    const { kind, holds, macro, field, operator, expected, cut } = node;
    const withheld = node.actual !== undefined && ENVIRONMENT.test(field) && !(holds && node.decisive);
    const actual = withheld ? WITHHELD : node.actual;
    nodes.push({
      depth,
      kind,
      holds,
      ...(kind === 'macro' && { macro: fit(macro) }),
      ...(kind === 'check' && { field: fit(field), operator, expected: fit(expected) }),
      ...(actual !== undefined && { actual: fit(actual) }),
      ...(cut > 0 && { cut }),
    });
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return nodes;
}

/** The tree of a list; undefined when the list is not one tree in order (it may come from anywhere). */
export function treeOfNodes(nodes: readonly EvaluatedNode[]): ExplainedNode | undefined {
  const [first] = nodes;
  if (first === undefined || first.depth !== 0) return undefined;
  interface Open {
    readonly node: EvaluatedNode;
    readonly children: Open[];
  }
  const root: Open = { node: first, children: [] };
  const path: Open[] = [root];
  for (const node of nodes.slice(1)) {
    const parent = path[node.depth - 1];
    if (node.depth < 1 || node.depth > path.length || parent === undefined) return undefined;
    const open: Open = { node, children: [] };
    parent.children.push(open);
    path.length = node.depth;
    path.push(open);
  }
  const close = ({ node, children }: Open, decisive: boolean): ExplainedNode => ({
    kind: node.kind,
    holds: node.holds,
    decisive,
    macro: node.macro ?? '',
    field: node.field ?? '',
    operator: node.operator ?? '',
    expected: node.expected ?? '',
    actual: node.actual,
    cut: node.cut ?? 0,
    children: children.map((child) =>
      close(
        child,
        decisive && (node.kind === 'not' || node.kind === 'macro' || child.node.holds === node.holds),
      ),
    ),
  });
  return close(root, true);
}
