// Entity tags (RFC 9110 §8.8.3) for optimistic locking: who read an old version does not overwrite a new one.
import { ApiError } from '../errors.ts';

export function entityTag(revision: number): string {
  return `"${revision}"`;
}

export function stale(): ApiError {
  return new ApiError('GC_STALE', 'it was changed since you read it', {
    hint: 'Read it again, and apply your change to what it is now.',
  });
}

/**
 * Compares the header `If-Match` with the tag that the thing has now (undefined: there is no such thing).
 * @throws ApiError GC_STALE.
 */
export function checkMatch(ifMatch: string | undefined, current: string | undefined): void {
  if (ifMatch === undefined) return;
  const wanted = ifMatch.split(',').map((each) => each.trim());
  // A weak tag never matches here: RFC 9110 asks for the strong comparison.
  if (current !== undefined && (wanted.includes('*') || wanted.includes(current))) return;
  throw stale();
}
