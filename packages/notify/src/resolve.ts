// Which addresses an attempt may connect to: looked up once, checked, and then used as they are, so that a name that
// resolves differently a moment later (DNS rebinding) changes nothing.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { canonicalAddress, isPublicAddress } from './address.ts';
import { isAllowed } from './allow-list.ts';
import type { Endpoint } from './endpoint.ts';
import type { Resolve, ResolvedAddress } from './types.ts';

export const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** The addresses of an endpoint that may be connected to; empty when none may. */
export async function checkedAddresses(
  endpoint: Endpoint,
  resolve: Resolve,
  allow: readonly string[],
): Promise<readonly ResolvedAddress[]> {
  const literal = isIP(endpoint.host);
  const found: readonly ResolvedAddress[] =
    literal === 0
      ? await resolve(endpoint.host)
      : [{ address: endpoint.host, family: literal === 6 ? 6 : 4 }];
  return found.filter(({ address }) => {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return false;
    return isPublicAddress(canonical) || isAllowed(allow, endpoint, canonical);
  });
}
