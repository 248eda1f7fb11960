// How much structure a text may have before it is given to a parser: a small archive can hold a text whose values take thirty
// times its size in memory, and minutes. What people and their tools write is far from these numbers.

/** A lock file of a hundred thousand packages has fewer. */
const MAX_OPENINGS = 500_000;
const MAX_SEPARATORS = 2_000_000;

const [OPENING, SEPARATOR] = [1, 2];
const KINDS = new Uint8Array(256);
for (const byte of Buffer.from('{[<')) KINDS[byte] = OPENING;
for (const byte of Buffer.from(',\n')) KINDS[byte] = SEPARATOR;

/** Smaller texts are never too intricate. */
const LOOK_FROM = 2 ** 20;

/** @throws RangeError when a text opens more objects, lists or elements, or has more items or lines, than anybody writes. */
export function needSimple(bytes: Uint8Array): void {
  if (bytes.length < LOOK_FROM) return;
  let openings = 0;
  let separators = 0;
  for (const byte of bytes) {
    const kind = KINDS[byte];
    if (kind === OPENING) openings += 1;
    else if (kind === SEPARATOR) separators += 1;
  }
  if (openings > MAX_OPENINGS || separators > MAX_SEPARATORS) {
    throw new RangeError(
      `more structure than can be kept in memory (${openings} openings, ${separators} items)`,
    );
  }
}
