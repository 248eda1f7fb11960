// Globs over names: `*` any run of characters, `?` one character. Linear in practice, never exponential.

/** Whether the whole name matches. */
export function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const wanted = pattern.charAt(from);
    if (wanted === '*') {
      star = from++;
      resume = at;
    } else if (wanted === '?' || (wanted !== '' && wanted === name.charAt(at))) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      from = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern.charAt(from) === '*') from += 1;
  return from === pattern.length;
}
