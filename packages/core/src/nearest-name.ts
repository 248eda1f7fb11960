// "Did you mean": the known name that is closest to a wrong one.

const MAX_DISTANCE = 3;
const MAX_LENGTH = 64;

/** Undefined when nothing is close enough to be worth suggesting. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const limit = Math.min(MAX_DISTANCE, Math.max(1, Math.ceil(name.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > bestDistance) continue;
    const distance = editDistance(name, candidate, bestDistance);
    // At the same distance a continuation (`nam`, `name`) is likelier than a replaced letter.
    if (
      distance < bestDistance ||
      (distance === bestDistance && distance <= limit && candidate.startsWith(name))
    ) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions and replacements; stops when there are more than `limit`, and then says `limit + 1`. */
function editDistance(left: string, right: string, limit: number): number {
  const tooMany = limit + 1;
  let previous = new Uint8Array(right.length + 1);
  let current = new Uint8Array(right.length + 1);
  for (let column = 0; column <= right.length; column += 1) previous[column] = Math.min(column, tooMany);
  for (let row = 1; row <= left.length; row += 1) {
    // Further from the diagonal than the limit no distance can be within it.
    const from = Math.max(1, row - limit);
    const to = Math.min(right.length, row + limit);
    current[from - 1] = from === 1 ? Math.min(row, tooMany) : tooMany;
    let least = current[from - 1] ?? tooMany;
    for (let column = from; column <= to; column += 1) {
      const same = left.charCodeAt(row - 1) === right.charCodeAt(column - 1);
      const replaced = (previous[column - 1] ?? tooMany) + (same ? 0 : 1);
      const above = column < row + limit ? (previous[column] ?? tooMany) + 1 : tooMany;
      const beside = (current[column - 1] ?? tooMany) + 1;
      const distance = Math.min(replaced, above, beside, tooMany);
      current[column] = distance;
      if (distance < least) least = distance;
    }
    if (least > limit) return tooMany;
    [previous, current] = [current, previous];
  }
  return Math.min(previous[right.length] ?? tooMany, tooMany);
}
