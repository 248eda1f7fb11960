// Headers and checks that protect browsers: content policy, and refusing host names that are not ours (DNS rebinding).
import { isLoopback } from '@guardcell/kit';
import { ApiError } from '../errors.ts';

/** The console loads its own files only; nothing inline, no frames, no plug-ins. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

function hostnameOf(header: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(header)?.[1];
  return (bracketed ?? header.replace(/:\d+$/, '')).toLowerCase();
}

/**
 * A server on loopback answers only for loopback names (and the public URL's): a page of an attacker whose name was
 * re-pointed to 127.0.0.1 gets nothing. Elsewhere any name may lead here.
 */
export function createHostCheck(
  listenHost: string,
  publicUrl: string | undefined,
): (header: string | undefined) => void {
  const own = publicUrl === undefined ? '' : new URL(publicUrl).hostname.toLowerCase();
  if (!isLoopback(listenHost)) return () => undefined;
  return (header) => {
    const name = hostnameOf(header ?? '');
    if (isLoopback(name) || name === listenHost || (own !== '' && name === own)) return;
    throw new ApiError('GC_HOST_NOT_ALLOWED', 'this server answers only for loopback names', {
      hint: 'Use http://127.0.0.1 or http://localhost, or listen on an address that others may use.',
    });
  };
}
