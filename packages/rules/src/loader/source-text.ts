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

/**
 * The place of an offset. Folding and indentation change only blanks, so the place is found by counting the
 * characters that are not blank; exact for plain and block scalars, near for quoted ones with escapes.
 */
export function placeAt(source: SourceText, offset: number): Place {
  const piece = source.pieces.findLast((candidate) => candidate.start <= offset) ?? source.pieces[0];
  if (piece === undefined) return { file: '', line: 1, column: 1, offset: 0 };
  const inside = Math.min(offset - piece.start, piece.text.length);
  const visible = piece.text.slice(0, inside).replace(/\s/g, '').length;
  const header = /^(?:[|>][^\n]*\n|["'])/.exec(piece.raw)?.[0].length ?? 0;
  let line = piece.at.line;
  let lineStart = -(piece.at.column - 1);
  let seen = 0;
  let at = 0;
  for (; at < piece.raw.length; at += 1) {
    const character = piece.raw[at] ?? '';
    if (character === '\n') {
      line += 1;
      lineStart = at + 1;
    } else if (at >= header && !/\s/.test(character)) {
      if (seen === visible) break;
      seen += 1;
    }
  }
  return {
    file: piece.file,
    line,
    column: at - lineStart + 1,
    offset: piece.at.offset + at,
    item: piece.item,
    part: piece.part,
  };
}
