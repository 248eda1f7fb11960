// The question of a DNS query, from bytes that anybody may have written. RFC 1035 section 4.1.

export interface DnsQuestion {
  /** Lower case, without the final dot; bytes that are no printable ASCII as `\DDD`. */
  readonly name: string;
  readonly type: number;
}

const HEADER = 12;
const MAX_NAME = 255;
const MAX_LABELS = 128;

/**
 * The first question of a query, or undefined if this is no well-formed query.
 * Compression pointers do not occur in a question that comes first, so they are refused and nothing can loop.
 */
export function dnsQuestion(packet: Uint8Array): DnsQuestion | undefined {
  const isResponse = ((packet[2] ?? 0x80) & 0x80) !== 0;
  const questions = ((packet[4] ?? 0) << 8) | (packet[5] ?? 0);
  if (packet.length < HEADER + 5 || isResponse || questions === 0) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (let count = 0; count <= MAX_LABELS; count++) {
    const length = packet[at];
    if (length === undefined || length > 63) return undefined;
    at++;
    if (length === 0) {
      if (at + 4 > packet.length) return undefined;
      return { name: labels.join('.'), type: ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0) };
    }
    if (at + length > packet.length || at + length - HEADER > MAX_NAME) return undefined;
    labels.push(label(packet, at, at + length));
    at += length;
  }
  return undefined;
}

function label(packet: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = packet[at] ?? 0;
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
  }
  return text.toLowerCase();
}
