// YAML as a tree with lines. Aliases are followed within bounds; what is broken becomes a problem.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

export interface Tree {
  readonly startLine: number;
  readonly endLine: number;
  /** Text of a scalar as the checks compare it; undefined for maps, lists and null. */
  readonly text: string | undefined;
  readonly map: ReadonlyMap<string, Tree>;
  readonly items: readonly Tree[];
}

export interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

const MAX_NODES = 200_000;
const MAX_DEPTH = 100;
const NO_MAP: ReadonlyMap<string, Tree> = new Map();
const NO_ITEMS: readonly Tree[] = [];

interface Walk {
  readonly lines: LineCounter;
  /** Anchors seen so far: an alias means the nearest one before it. */
  readonly anchors: Map<string, Node>;
  nodes: number;
}

function convert(node: unknown, walk: Walk, depth: number, fallback: number): Tree {
  walk.nodes++;
  const range = (node as Node | null)?.range ?? undefined;
  const startLine = range === undefined ? fallback : walk.lines.linePos(range[0]).line;
  const endLine = range === undefined ? fallback : walk.lines.linePos(Math.max(range[0], range[1] - 1)).line;
  const base = {
    startLine,
    endLine: Math.max(startLine, endLine),
    text: undefined,
    map: NO_MAP,
    items: NO_ITEMS,
  };
  if (walk.nodes > MAX_NODES || depth > MAX_DEPTH) return base;
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    return target === undefined
      ? base
      : { ...convert(target, walk, depth + 1, startLine), startLine, endLine: base.endLine };
  }
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
    walk.anchors.set(node.anchor, node);
  }
  if (isScalar(node)) {
    const { value } = node;
    return value === null || value === undefined ? base : { ...base, text: String(value) };
  }
  if (isSeq(node))
    return { ...base, items: node.items.map((item) => convert(item, walk, depth + 1, startLine)) };
  if (!isMap(node)) return base;
  const map = new Map<string, Tree>();
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const keyRange = isScalar(pair.key) ? pair.key.range : undefined;
    const keyLine = keyRange ? walk.lines.linePos(keyRange[0]).line : startLine;
    const value = convert(pair.value, walk, depth + 1, keyLine);
    // The line of the key is where people look.
    const placed = { ...value, startLine: keyLine, endLine: Math.max(keyLine, value.endLine) };
    if (key === '<<') for (const [inner, tree] of value.map) map.set(inner, map.get(inner) ?? tree);
    else map.set(key, placed);
  }
  return { ...base, map };
}

/** Parses all documents of a file. Never throws; broken documents are left out and named in `problems`. */
export function parseYaml(text: string): {
  readonly documents: readonly Tree[];
  readonly problems: readonly YamlProblem[];
} {
  const lines = new LineCounter();
  const problems: YamlProblem[] = [];
  const documents: Tree[] = [];
  // Tags of applications (!reference, !Ref) are no faults here.
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    logLevel: 'silent',
    merge: false,
    uniqueKeys: false,
    version: '1.2',
  });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [fault] = document.errors;
    if (fault !== undefined) {
      const line = lines.linePos(fault.pos[0]).line;
      problems.push({ line, message: fault.message.split('\n')[0] ?? 'not YAML' });
      continue;
    }
    if (document.contents === null) continue;
    const walk: Walk = { lines, nodes: 0, anchors: new Map() };
    documents.push(convert(document.contents, walk, 0, 1));
    if (walk.nodes > MAX_NODES)
      problems.push({ line: 1, message: `more than ${MAX_NODES} values; the rest was not looked at` });
  }
  return { documents, problems };
}

/** The tree below a path of keys. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let found = tree;
  for (const key of path) found = found?.map.get(key);
  return found;
}

/** Text below a path of keys; undefined where there is none. */
export function textAt(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
  return at(tree, ...path)?.text;
}

/** Items of the list below a path of keys. */
export function itemsAt(tree: Tree | undefined, ...path: readonly string[]): readonly Tree[] {
  return at(tree, ...path)?.items ?? NO_ITEMS;
}

/** A list of texts, or the one text that stands in its place. */
export function textsAt(tree: Tree | undefined, ...path: readonly string[]): readonly string[] {
  const found = at(tree, ...path);
  if (found?.text !== undefined) return [found.text];
  return (found?.items ?? NO_ITEMS).flatMap((item) => item.text ?? []);
}

/** Every scalar of a tree with its key, depth first. */
export function* scalars(
  tree: Tree,
  key = '',
): Generator<{ readonly key: string; readonly tree: Tree; readonly text: string }> {
  if (tree.text !== undefined) yield { key, tree, text: tree.text };
  for (const item of tree.items) yield* scalars(item, key);
  for (const [name, child] of tree.map) yield* scalars(child, name);
}
