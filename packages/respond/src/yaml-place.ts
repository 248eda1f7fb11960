// Finds where in a YAML text a path of the document is.
import { type Document, isMap, isPair, isScalar, type LineCounter, type Node } from 'yaml';
import type { Finding, Path } from './problem.ts';

export interface YamlSource {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

function keyNode(source: YamlSource, path: Path): Node | undefined {
  const owner = path.length === 1 ? source.document.contents : source.document.getIn(path.slice(0, -1), true);
  if (!isMap(owner)) return undefined;
  const pair = owner.items.find(
    (item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1),
  );
  return isScalar(pair?.key) ? pair.key : undefined;
}

/** The node at a path, or at the longest part of it that exists. */
function nearestNode(source: YamlSource, path: Path): Node | undefined {
  for (let length = path.length; length > 0; length--) {
    const found: unknown = source.document.getIn(path.slice(0, length), true);
    if (typeof found === 'object' && found !== null && 'range' in found) return found as Node;
  }
  return source.document.contents ?? undefined;
}

function positionAt(source: YamlSource, offset: number): Position {
  const { line, col } = source.lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where inside a text value: exact for plain, quoted and block texts without escapes. */
function insideText(source: YamlSource, found: Node, inside: Position, start: number): Position {
  const at = positionAt(source, start);
  const style = isScalar(found) ? found.type : undefined;
  if (style === 'BLOCK_LITERAL' || style === 'BLOCK_FOLDED') {
    const lines = source.text.split('\n').slice(at.line);
    const first = lines.find((text) => text.trim() !== '') ?? '';
    const indent = first.length - first.trimStart().length;
    return { line: at.line + inside.line, column: indent + inside.column };
  }
  if (inside.line > 1) return { line: at.line + inside.line - 1, column: inside.column };
  const quote = style === 'PLAIN' ? 0 : 1;
  return { line: at.line, column: at.column + quote + inside.column - 1 };
}

/** Line and column (1-based) of a finding. */
export function placeOf(source: YamlSource, finding: Finding): Position {
  const key = finding.onKey ? keyNode(source, finding.path) : undefined;
  const found = key ?? nearestNode(source, finding.path);
  const start = found?.range?.[0] ?? source.document.range[0];
  if (finding.inside !== undefined && found !== undefined) {
    return insideText(source, found, finding.inside, start);
  }
  return positionAt(source, start);
}
