// Text of a condition together with where each part of it stands in the files.
import type { ItemPart } from './problem-context.ts';
import type { Position, YamlScalar } from './yaml-tree.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In UTF-16 units of the file; left out where it is not known. */
  readonly offset?: number;
  /** The item that it lies in, the part of the item, and the expanded condition; where they are known. */
  readonly item?: ItemPart | undefined;
  readonly part?: ItemPart | undefined;
  readonly expression?: { readonly text: string; readonly offset: number } | undefined;
}

interface Piece {
  /** Offset in the joined text. */
  readonly start: number;
  readonly text: string;
  readonly file: string;
  readonly at: Position;
  /** The scalar as it stands in the file, quotes and line breaks included. */
  readonly raw: string;
  readonly item: ItemPart | undefined;
  readonly part: ItemPart;
}

export interface SourceText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** The text of one scalar; `partType` says what it is in its item, `rule condition`. */
export function sourceText(
  file: string,
  content: string,
  scalar: YamlScalar,
  item: ItemPart | undefined,
  partType: string,
): SourceText {
  const text = scalar.text;
  const raw = content.slice(scalar.at.offset, scalar.end);
  const part: ItemPart = { type: partType, name: '', at: scalar.at };
  return { text, pieces: [{ start: 0, text, file, at: scalar.at, raw, item, part }] };
}

/** As `append` does: the second after a blank. */
export function joinSource(first: SourceText, second: SourceText): SourceText {
  const shift = first.text.length + 1;
  return {
    text: `${first.text} ${second.text}`,
    pieces: [...first.pieces, ...second.pieces.map((piece) => ({ ...piece, start: piece.start + shift }))],
  };
}

/** How far a piece has been read: places are asked for mostly in order, and each is counted from the one before. */
interface Progress {
  /** Offset in the text, and how many of its characters up to there are not blank. */
  inside: number;
  visible: number;
  /** Offset in the raw text, its line, where that begins, and how many characters before are not blank. */
  at: number;
  line: number;
  lineStart: number;
  seen: number;
}

const progressOf = new WeakMap<Piece, Progress>();

function progressTo(piece: Piece, inside: number): Progress {
  const known = progressOf.get(piece);
  if (known !== undefined && known.inside <= inside) return known;
  const fresh = {
    inside: 0,
    visible: 0,
    at: 0,
    line: piece.at.line,
    lineStart: -(piece.at.column - 1),
    seen: 0,
  };
  progressOf.set(piece, fresh);
  return fresh;
}

const BLANK = /\s/;
const HEADER = /^(?:[|>][^\n]*\n|["'])/;

/**
 * The place of an offset. Folding and indentation change only blanks, so the place is found by counting the
 * characters that are not blank; exact for plain and block scalars, near for quoted ones with escapes.
 */
export function placeAt(source: SourceText, offset: number): Place {
  const piece = source.pieces.findLast((candidate) => candidate.start <= offset) ?? source.pieces[0];
  if (piece === undefined) return { file: '', line: 1, column: 1, offset: 0 };
  const inside = Math.min(offset - piece.start, piece.text.length);
  const progress = progressTo(piece, inside);
  for (; progress.inside < inside; progress.inside += 1)
    if (!BLANK.test(piece.text[progress.inside] ?? '')) progress.visible += 1;
  const header = HEADER.exec(piece.raw)?.[0].length ?? 0;
  for (; progress.at < piece.raw.length; progress.at += 1) {
    const character = piece.raw[progress.at] ?? '';
    if (character === '\n') {
      progress.line += 1;
      progress.lineStart = progress.at + 1;
    } else if (progress.at >= header && !BLANK.test(character)) {
      if (progress.seen === progress.visible) break;
      progress.seen += 1;
    }
  }
  return {
    file: piece.file,
    line: progress.line,
    column: progress.at - progress.lineStart + 1,
    offset: piece.at.offset + progress.at,
    item: piece.item,
    part: piece.part,
  };
}
