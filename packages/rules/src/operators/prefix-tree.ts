// Many prefixes looked for in one walk over a text: a tree whose edges are pieces of text and whose nodes carry bits.

/** A set of small numbers, 32 to a word. */
export type Bits = Int32Array;

export interface PrefixTree {
  /** Text between the parent and this node. */
  label: string;
  /** Added when the text begins with what leads here. */
  prefix: Bits | undefined;
  /** Added when, moreover, the text ends here or goes on with a slash. */
  path: Bits | undefined;
  /** Added when the text is what leads here. */
  equal: Bits | undefined;
  /** First character codes of the children's labels. */
  codes: number[];
  children: PrefixTree[];
}

const SLASH = 47;

export function createPrefixTree(label = ''): PrefixTree {
  return { label, prefix: undefined, path: undefined, equal: undefined, codes: [], children: [] };
}

/** The node for `text`, made when there is none; the caller sets its bits. */
export function nodeFor(tree: PrefixTree, text: string): PrefixTree {
  let node = tree;
  let at = 0;
  while (at < text.length) {
    const index = node.codes.indexOf(text.charCodeAt(at));
    const child = node.children[index];
    if (child === undefined) return addChild(node, text.slice(at));
    const common = commonLength(child.label, text, at);
    if (common < child.label.length) splitChild(child, common);
    at += common;
    node = child;
  }
  return node;
}

function addChild(node: PrefixTree, label: string): PrefixTree {
  const child = createPrefixTree(label);
  node.codes.push(label.charCodeAt(0));
  node.children.push(child);
  return child;
}

function commonLength(label: string, text: string, at: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(at + length)) length += 1;
  return length;
}

/** Shortens the node's label to `length`; a new child takes over the rest. */
function splitChild(node: PrefixTree, length: number): void {
  const rest: PrefixTree = { ...node, label: node.label.slice(length) };
  node.label = node.label.slice(0, length);
  node.prefix = undefined;
  node.path = undefined;
  node.equal = undefined;
  node.codes = [rest.label.charCodeAt(0)];
  node.children = [rest];
}

/** Adds the bits of every prefix of `text` to `found`. Time grows with the length of the text, not with the prefixes. */
export function collectPrefixes(tree: PrefixTree, text: string, found: Bits): void {
  let node = tree;
  let at = 0;
  for (;;) {
    if (node.prefix !== undefined) addBits(found, node.prefix);
    const code = at < text.length ? text.charCodeAt(at) : -1;
    if (node.path !== undefined && (code === -1 || code === SLASH)) addBits(found, node.path);
    if (code === -1 && node.equal !== undefined) addBits(found, node.equal);
    const { codes } = node;
    let index = 0;
    while (index < codes.length && codes[index] !== code) index += 1;
    const child = node.children[index];
    if (child === undefined || !continues(text, at, child.label)) return;
    at += child.label.length;
    node = child;
  }
}

/** As `collectPrefixes` in a tree of reversed texts, from the end of `text`; here a path is a whole last part. */
export function collectSuffixes(tree: PrefixTree, text: string, found: Bits): void {
  let node = tree;
  let at = text.length;
  for (;;) {
    if (node.prefix !== undefined) addBits(found, node.prefix);
    const code = at > 0 ? text.charCodeAt(at - 1) : -1;
    if (node.path !== undefined && (code === -1 || code === SLASH)) addBits(found, node.path);
    const { codes } = node;
    let index = 0;
    while (index < codes.length && codes[index] !== code) index += 1;
    const child = node.children[index];
    if (child === undefined || !precedes(text, at, child.label)) return;
    at -= child.label.length;
    node = child;
  }
}

/** For `collectSuffixes`. */
export function reversed(text: string): string {
  let found = '';
  for (let at = text.length - 1; at >= 0; at -= 1) found += text.charAt(at);
  return found;
}

/** Whether the label, read backwards, ends at `at`. */
function precedes(text: string, at: number, label: string): boolean {
  const { length } = label;
  if (at < length) return false;
  for (let offset = 1; offset < length; offset += 1) {
    if (text.charCodeAt(at - 1 - offset) !== label.charCodeAt(offset)) return false;
  }
  return true;
}

/** Compared by hand: labels are short, and a call into the runtime costs more. */
function continues(text: string, at: number, label: string): boolean {
  const { length } = label;
  if (at + length > text.length) return false;
  for (let offset = 1; offset < length; offset += 1) {
    if (text.charCodeAt(at + offset) !== label.charCodeAt(offset)) return false;
  }
  return true;
}

export function addBits(target: Bits, bits: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word] = (target[word] ?? 0) | (bits[word] ?? 0);
}

export function setBit(bits: Bits, number: number): void {
  const word = number >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (number & 31));
}

export function hasBit(bits: Bits, number: number): boolean {
  return ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
}
