// Which paths a layer takes from the layers below, eight bytes each: a layer with millions of files stays small.
// Hashes are cut from sha256, so that nobody can make a harmless name that hides another file from the scan.
import { hash } from 'node:crypto';

/** Paths that a layer replaces or removes. */
export interface PathMarks {
  /** Whether the layer hides what lies at `path` below it. */
  hides(path: string): boolean;
  /** Sorted hashes, base64; read again by `readPathMarks`. */
  toText(): string;
}

export interface PathMarksBuilder {
  /** A file, link or device, or a whiteout: hides `path` and all below it. */
  file(path: string): void;
  /** A directory hides a file of the same name, but not what is in a directory of that name. */
  directory(path: string): void;
  /** Hides all that is in the directory, not the directory. */
  opaque(directory: string): void;
  build(): PathMarks;
}

function mark(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigUInt64LE(0);
}

export function createPathMarks(): PathMarksBuilder {
  let values = new BigUint64Array(256);
  let count = 0;
  function add(text: string): void {
    if (count === values.length) {
      const larger = new BigUint64Array(values.length * 2);
      larger.set(values);
      values = larger;
    }
    values[count] = mark(text);
    count += 1;
  }
  return {
    file: (path) => add(`f${path}`),
    directory: (path) => add(`d${path}`),
    opaque: (directory) => add(`o${directory}`),
    build: () => lookUp(values.slice(0, count).sort()),
  };
}

/** Reads what `toText` wrote. */
export function readPathMarks(text: string): PathMarks {
  const bytes = Buffer.from(text, 'base64');
  const values = new BigUint64Array(Math.floor(bytes.length / 8));
  for (let i = 0; i < values.length; i += 1) values[i] = bytes.readBigUInt64LE(i * 8);
  return lookUp(values);
}

const NO_MARKS: PathMarks = { hides: () => false, toText: () => '' };

function lookUp(sorted: BigUint64Array): PathMarks {
  if (sorted.length === 0) return NO_MARKS;
  function has(text: string): boolean {
    const wanted = mark(text);
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const value = sorted[middle] ?? 0n;
      if (value === wanted) return true;
      if (value < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
  return {
    hides(path) {
      if (has(`f${path}`) || has(`d${path}`)) return true;
      for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
        const above = end === 0 ? '/' : path.slice(0, end);
        if (has(`f${above}`) || has(`o${above}`)) return true;
        if (end === 0) break;
      }
      return false;
    },
    toText: () => Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength).toString('base64'),
  };
}
