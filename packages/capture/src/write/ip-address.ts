// Bytes of IP addresses given as text.

/** 4 or 16 bytes in network order; undefined when the text is no address. */
export function ipBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [index, part] of parts.entries()) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    bytes[index] = Number(part);
  }
  return bytes;
}

/** The groups on one side of `::`, an IPv4 tail included; undefined when one is none. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const found: number[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const tail = ipv4Bytes(part);
      if (tail === undefined) return undefined;
      found.push(((tail[0] ?? 0) << 8) | (tail[1] ?? 0), ((tail[2] ?? 0) << 8) | (tail[3] ?? 0));
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      found.push(Number.parseInt(part, 16));
    }
  }
  return found;
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const [left = '', right, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  const bytes = new Uint8Array(16);
  for (const [index, group] of all.entries()) {
    bytes[index * 2] = group >> 8;
    bytes[index * 2 + 1] = group & 0xff;
  }
  return bytes;
}

/** The four bytes of an IPv4 address as an IPv6 one, `::ffff:a.b.c.d`; others as they are. */
export function asIpv6(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 16) return bytes;
  const mapped = new Uint8Array(16);
  mapped[10] = 0xff;
  mapped[11] = 0xff;
  mapped.set(bytes, 12);
  return mapped;
}

/** Address and port of `10.0.0.1:80` or `::1:80`; undefined when the text is something else. */
export function endpointOf(text: string): { readonly ip: Uint8Array; readonly port: number } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || !/^\d{1,5}$/.test(text.slice(colon + 1))) return undefined;
  const ip = ipBytes(text.slice(0, colon));
  const port = Number(text.slice(colon + 1));
  return ip === undefined || port > 0xffff ? undefined : { ip, port };
}
