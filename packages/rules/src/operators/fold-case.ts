// Case folding as in the C locale, which the reference engine runs in: A to Z only, lengths never change.

/** Lower case of A to Z; everything else stays. */
export function foldAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase()) : text;
}

/** Upper case of a to z; everything else stays. */
export function raiseAscii(text: string): string {
  return /[a-z]/.test(text) ? text.replace(/[a-z]+/g, (lower) => lower.toUpperCase()) : text;
}

let lastText = '';
let lastFolded = '';

/** As `foldAscii`, and remembers one text: many checks in a row ask for the same value. */
export function foldValue(text: string): string {
  if (text !== lastText) {
    lastFolded = foldAscii(text);
    lastText = text;
  }
  return lastFolded;
}
