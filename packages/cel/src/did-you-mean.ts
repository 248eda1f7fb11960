// Suggests the name that was probably meant.
import { nearestName } from '@guardcell/core';

/** `Did you mean "x"?`, or a fallback sentence. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise = ''): string {
  const closest = nearestName(word, candidates);
  return closest === undefined ? otherwise : `Did you mean "${closest}"?`;
}
