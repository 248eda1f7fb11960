// Cuts a template into text and actions, and an action into words.
import { TemplateProblem } from './syntax.ts';

export interface Piece {
  readonly kind: 'text' | 'action';
  readonly text: string;
  readonly line: number;
}

const MAX_PIECES = 50_000;

/** Text and actions in turn; `{{-` and `-}}` have taken the blanks beside them away already. */
export function piecesOf(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let at = 0;
  let trimsNext = false;
  while (at < source.length) {
    if (pieces.length > MAX_PIECES) throw new TemplateProblem('the template has too many parts', line);
    const open = source.indexOf('{{', at);
    const end = open === -1 ? source.length : open;
    const raw = source.slice(at, end);
    const trimsHere = open !== -1 && /^\{\{-\s/.test(source.slice(open, open + 4));
    const left = trimsNext ? raw.trimStart() : raw;
    const text = trimsHere ? left.trimEnd() : left;
    const skipped = raw.length - (trimsNext ? raw.trimStart().length : raw.length);
    if (text !== '') pieces.push({ kind: 'text', text, line: line + count(raw.slice(0, skipped)) });
    line += count(raw);
    if (open === -1) break;
    const { close, inner } = actionAt(source, open, line);
    trimsNext = /\s-$/.test(inner) || inner === '-';
    const words = inner.replace(/^-(?=\s)/, '').replace(/\s-$/, '');
    pieces.push({ kind: 'action', text: words.trim(), line });
    line += count(source.slice(open, close));
    at = close;
  }
  return pieces;
}

function count(text: string): number {
  return text.split('\n').length - 1;
}

/** The action that begins at `open`; texts and comments in it may hold braces. */
function actionAt(
  source: string,
  open: number,
  line: number,
): { readonly close: number; readonly inner: string } {
  const comment = /^\{\{-?\s*\/\*/.exec(source.slice(open, open + 20));
  if (comment !== null) {
    const end = source.indexOf('*/', open);
    const close = end === -1 ? -1 : source.indexOf('}}', end);
    if (close === -1) throw new TemplateProblem('a comment has no end', line);
    const mark = source[close - 1] === '-' ? ' -' : '';
    return { close: close + 2, inner: `/**/${mark}` };
  }
  for (let at = open + 2; at < source.length; at++) {
    const letter = source[at];
    if (letter === '"' || letter === '`') at = endOfText(source, at, line);
    else if (letter === '}' && source[at + 1] === '}')
      return { close: at + 2, inner: source.slice(open + 2, at) };
  }
  throw new TemplateProblem('an action has no end', line);
}

function endOfText(source: string, from: number, line: number): number {
  const quote = source[from];
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\' && quote === '"') at++;
    else if (source[at] === quote) return at;
  }
  throw new TemplateProblem('a text has no end', line);
}

const WORD =
  /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'|-?\d+(?:\.\d+)?|:=|[()|,=]|\$?[A-Za-z_]\w*|\$|\.[A-Za-z_]\w*|\./y;

/** Words of an action; blanks stay as one, since `.a .b` and `.a.b` differ. */
export function wordsOf(action: string, line: number): readonly string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < action.length) {
    const word = WORD.exec(action)?.[0];
    if (word === undefined) throw new TemplateProblem('an action that we do not read', line);
    words.push(word.trim() === '' ? ' ' : word);
  }
  return words;
}
