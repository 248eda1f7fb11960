// The letters in which crypt(5) writes bytes: groups of three bytes, six bits a letter, the lowest first.

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 0–63; -1 of any other letter and of none. */
export function letterValue(letter: string | undefined): number {
  return letter === undefined || letter.length !== 1 ? -1 : ALPHABET.indexOf(letter);
}

/** So many letters of a value, its lowest six bits first. */
export function lettersOf(value: number, letters: number): string {
  let text = '';
  for (let i = 0; i < letters; i++) text += ALPHABET[(value >>> (6 * i)) & 63] ?? '';
  return text;
}

/** All bytes as letters; a last group that is short has only the letters that it needs. */
export function encodeLetters(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const value = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16);
    text += lettersOf(value, Math.min(bytes.length - i, 3) + 1);
  }
  return text;
}

/** Undefined for text that no bytes are written as: other letters, a single one left over, bits that stand for nothing. */
export function decodeLetters(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const group = Array.from(text.slice(i, i + 4), letterValue);
    if (group.length === 1 || group.includes(-1)) return undefined;
    const value = group.reduce((sum, six, at) => sum | (six << (6 * at)), 0);
    const count = group.length - 1;
    if (value >>> (8 * count) !== 0) return undefined;
    for (let at = 0; at < count; at++) bytes.push((value >>> (8 * at)) & 255);
  }
  return Uint8Array.from(bytes);
}
