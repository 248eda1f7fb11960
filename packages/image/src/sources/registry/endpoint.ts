// Where a registry is, and over what it may be spoken to.
import { isLoopback } from '@guardcell/kit';
import { imageFailure } from '../failures.ts';
import type { RegistryOptions } from './registry-options.ts';

const DOCKER_HUB = 'registry-1.docker.io';

/**
 * The base address of a registry: `https://registry-1.docker.io` for docker.io.
 * @throws CodedError GC_REGISTRY_PLAIN_HTTP, GC_IMAGE_REFERENCE.
 */
export function endpointOf(host: string, options: RegistryOptions): URL {
  const plain = options.plainHttp === true || options.plainHttpAnywhere === true;
  const text = `${plain ? 'http' : 'https'}://${host === 'docker.io' ? DOCKER_HUB : host}`;
  if (!URL.canParse(text))
    throw imageFailure('GC_IMAGE_REFERENCE', 'this is not an address of a registry', { at: host });
  const url = new URL(text);
  if (plain && options.plainHttpAnywhere !== true && !isLoopback(url.hostname)) {
    throw imageFailure('GC_REGISTRY_PLAIN_HTTP', 'plain HTTP is for registries on this machine', {
      at: host,
      hint: 'Use TLS, with a CA file for a private authority, or allow plain HTTP for other machines explicitly.',
    });
  }
  return url;
}

/** Whether a request may go on there: never from TLS to plain HTTP. */
export function maySend(from: URL, to: URL): boolean {
  if (to.protocol === 'https:') return true;
  return to.protocol === 'http:' && from.protocol === 'http:';
}
