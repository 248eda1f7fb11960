// Cuts JSON and rule conditions into coloured pieces. Pure; unknown text stays plain, nothing is ever lost.

export interface Piece {
  readonly kind: 'plain' | 'keyword' | 'field' | 'string' | 'operator' | 'number';
  readonly text: string;
}

function cut(source: string, pattern: RegExp, kindOf: (match: RegExpExecArray) => Piece['kind']): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index > end) pieces.push({ kind: 'plain', text: source.slice(end, match.index) });
    pieces.push({ kind: kindOf(match), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < source.length) pieces.push({ kind: 'plain', text: source.slice(end) });
  return pieces;
}

const CONDITION =
  /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<keyword>\b(?:and|or|not)\b)|(?<word>\b(?:in|intersects|pmatch|glob|iglob|contains|icontains|bcontains|startswith|bstartswith|endswith|exists|regex)\b|!=|<=|>=|==|=|<|>)|(?<field>\b[a-z]\w*(?:\.\w+)+(?:\[[^\]\n]*\])?)/g;

export function cutCondition(source: string): Piece[] {
  return cut(source, CONDITION, ({ groups }) => {
    if (groups?.['string'] !== undefined) return 'string';
    if (groups?.['keyword'] !== undefined) return 'keyword';
    return groups?.['word'] === undefined ? 'field' : 'operator';
  });
}

const JSON_TOKEN =
  /(?<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?<string>"(?:[^"\\]|\\.)*")|(?<word>\b(?:true|false|null)\b)|(?<number>-?\b\d[\d.eE+-]*)/g;

export function cutJson(source: string): Piece[] {
  return cut(source, JSON_TOKEN, ({ groups }) => {
    if (groups?.['key'] !== undefined) return 'field';
    if (groups?.['string'] !== undefined) return 'string';
    return groups?.['word'] === undefined ? 'number' : 'keyword';
  });
}

/** Parts of a text, those that a needle names marked; case does not matter. */
export function markParts(
  source: string,
  needle: string,
): readonly { readonly text: string; readonly hit: boolean }[] {
  if (needle === '') return [{ text: source, hit: false }];
  const at = source.toLowerCase().indexOf(needle.toLowerCase());
  if (at < 0) return [{ text: source, hit: false }];
  return [
    { text: source.slice(0, at), hit: false },
    { text: source.slice(at, at + needle.length), hit: true },
    { text: source.slice(at + needle.length), hit: false },
  ].filter((part) => part.text !== '');
}
