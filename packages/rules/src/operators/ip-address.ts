// IPv4 and IPv6 addresses and networks, parsed from text.

/** Four 8-bit parts for IPv4, eight 16-bit parts for IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly parts: readonly number[];
}

export interface Network {
  readonly address: Address;
  readonly prefixBits: number;
}

/** Undefined when the text is not an address. */
function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** `10.0.0.0/8`, or a plain address as a network of one. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const width = address.family === 4 ? 32 : 128;
  if (slash < 0) return { address, prefixBits: width };
  const bits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > width) return undefined;
  return { address, prefixBits: Number(bits) };
}

/** False when the families differ. */
export function networkContains(network: Network, address: Address): boolean {
  if (network.address.family !== address.family) return false;
  const partBits = address.family === 4 ? 8 : 16;
  let rest = network.prefixBits;
  for (let at = 0; rest > 0; at += 1) {
    const shift = Math.max(0, partBits - rest);
    if ((network.address.parts[at] ?? 0) >>> shift !== (address.parts[at] ?? 0) >>> shift) return false;
    rest -= partBits;
  }
  return true;
}

/** One spelling for each address (RFC 5952 for IPv6); undefined when the text is not one. */
export function canonicalAddress(text: string): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  if (address.family === 4) return address.parts.join('.');
  return ipv6Text(address.parts);
}

function parseIpv4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    numbers.push(Number(part));
  }
  return { family: 4, parts: numbers };
}

function parseIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return { family: 6, parts: [...head, ...Array.from({ length: missing }, () => 0), ...tail] };
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [at, word] of words.entries()) {
    if (at === words.length - 1 && word.includes('.')) {
      const v4 = parseIpv4(word)?.parts;
      if (v4 === undefined) return undefined;
      groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(word)) {
      groups.push(Number.parseInt(word, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function ipv6Text(parts: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let at = 0; at < parts.length; at += 1) {
    let length = 0;
    while (parts[at + length] === 0) length += 1;
    if (length > best.length) best = { start: at, length };
    at += length;
  }
  const hex = parts.map((part) => part.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

const MAX_CACHED = 4096;
const cache = new Map<string, Address | undefined>();

/** As `parseAddress`, remembering recent texts: connections repeat. */
export function cachedAddress(text: string): Address | undefined {
  const known = cache.get(text);
  if (known !== undefined || cache.has(text)) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const parsed = parseAddress(text);
  cache.set(text, parsed);
  return parsed;
}
