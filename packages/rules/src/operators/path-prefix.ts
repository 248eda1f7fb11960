// pmatch: a tree of path components; a path matches when one of the listed paths is a prefix of it.
import { globMatcher, type TextTest } from './glob.ts';
import type { OperatorDefinition } from './operator.ts';

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
  if (/[*?[]/.test(part)) {
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

/** Without globs: hash lookups of the path's prefixes. */
function plainMatcher(paths: readonly string[]): TextTest {
  const prefixes = new Set(paths.map((path) => `/${componentsOf(path).join('/')}`));
  if (prefixes.has('/')) return () => true;
  return (value) => {
    const path = value.startsWith('/') && !value.includes('//') ? value : `/${componentsOf(value).join('/')}`;
    for (let at = path.indexOf('/', 1); at >= 0; at = path.indexOf('/', at + 1)) {
      if (prefixes.has(path.slice(0, at))) return true;
    }
    return prefixes.has(path);
  };
}

export function pathPrefixMatcher(paths: readonly string[]): TextTest {
  if (!paths.some((path) => /[*?[]/.test(path))) return plainMatcher(paths);
  const root = newNode();
  for (const path of paths) addPath(root, path);
  return (value) => matchesPath(root, value);
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
