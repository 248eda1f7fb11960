// Maven versions, after the "Version Order Specification" of the POM reference: tokens with the separator before them,
// empty values trimmed before hyphens, known qualifiers before unknown ones.
import {
  compareLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

interface Token {
  readonly separator: '.' | '-';
  readonly text: string;
}

const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'] as const;
const RELEASE = QUALIFIERS.indexOf('');
const ALIASES: Readonly<Record<string, string>> = { cr: 'rc', ga: '', final: '', release: '' };
/** Only in front of a number: `a1` is `alpha-1`, but `a` is just a word. */
const SHORT: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

function parse(text: string): readonly Token[] | undefined {
  if (!/^[\w.+~-]+$/.test(text) || !/\d/.test(text)) return undefined;
  return trim(tokens(text.toLowerCase()));
}

/** A change between digits and letters parts tokens as a hyphen does; nothing between separators is zero. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  let separator: Token['separator'] = '.';
  for (const [at, piece] of text.split(/([.-])/).entries()) {
    if (at % 2 === 1) {
      separator = piece === '-' ? '-' : '.';
      continue;
    }
    const runs = piece.match(/\d+|\D+/g) ?? ['0'];
    for (const [index, run] of runs.entries()) {
      const next = runs[index + 1];
      const short = next === undefined ? undefined : SHORT[run];
      found.push({ separator: index === 0 ? separator : '-', text: short ?? ALIASES[run] ?? run });
    }
  }
  return found;
}

/** Takes away empty values that stand at the end or before a hyphen or a qualifier. */
function trim(all: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const token = all[at];
    if (token === undefined) continue;
    const next = kept.at(-1);
    const before = next === undefined || next.separator === '-' || !isDigits(next.text);
    if (at > 0 && before && /^0*$/.test(token.text)) continue;
    kept.push(token);
  }
  return kept.toReversed();
}

/** Qualifiers before the release, the end, later qualifiers, numbers after a hyphen, numbers after a dot. */
function kind(token: Token | undefined): number {
  if (token === undefined) return 1;
  if (isDigits(token.text)) return token.separator === '-' ? 3 : 4;
  const known = (QUALIFIERS as readonly string[]).indexOf(token.text);
  if (known === RELEASE) return 1;
  return known >= 0 && known < RELEASE ? 0 : 2;
}

function compareTokens(a: Token | undefined, b: Token | undefined): number {
  const difference = kind(a) - kind(b);
  if (difference !== 0) return difference;
  const left = a?.text ?? '';
  const right = b?.text ?? '';
  if (kind(a) >= 3) return compareNumbers(left, right);
  const order = (text: string): number => {
    const known = (QUALIFIERS as readonly string[]).indexOf(text);
    return known < 0 ? QUALIFIERS.length : known;
  };
  return order(left) - order(right) || compareText(left, right);
}

/** Order of Maven artifacts. */
export const MAVEN: VersionOrder = versionOrder(parse, (a, b) => compareLists(a, b, compareTokens));
