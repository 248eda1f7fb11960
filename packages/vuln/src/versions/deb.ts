// Debian versions, as deb-version(7) orders them: epoch, upstream version, revision; `~` sorts before the end.
import { compareNumbers, type VersionOrder, versionOrder } from './order.ts';

interface DebVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function parse(text: string): DebVersion | undefined {
  const match = /^(?:(\d+):|(?![^:]*:))(\d[A-Za-z0-9.+~:_-]*)$/.exec(text);
  if (match === null) return undefined;
  const [, epoch = '', rest = ''] = match;
  const dash = rest.lastIndexOf('-');
  if (dash === rest.length - 1) return undefined;
  return dash < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** `~` before the end, the end before letters, letters before everything else; digits end a part. */
function weight(char: string | undefined): number {
  if (char === undefined || isDigit(char)) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charAt(i))) || (j < b.length && !isDigit(b.charAt(j)))) {
      const difference = weight(a[i]) - weight(b[j]);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
    const left = digitsAt(a, i);
    const right = digitsAt(b, j);
    const difference = compareNumbers(left, right);
    if (difference !== 0) return difference;
    i += left.length;
    j += right.length;
  }
  return 0;
}

function digitsAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && isDigit(text.charAt(end))) end += 1;
  return text.slice(start, end);
}

function compare(a: DebVersion, b: DebVersion): number {
  return (
    compareNumbers(a.epoch, b.epoch) ||
    comparePart(a.upstream, b.upstream) ||
    comparePart(a.revision, b.revision)
  );
}

/** Order of Debian's and Ubuntu's packages. */
export const DEB: VersionOrder = versionOrder(parse, compare);
