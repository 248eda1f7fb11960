// The list of what may be reached although it is not public.
import { BlockList, isIP } from 'node:net';
import { canonicalAddress, needsExplicitAddress } from './address.ts';

export interface Destination {
  /** Host as in the URL: a name or an address. */
  readonly host: string;
  readonly port: number;
}

function canonicalHost(host: string): string {
  return canonicalAddress(host) ?? host.toLowerCase().replace(/\.$/, '');
}

interface Entry {
  readonly host: string;
  /** Undefined: any port. */
  readonly port: number | undefined;
}

function readEntry(text: string): Entry {
  const whole = canonicalAddress(text);
  if (whole !== undefined) return { host: whole, port: undefined };
  const match = /^(.*):(\d{1,5})$/.exec(text);
  if (match === null) return { host: canonicalHost(text), port: undefined };
  return { host: canonicalHost(match[1] ?? ''), port: Number(match[2]) };
}

function inBlock(text: string, address: string): boolean {
  const [first = '', bits = ''] = text.split('/');
  const base = canonicalAddress(first);
  const family = base === undefined ? 0 : isIP(base);
  const prefix = Number(bits);
  const inRange = /^\d{1,3}$/.test(bits) && prefix <= (family === 4 ? 32 : 128);
  if (base === undefined || !inRange || family !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether the list lets a canonical address be reached for a destination. An entry with a host name opens the
 * addresses of that name, but never link-local ones (metadata services), multicast or unspecified ones.
 */
export function isAllowed(list: readonly string[], { host, port }: Destination, address: string): boolean {
  const name = canonicalHost(host);
  return list.some((text) => {
    const trimmed = text.trim();
    if (trimmed.includes('/')) return inBlock(trimmed, address);
    const entry = readEntry(trimmed);
    if (entry.port !== undefined && entry.port !== port) return false;
    if (entry.host === address) return true;
    return entry.host !== '' && entry.host === name && !needsExplicitAddress(address);
  });
}
