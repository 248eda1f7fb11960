// Many texts looked for at once, wherever they stand in another: one walk over it, however many there are (the automaton
// of Aho and Corasick, 1975). Case is not told apart, nor are characters beyond ASCII: what is found is possible.
import { addBits, type Bits } from './prefix-tree.ts';

/** Adds the bits of every text that may stand in `text` to `found`. */
export type TextSearch = (text: string, found: Bits) => void;

/** Of the table: bounds the memory that rules of users can take, per field and event type. */
const CELLS_MAX = 65_536;
/** Columns of a row: number of its bits, then the next row by class of character. */
const BITS = 0;
const OTHER = 1;
const BEYOND_ASCII = 2;
const FIRST_CLASS = 3;
const ASCII = 128;

/** Undefined when the table would be too large. */
export function createTextSearch(texts: ReadonlyMap<string, Bits>): TextSearch | undefined {
  const { classes, count } = classesOf(texts.keys());
  const width = FIRST_CLASS + count;
  const rows = [...texts.keys()].reduce((sum, text) => sum + text.length, 1);
  if (rows * width > CELLS_MAX) return undefined;
  const table = new Uint16Array(rows * width);
  const bits: (Bits | undefined)[] = [undefined];
  let used = width;
  for (const [text, own] of texts) {
    let row = 0;
    for (let at = 0; at < text.length; at += 1) {
      const cell = row + classOf(classes, text.charCodeAt(at));
      if (table[cell] === 0) {
        table[cell] = used;
        used += width;
      }
      row = table[cell] ?? 0;
    }
    mark(table, bits, row, own);
  }
  linkRows(table, bits, width);
  return (text, found) => {
    let row = 0;
    for (let at = 0; at < text.length; at += 1) {
      row = table[row + classOf(classes, text.charCodeAt(at))] ?? 0;
      const number = table[row] ?? 0;
      if (number !== 0) addBits(found, bits[number] ?? found);
    }
  };
}

function classOf(classes: Uint8Array, code: number): number {
  return code < ASCII ? (classes[code] ?? OTHER) : BEYOND_ASCII;
}

/** A class for each letter that some text has; small and capital letters share theirs. */
function classesOf(texts: Iterable<string>): { readonly classes: Uint8Array; readonly count: number } {
  const classes = new Uint8Array(ASCII).fill(OTHER);
  let count = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= ASCII || classes[code] !== OTHER) continue;
      const letter = String.fromCharCode(code);
      classes[letter.toLowerCase().charCodeAt(0)] = FIRST_CLASS + count;
      classes[letter.toUpperCase().charCodeAt(0)] = FIRST_CLASS + count;
      count += 1;
    }
  }
  return { classes, count };
}

function mark(table: Uint16Array, bits: (Bits | undefined)[], row: number, added: Bits): void {
  const known = bits[table[row] ?? 0];
  if (known !== undefined) {
    addBits(known, added);
    return;
  }
  table[row] = bits.length;
  bits.push(added.slice());
}

/** Where a text does not go on, the walk continues in the longest other text that what was read ends with. */
function linkRows(table: Uint16Array, bits: (Bits | undefined)[], width: number): void {
  const shorter = new Uint16Array(table.length / width);
  const queue = [...table.subarray(OTHER, width)].filter((row) => row !== 0);
  for (const row of queue) {
    const back = shorter[row / width] ?? 0;
    const inherited = bits[table[back + BITS] ?? 0];
    if (inherited !== undefined) mark(table, bits, row, inherited);
    for (let column = OTHER; column < width; column += 1) {
      const next = table[row + column] ?? 0;
      const other = table[back + column] ?? 0;
      if (next === 0) {
        table[row + column] = other;
      } else {
        shorter[next / width] = other;
        queue.push(next);
      }
    }
  }
}
