// Turns a parsed pattern into a matcher over bytes that is anchored at one position.
import type { PatternNode } from './pattern-node.ts';

/** Span of the secret in the bytes; −1 until a capture has matched. */
export interface Span {
  start: number;
  end: number;
}

/** End of the match that starts at `at` and stays below `limit`, or −1. */
export type Matcher = (bytes: Uint8Array, at: number, limit: number, capture: Span) => number;

/** ASCII letters, digits and underscore. */
export function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122)
  );
}

function compileLiteral(literal: Uint8Array): Matcher {
  return (bytes, at, limit) => {
    if (at + literal.length > limit) return -1;
    for (let offset = 0; offset < literal.length; offset++) {
      if (bytes[at + offset] !== literal[offset]) return -1;
    }
    return at + literal.length;
  };
}

function compileSetRun(set: Uint8Array, min: number, max: number): Matcher {
  return (bytes, at, limit) => {
    const stop = Math.min(limit, at + max);
    let end = at;
    while (end < stop && set[bytes[end] ?? 0] === 1) end++;
    return end - at < min ? -1 : end;
  };
}

function compileRepeat(of: Matcher, min: number, max: number): Matcher {
  return (bytes, at, limit, capture) => {
    let end = at;
    for (let count = 0; count < max; count++) {
      const reached = of(bytes, end, limit, capture);
      // A turn that takes nothing would go on for ever.
      if (reached < 0 || reached === end) return count < min && reached < 0 ? -1 : end;
      end = reached;
    }
    return end;
  };
}

function compileSequence(parts: readonly Matcher[]): Matcher {
  return (bytes, at, limit, capture) => {
    let end = at;
    for (const part of parts) {
      end = part(bytes, end, limit, capture);
      if (end < 0) return -1;
    }
    return end;
  };
}

function compileChoice(options: readonly Matcher[]): Matcher {
  return (bytes, at, limit, capture) => {
    for (const option of options) {
      const end = option(bytes, at, limit, capture);
      if (end >= 0) return end;
    }
    return -1;
  };
}

function compileCapture(of: Matcher): Matcher {
  return (bytes, at, limit, capture) => {
    const end = of(bytes, at, limit, capture);
    if (end >= 0) {
      capture.start = at;
      capture.end = end;
    }
    return end;
  };
}

/** The matcher of a pattern; it takes time linear in `limit - at` and no memory. */
export function compilePattern(node: PatternNode): Matcher {
  switch (node.kind) {
    case 'literal':
      return compileLiteral(node.bytes);
    case 'set':
      return compileSetRun(node.set, 1, 1);
    case 'sequence':
      return compileSequence(node.parts.map(compilePattern));
    case 'choice':
      return compileChoice(node.options.map(compilePattern));
    case 'capture':
      return compileCapture(compilePattern(node.of));
    case 'boundary':
      return (bytes, at) => (isWordByte(bytes[at - 1]) === isWordByte(bytes[at]) ? -1 : at);
    case 'repeat':
      if (node.of.kind === 'set') return compileSetRun(node.of.set, node.min, node.max);
      return compileRepeat(compilePattern(node.of), node.min, node.max);
  }
}
