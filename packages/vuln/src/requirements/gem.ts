// RubyGems requirements: comparators, and `~> 1.2.3` (at least it, below 1.3). Commas join.
import { isVersion } from '../versions/registry.ts';
import { plainBound, readAlternatives, splitRequirement } from './comparators.ts';
import { type Alternative, bump, type Requirement } from './constraint.ts';

export function readGemRequirement(text: string): Requirement {
  return readAlternatives(splitRequirement(text, /\|\|/), (word) =>
    word.startsWith('~>') ? pessimistic(word.slice(2)) : one(word),
  );
}

const valid = (text: string): boolean => isVersion('gem', text);

function one(word: string): Alternative | undefined {
  const bound = plainBound(word, valid);
  return bound === undefined ? undefined : [bound];
}

/** The last number of the release may grow: the one before it is where it ends. `.a` keeps pre-releases out. */
function pessimistic(version: string): Alternative | undefined {
  if (!valid(version)) return undefined;
  const [release = ''] = /^\d+(?:\.\d+)*/.exec(version) ?? [];
  const numbers = release.split('.');
  return [
    { operator: '>=', version },
    { operator: '<', version: `${bump(numbers, Math.max(numbers.length - 2, 0))}.a` },
  ];
}
