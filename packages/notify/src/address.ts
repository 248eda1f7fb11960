// Which addresses are public. Everything that is private, local, reserved or translated to such is not.
// Registries: IANA IPv4 and IPv6 special-purpose address registries (RFC 6890 and updates).
import { BlockList, isIP } from 'node:net';

/** [first address, prefix length]. */
type Block = readonly [string, number];

/** Never opened by the name of a host: only an address or a CIDR block in the allow list does. */
const NEVER_BY_NAME_4: readonly Block[] = [
  ['0.0.0.0', 8], // this network; Linux connects 0.0.0.0 to itself
  ['169.254.0.0', 16], // link-local, metadata services of clouds
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

const PRIVATE_4: readonly Block[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; also metadata services
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
];

/** Inside 2000::/3, which is all that is public at all. */
const SPECIAL_6: readonly Block[] = [
  ['2001::', 23], // Teredo, benchmarking, ORCHID …
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: carries any IPv4 address
  ['3fff::', 20],
];

const NEVER_BY_NAME_6: readonly Block[] = [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128], // metadata service
];

function listOf(blocks: readonly Block[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [first, prefix] of blocks) list.addSubnet(first, prefix, family);
  return list;
}

const notPublic4 = listOf([...NEVER_BY_NAME_4, ...PRIVATE_4], 'ipv4');
const neverByName4 = listOf(NEVER_BY_NAME_4, 'ipv4');
const global6 = listOf([['2000::', 3]], 'ipv6');
const special6 = listOf(SPECIAL_6, 'ipv6');
const neverByName6 = listOf(NEVER_BY_NAME_6, 'ipv6');

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The one spelling of an address that everything compares: no zone, lower case, RFC 5952, and IPv4 for
 * IPv4-mapped IPv6. Undefined for text that is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return undefined;
  if (family === 4) return bare;
  const short = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(short);
  if (mapped === null) return short;
  const [high, low] = [Number.parseInt(mapped[1] ?? '0', 16), Number.parseInt(mapped[2] ?? '0', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Whether a canonical address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  return isIP(address) === 4
    ? !notPublic4.check(address, 'ipv4')
    : global6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
}

/** Whether a canonical address is never opened by allowing a host's name. */
export function needsExplicitAddress(address: string): boolean {
  return isIP(address) === 4 ? neverByName4.check(address, 'ipv4') : neverByName6.check(address, 'ipv6');
}
