// One automaton (Aho–Corasick) that finds all keywords of all rules in one run over the bytes, in any letter case.

export interface KeywordAutomaton {
  /** Calls `found(keyword index, offset behind the keyword)` for each occurrence, in order of the offset. */
  scan(bytes: Uint8Array, found: (keyword: number, end: number) => void): void;
}

interface TrieNode {
  readonly next: Map<number, number>;
  readonly words: number[];
  fail: number;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

function buildTrie(keywords: readonly string[]): TrieNode[] {
  const nodes: TrieNode[] = [{ next: new Map(), words: [], fail: 0 }];
  for (const [index, keyword] of keywords.entries()) {
    let state = 0;
    for (const byte of new TextEncoder().encode(keyword.toLowerCase())) {
      let target = nodes[state]?.next.get(byte);
      if (target === undefined) {
        target = nodes.length;
        nodes.push({ next: new Map(), words: [], fail: 0 });
        nodes[state]?.next.set(byte, target);
      }
      state = target;
    }
    nodes[state]?.words.push(index);
  }
  return nodes;
}

/** Letters that no keyword holds share class 0; the table stays small enough for the processor's cache. */
function byteClasses(keywords: readonly string[]): { readonly classes: Uint8Array; readonly count: number } {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const byte of new TextEncoder().encode(keywords.join('').toLowerCase())) {
    if (classes[byte] === 0) classes[byte] = count++;
  }
  for (let byte = 65; byte <= 90; byte++) classes[byte] = classes[lower(byte)] ?? 0;
  return { classes, count };
}

function rowAt(state: number, shift: number): number {
  return state << shift;
}

/** Builds the automaton; keywords are ASCII and not empty. Memory: states × byte classes × 4 bytes. */
export function buildKeywordAutomaton(keywords: readonly string[]): KeywordAutomaton {
  const nodes = buildTrie(keywords);
  const { classes, count } = byteClasses(keywords);
  const shift = Math.ceil(Math.log2(count));
  // Entries are row offsets; the lowest bit says that a keyword ends there.
  const table = new Int32Array(nodes.length << shift);
  const words: (readonly number[])[] = nodes.map(() => []);
  const order: number[] = [0];
  for (let head = 0; head < order.length; head++) {
    const state = order[head] ?? 0;
    const node = nodes[state];
    if (node === undefined) continue;
    words[state] = [...node.words, ...(state === 0 ? [] : (words[node.fail] ?? []))];
    const fallback = rowAt(node.fail, shift);
    if (state !== 0) table.copyWithin(rowAt(state, shift), fallback, fallback + (1 << shift));
    for (const [byte, target] of node.next) {
      const column = classes[byte] ?? 0;
      const child = nodes[target];
      if (child !== undefined && state !== 0) child.fail = table[fallback + column] ?? 0;
      table[rowAt(state, shift) + column] = target;
      order.push(target);
    }
  }
  const flagged = table.map(
    (state) => (rowAt(state, shift) << 1) | ((words[state]?.length ?? 0) > 0 ? 1 : 0),
  );
  return {
    scan(bytes, found) {
      let state = 0;
      for (let at = 0; at < bytes.length; at++) {
        const entry = flagged[state + (classes[bytes[at] as number] as number)] as number;
        state = entry >> 1;
        if ((entry & 1) === 0) continue;
        for (const word of words[state >> shift] ?? []) found(word, at + 1);
      }
    },
  };
}
