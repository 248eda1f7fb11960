// Addresses of registries: how they are written, and which ones are refused.
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '@guardcell/kit';
import { ApiError } from '../errors.ts';

export interface RegistryAddress {
  /** `host` or `host:port`. */
  readonly host: string;
  readonly plainHttp: boolean;
  /** Beginning of repositories; empty: none. */
  readonly prefix: string;
  /** Scheme and host: a password is only for this. */
  readonly origin: string;
}

// Private addresses are where registries are; these are where machines ask their cloud for credentials.
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addAddress('168.63.129.16', 'ipv4');
FORBIDDEN.addAddress('192.0.0.192', 'ipv4');
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('224.0.0.0', 3, 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
FORBIDDEN.addAddress('fd20:ce::254', 'ipv6');

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'metadata',
]);

/** Link-local, multicast and the like, also when an IPv6 address stands for an IPv4 one. */
export function isForbiddenAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (FORBIDDEN.check(address, family === 6 ? 'ipv6' : 'ipv4')) return true;
  if (family === 4) return false;
  const mapped = mappedIpv4(address);
  return mapped !== '' && FORBIDDEN.check(mapped, 'ipv4');
}

/** Of `::ffff:a9fe:a9fe` and `64:ff9b::a9fe:a9fe`; empty for other addresses. */
function mappedIpv4(address: string): string {
  const plain = address.toLowerCase();
  const dotted = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain);
  if (hex === null) return '';
  const high = Number.parseInt(hex[1] ?? '', 16);
  const low = Number.parseInt(hex[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function refuse(message: string, hint = ''): never {
  throw new ApiError('GC_INVALID_REQUEST', `/url ${message}`, {
    errors: [{ pointer: '/url', message }],
    ...(hint !== '' && { hint }),
  });
}

/** @throws ApiError GC_INVALID_REQUEST when it cannot be an address, GC_REGISTRY_ADDRESS when nobody may ask there. */
export function registryAddress(text: string, allowInsecure: boolean): RegistryAddress {
  const url = URL.parse(text);
  if (url === null) refuse('must be an address such as https://registry.example.com');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '')
    refuse('must not hold a name or password', 'Give them as `username` and `password`.');
  if (url.search !== '' || url.hash !== '') refuse('must have no query and no fragment');
  const hostname = url.hostname.toLowerCase();
  const plain = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isForbiddenAddress(plain) || FORBIDDEN_NAMES.has(plain)) {
    throw new ApiError('GC_REGISTRY_ADDRESS', 'there is no registry at addresses of this kind', {
      hint: 'Link-local addresses belong to the machine and its cloud, not to registries.',
      errors: [{ pointer: '/url', message: 'is not allowed' }],
    });
  }
  const plainHttp = url.protocol === 'http:';
  if (plainHttp && !allowInsecure && !isLoopback(hostname)) {
    refuse(
      'must be https, unless the registry is on this machine',
      'Use https with `ca` for a private authority; `allowInsecure` allows http, then everything goes in clear text.',
    );
  }
  const prefix = url.pathname.replaceAll(/^\/+|\/+$/g, '');
  if (prefix !== '' && !/^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/.test(prefix))
    refuse('has a path that is no beginning of repositories');
  return { host: url.host, plainHttp, prefix, origin: url.origin };
}
