// Names that lead back to this machine.

/** 127.0.0.0/8, ::1 (also in brackets, as URLs write it) and localhost. */
export function isLoopback(hostname: string): boolean {
  const plain = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return plain === 'localhost' || plain === '::1' || /^127(?:\.\d{1,3}){3}$/.test(plain);
}
