// Bounds of a scan: hostile files cost no more than honest ones of the same size.

export const LIMITS = {
  /** Bytes of a file that are looked at; what follows is reported as not looked at. */
  maxBytes: 10 * 1024 * 1024,
  /** Findings in one file; further ones are counted. */
  maxFindings: 500,
  /** Bytes from the start of a match within which it must end. */
  window: 10_000,
  /** Bytes of a line that an excerpt shows. */
  excerpt: 200,
  /** Bytes at the beginning in which a NUL marks a binary file. */
  binaryProbe: 8_192,
} as const;
