// Names are judged when they are connected to: what a name led to a moment before says nothing about now.
import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { imageFailure } from '../failures.ts';

type MayConnect = (address: string) => boolean;

function refusal(host: string, address: string): Error {
  return imageFailure('GC_REGISTRY_ADDRESS', 'the registry leads to an address that is not allowed', {
    at: host === address ? address : `${host} → ${address}`,
    hint: 'Link-local addresses belong to the machine and its cloud, not to registries.',
  });
}

/** For hosts that are addresses themselves: nobody looks those up. */
export function refusedAddress(hostname: string, mayConnect: MayConnect): Error | undefined {
  const plain = hostname.replace(/^\[|\]$/g, '');
  return isIP(plain) === 0 || mayConnect(plain) ? undefined : refusal(plain, plain);
}

/** Looks up names for connections; those of the proxies themselves are the administrator's and are not judged. */
export function guardedLookup(mayConnect: MayConnect, proxies: readonly string[]): LookupFunction {
  const own = new Set(proxies.map((address) => URL.parse(address)?.hostname ?? ''));
  return (host, options, done) => {
    resolve(host, options, (error, found, family) => {
      const list = typeof found === 'string' ? [{ address: found }] : (found ?? []);
      const wrong = own.has(host) ? undefined : list.find(({ address }) => !mayConnect(address));
      if (error === null && wrong !== undefined) done(refusal(host, wrong.address), '', 0);
      else done(error, found, family);
    });
  };
}
