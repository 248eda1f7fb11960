// Alpine versions: numbers, a letter, suffixes before (`_rc1`) or after (`_p1`) the release, a commit, `-rN`.
// A number that begins with zero is compared as text, as in apk-tools 3 and Gentoo.
import { compareLists, compareNumbers, compareText, type VersionOrder, versionOrder } from './order.ts';

const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'] as const;
const RELEASE = SUFFIXES.indexOf('');
const SYNTAX =
  /^(\d+(?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?$/;

/** What can stand at one place, from least to greatest; `end` is what a version without more has. */
const KINDS = ['before', 'end', 'revision', 'commit', 'suffix-number', 'after', 'letter', 'number'] as const;
type Kind = (typeof KINDS)[number];

interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly first?: boolean;
}

const END: Token = { kind: 'end', text: '' };

function parse(text: string): readonly Token[] | undefined {
  const match = SYNTAX.exec(text);
  if (match === null) return undefined;
  const [, numbers = '', letter = '', suffixes = '', commit = '', revision = ''] = match;
  const tokens: Token[] = numbers
    .split('.')
    .map((number, at) => ({ kind: 'number', text: number, first: at === 0 }));
  if (letter !== '') tokens.push({ kind: 'letter', text: letter });
  for (const [, name = '', number = ''] of suffixes.matchAll(/_([a-z]+)(\d*)/g)) {
    tokens.push({ kind: rank(name) < RELEASE ? 'before' : 'after', text: name });
    if (number !== '') tokens.push({ kind: 'suffix-number', text: number });
  }
  if (commit !== '') tokens.push({ kind: 'commit', text: commit });
  if (revision !== '') tokens.push({ kind: 'revision', text: revision });
  return tokens;
}

function rank(suffix: string): number {
  return (SUFFIXES as readonly string[]).indexOf(suffix);
}

function compareTokens(a: Token = END, b: Token = END): number {
  if (a.kind !== b.kind) return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  switch (a.kind) {
    case 'before':
    case 'after':
      return rank(a.text) - rank(b.text);
    case 'letter':
    case 'commit':
      return compareText(a.text, b.text);
    case 'number':
      return a.first !== true && (a.text.startsWith('0') || b.text.startsWith('0'))
        ? compareText(a.text, b.text)
        : compareNumbers(a.text, b.text);
    default:
      return compareNumbers(a.text, b.text);
  }
}

/** Order of Alpine's, Wolfi's and Chainguard's packages. */
export const APK: VersionOrder = versionOrder(parse, (a, b) => compareLists(a, b, compareTokens));
