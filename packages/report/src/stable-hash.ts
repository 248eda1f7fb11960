// Short fingerprints of text that are the same on every machine and in every run. They tell findings apart; they do not
// protect anything: for integrity use SHA-256.

const SEEDS = [1779033703, 3144134277, 1013904242, 2773480762] as const;
const FACTORS = [597399067, 2869860233, 951274213, 2716044179] as const;

/** 32 hexadecimal digits (128 bits, four multiply-xorshift lanes) of UTF-16 text. */
export function stableHash(text: string): string {
  let [a, b, c, d]: [number, number, number, number] = [...SEEDS];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ unit, FACTORS[0]);
    b = c ^ Math.imul(b ^ unit, FACTORS[1]);
    c = d ^ Math.imul(c ^ unit, FACTORS[2]);
    d = a ^ Math.imul(d ^ unit, FACTORS[3]);
  }
  const mixed = [
    Math.imul(c ^ (a >>> 18), FACTORS[0]),
    Math.imul(d ^ (b >>> 22), FACTORS[1]),
    Math.imul(a ^ (c >>> 17), FACTORS[2]),
    Math.imul(b ^ (d >>> 19), FACTORS[3]),
  ] as const;
  const first = mixed[0] ^ mixed[1] ^ mixed[2] ^ mixed[3];
  return [first, mixed[1] ^ first, mixed[2] ^ first, mixed[3] ^ first]
    .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
    .join('');
}

/** A UUID (version 8, RFC 9562: custom) made of the hash of `text`. */
export function stableUuid(text: string): string {
  const hex = stableHash(text);
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
