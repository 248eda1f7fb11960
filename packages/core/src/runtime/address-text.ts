// IP addresses as text, from the bytes in network order that kernels and captures hold.

/** Address families of Linux. */
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;

/** Dotted or RFC 5952 text; an IPv4 address mapped into IPv6 is shown as IPv4. */
export function addressText(bytes: Uint8Array, at: number, family: number): string {
  if (family === AF_INET) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  if (isMapped(bytes, at)) return addressText(bytes, at + 12, AF_INET);
  const groups: number[] = [];
  for (let index = 0; index < 16; index += 2)
    groups.push(((bytes[at + index] ?? 0) << 8) | (bytes[at + index + 1] ?? 0));
  let start = -1;
  let length = 1;
  for (let from = 0; from < 8; from += 1) {
    let run = 0;
    while (from + run < 8 && groups[from + run] === 0) run += 1;
    if (run > length) {
      start = from;
      length = run;
    }
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return start < 0 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < 10; index += 1) if (bytes[at + index] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}
