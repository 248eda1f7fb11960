// A template as a tree of text, outputs and blocks.
import { type Assignment, parsePipeline } from './parse-expression.ts';
import { type Branch, type ParsedTemplate, type TemplateNode, TemplateProblem } from './syntax.ts';
import { type Piece, piecesOf } from './tokens.ts';

const MAX_DEPTH = 60;

interface Reader {
  readonly pieces: readonly Piece[];
  readonly defined: Map<string, readonly TemplateNode[]>;
  at: number;
}

interface Body {
  readonly nodes: readonly TemplateNode[];
  /** The action that ended it: `end`, `else`, `else if …`; empty at the end of the file. */
  readonly ending: string;
  readonly line: number;
}

function body(reader: Reader, depth: number): Body {
  const nodes: TemplateNode[] = [];
  while (reader.at < reader.pieces.length) {
    const piece = reader.pieces[reader.at++];
    if (piece === undefined) break;
    const { kind, text, line } = piece;
    if (depth > MAX_DEPTH) throw new TemplateProblem('blocks are nested too deep', line);
    if (kind === 'text') nodes.push({ kind: 'text', text, line });
    else if (text === 'end' || /^else\b/.test(text)) return { nodes, ending: text, line };
    else nodes.push(...action(reader, piece, depth));
  }
  return { nodes, ending: '', line: reader.pieces.at(-1)?.line ?? 1 };
}

function closed(part: Body): readonly TemplateNode[] {
  if (part.ending !== 'end') throw new TemplateProblem('a block has no end', part.line);
  return part.nodes;
}

const NAMED = /^(?:define|block|template)\s+"([^"]{1,200})"\s*([^]*)$/;

function action(reader: Reader, { text, line }: Piece, depth: number): readonly TemplateNode[] {
  if (text === '' || text.startsWith('/*')) return [];
  const [word = ''] = /^[a-z]+\b/.exec(text) ?? [];
  const rest = text.slice(word.length);
  switch (word) {
    case 'if':
      return [{ kind: 'if', branches: branches(reader, 'if', rest, line, depth) }];
    case 'with': {
      const { names } = parsePipeline(rest, line);
      return [{ kind: 'with', name: names[0] ?? '', branches: branches(reader, 'with', rest, line, depth) }];
    }
    case 'range':
      return [range(reader, parsePipeline(rest, line), depth)];
    case 'define':
    case 'block':
    case 'template':
      return named(reader, word, NAMED.exec(text), line, depth);
    case 'break':
    case 'continue':
      throw new TemplateProblem(`'${word}' is not rendered`, line);
    default: {
      const { names, isNew, value } = parsePipeline(text, line);
      const [name] = names;
      return [name === undefined ? { kind: 'output', value, line } : { kind: 'assign', name, isNew, value }];
    }
  }
}

function branches(
  reader: Reader,
  word: 'if' | 'with',
  condition: string,
  line: number,
  depth: number,
): readonly Branch[] {
  const found: Branch[] = [];
  let open: Branch['condition'] = parsePipeline(condition, line).value;
  for (;;) {
    const part = body(reader, depth + 1);
    found.push({ condition: open, body: part.nodes });
    if (part.ending === 'end') return found;
    const next = new RegExp(`^else(?:\\s+${word}\\b([^]*))?$`).exec(part.ending);
    if (next === null) throw new TemplateProblem('a block has no end', part.line);
    open = next[1] === undefined ? undefined : parsePipeline(next[1], part.line).value;
  }
}

function range(reader: Reader, { names, value }: Assignment, depth: number): TemplateNode {
  const first = body(reader, depth + 1);
  const otherwise = first.ending === 'else' ? closed(body(reader, depth + 1)) : [];
  if (first.ending !== 'else') closed(first);
  const [one = '', two] = names;
  return {
    kind: 'range',
    names: two === undefined ? ['', one] : [one, two],
    over: value,
    body: first.nodes,
    otherwise,
  };
}

function named(
  reader: Reader,
  word: string,
  match: RegExpExecArray | null,
  line: number,
  depth: number,
): readonly TemplateNode[] {
  const [, name = '', rest = ''] = match ?? [];
  if (match === null) throw new TemplateProblem(`a ${word} without a name`, line);
  if (word !== 'template') reader.defined.set(name, closed(body(reader, depth + 1)));
  if (word === 'define') return [];
  const value = rest.trim() === '' ? undefined : parsePipeline(rest, line).value;
  return [{ kind: 'template', name, value, line }];
}

/** @throws TemplateProblem for what we do not read. */
export function parseTemplate(source: string): ParsedTemplate {
  const reader: Reader = { pieces: piecesOf(source), defined: new Map(), at: 0 };
  const whole = body(reader, 0);
  if (whole.ending !== '') throw new TemplateProblem(`an '${whole.ending}' without its block`, whole.line);
  return { nodes: whole.nodes, defined: reader.defined };
}
