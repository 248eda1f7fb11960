// pmatch: a tree of path components; a path matches when one of the listed paths is a prefix of it.
import { globMatcher, type TextTest } from './glob.ts';
import type { OperatorDefinition } from './operator.ts';
import { addBits, collectPrefixes, createPrefixTree, nodeFor } from './prefix-tree.ts';

interface Node {
  ends: boolean;
  readonly children: Map<string, Node>;
  readonly globs: { readonly pattern: string; readonly matches: TextTest; readonly node: Node }[];
}

function newNode(): Node {
  return { ends: false, children: new Map(), globs: [] };
}

function componentsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

function addPath(root: Node, path: string): void {
  let node = root;
  for (const part of componentsOf(path)) node = childFor(node, part);
  node.ends = true;
}

function childFor(node: Node, part: string): Node {
  if (isPattern(part)) {
    const known = node.globs.find((glob) => glob.pattern === part);
    if (known !== undefined) return known.node;
    const added = newNode();
    node.globs.push({ pattern: part, matches: globMatcher(part, false), node: added });
    return added;
  }
  const child = node.children.get(part) ?? newNode();
  node.children.set(part, child);
  return child;
}

/** Steps through all branches at once, so that globs cannot make the search branch out. */
function matchesPath(root: Node, path: string): boolean {
  let nodes: ReadonlySet<Node> = new Set([root]);
  if (root.ends) return true;
  for (const part of componentsOf(path)) {
    const next = new Set<Node>();
    for (const node of nodes) {
      const child = node.children.get(part);
      if (child !== undefined) next.add(child);
      for (const glob of node.globs) if (glob.matches(part)) next.add(glob.node);
    }
    if (next.size === 0) return false;
    for (const node of next) if (node.ends) return true;
    nodes = next;
  }
  return false;
}

const CERTAIN = 1;
const POSSIBLE = 2;
/** Reused: matching is synchronous and does not nest. */
const found = new Int32Array(1);

/** The path with one slash before each component, as prefixes are compared. */
export function plainPath(path: string): string {
  return path.startsWith('/') && !path.includes('//') ? path : `/${componentsOf(path).join('/')}`;
}

/** The components before the first shell pattern, as a path; `/` when there are none. */
export function literalPart(path: string): string {
  const components = componentsOf(path);
  const end = components.findIndex(isPattern);
  return `/${(end < 0 ? components : components.slice(0, end)).join('/')}`;
}

function isPattern(component: string): boolean {
  return /[*?[]/.test(component);
}

/** Components without patterns are looked for in one walk; patterns are tried only where what precedes them fits. */
export function pathPrefixMatcher(paths: readonly string[]): TextTest {
  const literals = createPrefixTree();
  const patterns = newNode();
  for (const path of paths) {
    const pattern = isPattern(path);
    if (pattern) addPath(patterns, path);
    const start = literalPart(path);
    if (start === '/' && !pattern) return () => true;
    const node = nodeFor(literals, start === '/' ? '' : start);
    node.path ??= new Int32Array(1);
    addBits(node.path, Int32Array.of(pattern ? POSSIBLE : CERTAIN));
  }
  return (value) => {
    found[0] = 0;
    collectPrefixes(literals, plainPath(value), found);
    const bits = found[0];
    if ((bits & CERTAIN) !== 0) return true;
    return bits !== 0 && matchesPath(patterns, value);
  };
}

export const PATH_PREFIX_OPERATOR: OperatorDefinition = {
  name: 'pmatch',
  doc: 'Lies at or below one of the paths; components may be shell patterns.',
  right: 'list',
  types: ['string'],
  compile: (_, literals) => {
    const matches = pathPrefixMatcher(literals);
    return { test: (value) => typeof value === 'string' && matches(value) };
  },
};
