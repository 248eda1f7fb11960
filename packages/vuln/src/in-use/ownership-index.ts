// Files of packages as a compact table: hashes of paths, sorted, each with the number of its package. 12 bytes a file.
import type { PackageFiles } from './package-files.ts';
import { hashPath } from './path-hash.ts';

const MAGIC = 'GCOWN1\n';
const ENTRY_WORDS = 3;
const SEED_FILE = 1;
const SEED_FOLDER = 2;

interface Head {
  /** Number of entries that follow. */
  readonly count: number;
  readonly purls: readonly string[];
  /** Numbers of packages: whose files are also those of another. */
  readonly aliases: readonly (readonly [number, number])[];
  readonly unknown: readonly number[];
}

export interface OwnershipIndex {
  readonly purls: readonly string[];
  readonly aliases: Head['aliases'];
  readonly unknown: readonly number[];
  /** Numbers of the packages that own a file, by its path as the kernel resolves it; mostly none or one. */
  ownersOf(path: string): readonly number[];
}

/** Encodes; the result is for machines of the same byte order. */
export function encodeOwnership({ owned, aliases, unknown }: PackageFiles): Uint8Array {
  const purls: string[] = [];
  const numbers = new Map<string, number>();
  function numberOf(purl: string): number {
    const known = numbers.get(purl);
    if (known !== undefined) return known;
    numbers.set(purl, purls.length);
    return purls.push(purl) - 1;
  }
  const entries = owned.map(({ path, isFolder, purl }) => ({
    ...hashPath(path, isFolder ? SEED_FOLDER : SEED_FILE),
    owner: numberOf(purl),
  }));
  entries.sort((a, b) => a.high - b.high || a.low - b.low || a.owner - b.owner);
  const head: Head = {
    count: entries.length,
    aliases: [...aliases].map(([purl, owner]) => [numberOf(purl), numberOf(owner)] as const),
    unknown: unknown.map(numberOf),
    purls,
  };
  const json = JSON.stringify(head);
  const text = new TextEncoder().encode(`${MAGIC}${json}\n`);
  const start = (text.length + 4 + 3) & ~3;
  const bytes = new Uint8Array(start + entries.length * ENTRY_WORDS * 4);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  const words = new Uint32Array(bytes.buffer, start);
  for (const [index, { high, low, owner }] of entries.entries()) {
    words.set([high, low, owner], index * ENTRY_WORDS);
  }
  return bytes;
}

/** Opens what `encodeOwnership` made; undefined when it is something else, or cut off. */
export function openOwnership(given: Uint8Array): OwnershipIndex | undefined {
  // Words must lie at multiples of four.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice();
  if (bytes.length < 4 + MAGIC.length) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  if (!text.startsWith(MAGIC)) return undefined;
  const start = (length + 4 + 3) & ~3;
  let head: Head;
  try {
    head = JSON.parse(text.slice(MAGIC.length)) as Head;
  } catch {
    return undefined;
  }
  const { count, purls, aliases, unknown } = head;
  if (bytes.length - start !== count * ENTRY_WORDS * 4) return undefined;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + start, count * ENTRY_WORDS);
  return { purls, aliases, unknown, ownersOf: (path) => ownersOf(words, path) };
}

function ownersOf(words: Uint32Array, path: string): readonly number[] {
  const owners = new Set<number>();
  for (const name of namesOf(path)) {
    collect(words, name, SEED_FILE, owners);
    // Of nested folders that belong to packages, the innermost counts.
    for (let cut = name.lastIndexOf('/'); cut > 0; cut = name.lastIndexOf('/', cut - 1)) {
      if (collect(words, name.slice(0, cut), SEED_FOLDER, owners)) break;
    }
  }
  return [...owners];
}

/** The path, its other name on systems with merged /usr, and the source that a compiled Python file stands for. */
function namesOf(path: string): readonly string[] {
  const compiled = /^(.*)\/__pycache__\/([^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc$/.exec(path);
  const names = compiled === null ? [path] : [path, `${compiled[1]}/${compiled[2]}.py`];
  return names.flatMap((name) => {
    if (/^\/usr\/(?:bin|sbin|lib\w*)\//.test(name)) return [name, name.slice(4)];
    return /^\/(?:bin|sbin|lib\w*)\//.test(name) ? [name, `/usr${name}`] : [name];
  });
}

function collect(words: Uint32Array, path: string, seed: number, into: Set<number>): boolean {
  const { high, low } = hashPath(path, seed);
  let from = 0;
  let to = words.length / ENTRY_WORDS;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = middle * ENTRY_WORDS;
    const order = (words[at] ?? 0) - high || (words[at + 1] ?? 0) - low;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  let isFound = false;
  for (let at = from * ENTRY_WORDS; words[at] === high && words[at + 1] === low; at += ENTRY_WORDS) {
    into.add(words[at + 2] ?? 0);
    isFound = true;
  }
  return isFound;
}
