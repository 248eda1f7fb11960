// Rule files as plain trees with positions: every scalar is text, aliases are expanded, size and depth are bounded.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** From 0, in UTF-16 units. */
  readonly offset: number;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly text: string;
  readonly at: Position;
  /** Offset where the scalar's own text ends in the file. */
  readonly end: number;
  /** Written without quotes and not as a block: `5` may be a number, `"5"` may not. */
  readonly plain: boolean;
}
export interface YamlSequence {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly at: Position;
}
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: YamlNode;
}
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly at: Position;
}
export type YamlNode = YamlScalar | YamlSequence | YamlMap;

export interface YamlFailure {
  readonly message: string;
  readonly at: Position;
}

export interface YamlDocuments {
  readonly documents: readonly YamlNode[];
  /** The documents before the failure are still there. */
  readonly failure: YamlFailure | undefined;
}

const MAX_FILE_LENGTH = 8 * 1024 * 1024;
/** Counted after expansion of aliases. */
const MAX_NODES = 500_000;
const MAX_NESTING = 64;
/** Open brackets in a row; deeper text cannot be a rule file and would only exhaust the parser. */
const FLOW_NESTING = /[[{](?:\s*[[{]){99}/;

class TreeFailure extends Error {
  override readonly name: string = 'TreeFailure';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Walk {
  readonly lines: LineCounter;
  readonly anchors: Map<string, Node>;
  nodes: number;
}

/** Reads all documents of a file, up to the first that is broken. Never throws. */
export function readYaml(content: string): YamlDocuments {
  const lines = new LineCounter();
  const start: Position = { line: 1, column: 1, offset: 0 };
  const documents: YamlNode[] = [];
  if (content.length > MAX_FILE_LENGTH) {
    return {
      documents,
      failure: { message: `file is longer than ${MAX_FILE_LENGTH} characters`, at: start },
    };
  }
  const deep = FLOW_NESTING.exec(content);
  if (deep !== null) return { documents, failure: { message: 'nested too deeply', at: start } };
  const walk: Walk = { lines, anchors: new Map(), nodes: 0 };
  try {
    const parsed = parseAllDocuments(content, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
      logLevel: 'silent',
    });
    for (const document of 'empty' in parsed ? [] : parsed) {
      const error = document.errors[0];
      if (error !== undefined) throw new TreeFailure(error.message, error.pos[0]);
      walk.anchors.clear();
      if (document.contents !== null) documents.push(convert(document.contents as Node, walk, 0));
    }
    return { documents, failure: undefined };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const at = thrown instanceof TreeFailure ? positionAt(lines, thrown.offset) : start;
    return { documents, failure: { message, at } };
  }
}

function positionAt(lines: LineCounter, offset: number): Position {
  const found = lines.linePos(offset);
  return { line: Math.max(1, found.line), column: Math.max(1, found.col), offset };
}

function convert(node: Node, walk: Walk, depth: number): YamlNode {
  const offset = node.range?.[0] ?? 0;
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES)
    throw new TreeFailure('too many nodes (aliases counted as often as used)', offset);
  if (depth > MAX_NESTING) throw new TreeFailure('nested too deeply', offset);
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target === undefined) throw new TreeFailure(`unknown alias '${node.source}'`, offset);
    return convert(target, walk, depth + 1);
  }
  if ('anchor' in node && typeof node.anchor === 'string') walk.anchors.set(node.anchor, node);
  const at = positionAt(walk.lines, offset);
  if (isScalar(node)) {
    return {
      kind: 'scalar',
      text: node.value === null ? '' : String(node.value),
      at,
      end: node.range?.[1] ?? offset,
      plain: node.type === 'PLAIN',
    };
  }
  if (isSeq(node)) {
    return { kind: 'sequence', at, items: node.items.map((item) => convert(item as Node, walk, depth + 1)) };
  }
  if (isMap(node)) {
    const entries = node.items.map((pair): YamlEntry => {
      const key = convert(pair.key as Node, walk, depth + 1);
      if (key.kind !== 'scalar') throw new TreeFailure('a key must be plain text', offset);
      const value: YamlNode =
        pair.value === null || pair.value === undefined
          ? { kind: 'scalar', text: '', at: key.at, end: key.end, plain: true }
          : convert(pair.value as Node, walk, depth + 1);
      return { key: key.text, keyAt: key.at, value };
    });
    return { kind: 'map', at, entries };
  }
  throw new TreeFailure('unexpected YAML node', offset);
}

/** The value of the first entry of this name. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}
