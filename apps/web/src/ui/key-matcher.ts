// Which shortcut a stream of key presses means. Pure, so that sequences can be tested without a browser.

const SEQUENCE_MS = 1200;

/** Returns a function that takes one key after the other and names the shortcut that is complete, if any. */
export function createKeyMatcher(): (
  key: string,
  atMs: number,
  names: readonly string[],
) => string | undefined {
  let first = '';
  let firstAtMs = Number.NEGATIVE_INFINITY;
  return (key, atMs, names) => {
    const sequence = `${first} ${key}`;
    const inTime = first !== '' && atMs - firstAtMs <= SEQUENCE_MS;
    first = '';
    if (inTime && names.includes(sequence)) return sequence;
    if (names.some((name) => name.startsWith(`${key} `))) {
      first = key;
      firstAtMs = atMs;
      return undefined;
    }
    // The second key of a sequence that another listener owns is not a shortcut of its own.
    return !inTime && names.includes(key) ? key : undefined;
  };
}

/** Whether key presses on this element are text. */
export function isTypingTarget(target: EventTarget | null): boolean {
  const element = target as { tagName?: string; isContentEditable?: boolean; type?: string } | null;
  if (element?.isContentEditable === true) return true;
  if (element?.tagName === 'INPUT') return !['checkbox', 'radio', 'button'].includes(element.type ?? '');
  return element?.tagName === 'TEXTAREA' || element?.tagName === 'SELECT';
}

/** The row to go to from `current` by `step`, within `count` rows; -1 when there are none. */
export function stepIndex(current: number, step: number, count: number): number {
  if (count === 0) return -1;
  if (current < 0) return step > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, current + step));
}
