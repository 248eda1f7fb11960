// Suggests the name that was probably meant.

function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate closest to `word` if it is close enough to be a slip, else undefined. */
function closestName(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const limit = Math.max(1, Math.min(3, Math.ceil(word.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const away = distance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (away < bestDistance) [best, bestDistance] = [candidate, away];
  }
  return best;
}

/** `Did you mean "x"?`, or a fallback sentence. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise = ''): string {
  const closest = closestName(word, candidates);
  return closest === undefined ? otherwise : `Did you mean "${closest}"?`;
}
