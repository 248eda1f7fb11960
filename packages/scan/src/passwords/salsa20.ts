// Salsa20, the mixing of scrypt and yescrypt, over words that are kept in the order in which it is computed with vectors.
// Spec: Daniel J. Bernstein, "Salsa20 specification"; RFC 7914 §3.

/** Words of a block. */
export const BLOCK_WORDS = 16;

/** Where word `i` of the shuffled block stands in the plain one. */
export function plainIndex(i: number): number {
  return (i * 5) % BLOCK_WORDS;
}

const COLUMNS = [0, 4, 8, 12, 5, 9, 13, 1, 10, 14, 2, 6, 15, 3, 7, 11];
const ROWS = [0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14];
const QUARTERS = Uint8Array.from([...COLUMNS, ...ROWS]);

function turned(one: number, two: number, bits: number): number {
  const sum = (one + two) | 0;
  return (sum << bits) | (sum >>> (32 - bits));
}

const x = new Int32Array(BLOCK_WORDS);

/** Mixes the block of `words` that begins at `from`, in place; `rounds` is even. */
export function salsa20(words: Int32Array, from: number, rounds: number): void {
  for (let i = 0; i < BLOCK_WORDS; i++) x[plainIndex(i)] = words[from + i] as number;
  for (let round = 0; round < rounds; round += 2) {
    for (let i = 0; i < QUARTERS.length; i += 4) {
      const [a, b, c, d] = [QUARTERS[i], QUARTERS[i + 1], QUARTERS[i + 2], QUARTERS[i + 3]] as [
        number,
        number,
        number,
        number,
      ];
      x[b] = (x[b] as number) ^ turned(x[a] as number, x[d] as number, 7);
      x[c] = (x[c] as number) ^ turned(x[b] as number, x[a] as number, 9);
      x[d] = (x[d] as number) ^ turned(x[c] as number, x[b] as number, 13);
      x[a] = (x[a] as number) ^ turned(x[d] as number, x[c] as number, 18);
    }
  }
  for (let i = 0; i < BLOCK_WORDS; i++)
    words[from + i] = (words[from + i] as number) + (x[plainIndex(i)] as number);
}
