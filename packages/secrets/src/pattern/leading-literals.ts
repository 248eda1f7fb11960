// The literal texts that every match of a pattern begins with: they are the keywords of a token rule.
import type { PatternNode } from './pattern-node.ts';

/** Empty when a match can begin with anything but a literal. */
export function leadingLiterals(node: PatternNode): readonly string[] {
  switch (node.kind) {
    case 'literal':
      return [String.fromCharCode(...node.bytes)];
    case 'choice': {
      const options = node.options.map(leadingLiterals);
      return options.some((option) => option.length === 0) ? [] : options.flat();
    }
    case 'capture':
      return leadingLiterals(node.of);
    case 'sequence': {
      const [first, second] = node.parts;
      if (first === undefined) return [];
      const heads = leadingLiterals(first);
      const tails = first.kind === 'choice' && second !== undefined ? leadingLiterals(second) : [];
      if (tails.length === 0) return heads;
      return heads.flatMap((head) => tails.map((tail) => head + tail));
    }
    case 'repeat':
      return node.min > 0 ? leadingLiterals(node.of) : [];
    case 'set': {
      // A set of a few characters, such as both cases of a letter.
      const members = [...node.set.keys()].filter((byte) => node.set[byte] === 1);
      return members.length <= 4 ? members.map((byte) => String.fromCharCode(byte)) : [];
    }
    case 'boundary':
      return [];
  }
}
