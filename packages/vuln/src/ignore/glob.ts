// Wildcards of ignore rules: `?` one character, `*` any but a slash, `**` any. Time is pattern times text, no more.

const MAX_LENGTH = 1024;

/** Whether the whole text matches; longer patterns and texts than 1024 characters match nothing but themselves. */
export function globMatches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (pattern.length > MAX_LENGTH || text.length > MAX_LENGTH) return false;
  const tokens = pattern.match(/\*\*\/?|[^]/gu) ?? [];
  const chars = [...text];
  // reached[i]: the tokens so far can end before character i.
  let reached = Array.from({ length: chars.length + 1 }, () => false);
  reached[0] = true;
  for (const token of tokens) reached = step(token, chars, reached);
  return reached[chars.length] === true;
}

function step(token: string, chars: readonly string[], before: readonly boolean[]): boolean[] {
  const after = Array.from({ length: chars.length + 1 }, () => false);
  if (token === '**/') {
    // No folder at all, or anything that ends with a slash.
    let open = false;
    for (let at = 0; at <= chars.length; at += 1) {
      after[at] = before[at] === true || (open && chars[at - 1] === '/');
      open ||= before[at] === true;
    }
    return after;
  }
  if (token === '*' || token === '**') {
    let open = false;
    for (let at = 0; at <= chars.length; at += 1) {
      if (token === '*' && chars[at - 1] === '/') open = false;
      open ||= before[at] === true;
      after[at] = open;
    }
    return after;
  }
  for (let at = 0; at < chars.length; at += 1)
    after[at + 1] = before[at] === true && (token === chars[at] || (token === '?' && chars[at] !== '/'));
  return after;
}
