// Lays rows out in columns that fit the terminal: wide columns give way first, the last one takes what is left.
import { displayWidth, fit, oneLine, truncate, truncateStart } from './display-width.ts';

export type ReportStyle = 'plain' | 'good' | 'bad' | 'warn' | 'dim' | 'strong';
/** Text with a meaning; who prints it decides on colours. */
export type ReportSpan = string | readonly [style: ReportStyle, text: string];
export type SpanLine = readonly ReportSpan[];

export interface Cell {
  readonly text: string;
  readonly style?: ReportStyle;
  /** The column is never cut. */
  readonly whole?: boolean;
  /** A path: what is cut is cut from its beginning. */
  readonly keepsEnd?: boolean;
}

const GAP = '  ';
const MIN_COLUMN = 6;
const READABLE_COLUMN = 18;
const MIN_LAST = 20;

/**
 * Widths that fit into `width` columns of the terminal. Long columns shrink to a readable width first, then the last one
 * is given up, then all shrink that may. Columns in `whole` never do: an id that is cut cannot be looked up.
 */
function fitted(wanted: readonly number[], whole: ReadonlySet<number>, width: number): readonly number[] {
  const widths = wanted.slice(0, -1);
  const lastWanted = wanted.at(-1) ?? 0;
  const gaps = GAP.length * widths.length;
  const room = (): number => width - gaps - widths.reduce((sum, each) => sum + each, 0);

  function shrink(needed: number, floor: number): void {
    while (room() < needed) {
      const widest = Math.max(0, ...widths.filter((_, column) => !whole.has(column)));
      const column = widths.findIndex((each, index) => each === widest && !whole.has(index));
      if (widest <= floor || column === -1) return;
      // In one step, so that a path of thousands of characters costs no more than a short one.
      widths[column] = Math.max(floor, widest - Math.max(1, Math.floor((needed - room()) / 4)));
    }
  }

  const last = Math.min(lastWanted, MIN_LAST);
  shrink(last, READABLE_COLUMN);
  if (room() >= last) return [...widths, Math.min(lastWanted, room())];
  shrink(-GAP.length, MIN_COLUMN);
  return [...widths, 0];
}

function cellSpan(cell: Cell, text: string): ReportSpan {
  return cell.style === undefined ? text : [cell.style, text];
}

/** One line for each row, columns aligned; `indent` is part of the width. */
export function columnLines(
  rows: readonly (readonly Cell[])[],
  width: number,
  indent = '  ',
): readonly SpanLine[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const wanted = Array.from({ length: count }, (_, column) =>
    clean.reduce((widest, row) => Math.max(widest, displayWidth(row[column]?.text ?? '')), 0),
  );
  const whole = new Set(
    clean.flatMap((row) => row.flatMap((cell, column) => (cell.whole === true ? [column] : []))),
  );
  const widths = fitted(wanted, whole, width - indent.length);
  return clean.map((row) => {
    const spans: ReportSpan[] = [indent];
    for (const [column, cell] of row.entries()) {
      const room = widths[column] ?? 0;
      if (room === 0) continue;
      if (column > 0) spans.push(GAP);
      const cutting = cell.keepsEnd === true ? truncateStart : truncate;
      const isLast = column === row.length - 1;
      spans.push(cellSpan(cell, isLast ? cutting(cell.text, room) : fit(cell.text, room, cutting)));
    }
    return spans;
  });
}
