// `WWW-Authenticate`: what a registry wants to see. Spec: RFC 9110 section 11.6.1.

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const MAX_LENGTH = 16 * 1024;
const TOKEN = /[!#$%&'*+.^_`|~\w-]+/y;
const BLANK = /[\s,]*/y;

/** The challenges in the order given; reading ends where the header stops making sense. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(header)?.[0] ?? '';
    at += found.length;
    return found;
  }

  function quoted(): string {
    let value = '';
    for (at++; at < header.length; at++) {
      const letter = header[at] ?? '';
      if (letter === '"') {
        at++;
        return value;
      }
      value += letter === '\\' ? (header[++at] ?? '') : letter;
    }
    return value;
  }

  if (header.length > MAX_LENGTH) return [];
  while (at < header.length) {
    take(BLANK);
    const word = take(TOKEN);
    if (word === '') break;
    if (header[at] !== '=') {
      challenges.push({ scheme: word.toLowerCase(), parameters: {} });
      continue;
    }
    at++;
    const value = header[at] === '"' ? quoted() : take(TOKEN);
    const current = challenges.at(-1);
    if (current === undefined) break;
    if (word !== '__proto__') current.parameters[word.toLowerCase()] = value;
  }
  return challenges;
}
