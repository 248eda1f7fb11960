// Conditions as indented lines: what was evaluated with verdicts and values, or the bare condition.
import type { ConditionNode, ExplainedNode } from '@guardcell/rules';
import type { Span } from '../../style.ts';
import { oneLine } from '../../terminal.ts';

const VALUE_WIDTH = 160;
const TITLE = { and: 'all of', or: 'any of', not: 'not' } as const;

export interface TreeOptions {
  /** Macros within so many macros are closed; Infinity opens all. */
  readonly depth: number;
}

type Line = readonly Span[];

/** One line a node; what does not decide is dim on a terminal, what decides carries its colour. */
export function explainedLines(root: ExplainedNode, options: TreeOptions): readonly Line[] {
  const lines: Line[] = [];
  const visit = (node: ExplainedNode, indent: number, macros: number): void => {
    const mark = node.holds ? '✔' : '✖';
    const style = !node.decisive ? 'dim' : node.holds ? 'good' : 'bad';
    const closed = node.kind === 'macro' && macros >= options.depth && node.children.length > 0;
    const title = node.kind === 'check' ? checkTitle(node) : titleOf(node);
    const line: Span[] = ['  '.repeat(indent), [style, `${mark} ${title}`]];
    if (node.kind === 'check') line.push([node.decisive ? 'strong' : 'dim', `   ${actualText(node)}`]);
    if (closed) line.push(['dim', `  (${leavesOf(node)} checks; --depth opens more)`]);
    lines.push(line);
    if (closed) return;
    for (const child of node.children) visit(child, indent + 1, macros + (node.kind === 'macro' ? 1 : 0));
    if (node.cut > 0) lines.push(['  '.repeat(indent + 1), ['dim', `… ${node.cut} more were not kept`]]);
  };
  visit(root, 0, 0);
  return lines;
}

function titleOf(node: { readonly kind: ExplainedNode['kind']; readonly macro: string }): string {
  if (node.kind === 'macro') return `${oneLine(node.macro)} (macro)`;
  return node.kind === 'check' ? '' : TITLE[node.kind];
}

function checkTitle(node: { field: string; operator: string; expected: string }): string {
  return fit([node.field, node.operator, visible(node.expected)].filter((text) => text !== '').join(' '));
}

/** Blanks at the ends count, so they are shown. */
function visible(text: string): string {
  return /^\s|\s$/.test(text) ? JSON.stringify(text) : text;
}

function actualText(node: ExplainedNode): string {
  if (node.actual === undefined) return 'has no value';
  return node.actual === '' ? 'is empty' : `is ${fit(visible(node.actual))}`;
}

function fit(text: string): string {
  const line = oneLine(text);
  return line.length > VALUE_WIDTH ? `${line.slice(0, VALUE_WIDTH - 1)}…` : line;
}

function leavesOf(node: { readonly kind: string; readonly children: readonly ExplainedNode[] }): number {
  return node.kind === 'check' ? 1 : node.children.reduce((sum, child) => sum + leavesOf(child), 0);
}

/** The condition of a rule without an event. */
export function conditionLines(root: ConditionNode, options: TreeOptions): readonly Line[] {
  const lines: Line[] = [];
  const visit = (node: ConditionNode, indent: number, macros: number): void => {
    const pad = '  '.repeat(indent);
    if (node.kind === 'check') {
      lines.push([pad, checkTitle(node)]);
      return;
    }
    const closed = node.kind === 'macro' && macros >= options.depth;
    lines.push([pad, [node.kind === 'macro' ? 'strong' : 'plain', titleOf(node)]]);
    if (closed) return;
    for (const child of node.children) visit(child, indent + 1, macros + (node.kind === 'macro' ? 1 : 0));
  };
  visit(root, 0, 0);
  return lines;
}

/** The checks that the verdict rests on, deepest first reason: what to look at. */
export function decidingChecks(root: ExplainedNode): readonly ExplainedNode[] {
  if (!root.decisive) return [];
  return root.kind === 'check' ? [root] : root.children.flatMap(decidingChecks);
}

/** `proc.name in (sh, bash)   is nginx`. */
export function checkLine(node: ExplainedNode): string {
  return `${checkTitle(node)}   ${actualText(node)}`;
}
