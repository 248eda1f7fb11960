// Whether a version meets a requirement as its ecosystem writes requirements.
import type { VersionScheme } from '@guardcell/core';
import { isVersion } from '../versions/registry.ts';
import { plainBound, readAlternatives, splitRequirement } from './comparators.ts';
import { readComposerConstraint } from './composer.ts';
import { type Alternative, holds, type Requirement } from './constraint.ts';
import { readGemRequirement } from './gem.ts';
import { readSemverRange } from './npm.ts';
import { satisfiesPep440 } from './pep440.ts';

/**
 * Undefined when the version or the requirement cannot be read. An empty requirement takes every version.
 * @example satisfies('npm', '1.4.2', '^1.2.0 || >=3') // true
 */
export function satisfies(scheme: VersionScheme, version: string, requirement: string): boolean | undefined {
  if (!isVersion(scheme, version)) return undefined;
  if (scheme === 'pep440') return satisfiesPep440(version, requirement);
  const alternatives = readRequirement(scheme, requirement);
  return alternatives === undefined ? undefined : holds(scheme, alternatives, version);
}

/** The bounds of a requirement, for schemes whose requirements are made of bounds (all but PEP 440). */
export function readRequirement(scheme: VersionScheme, requirement: string): Requirement {
  switch (scheme) {
    case 'npm':
    case 'semver':
      return readSemverRange(requirement, { bare: '=' });
    case 'pub':
      return readSemverRange(requirement, { bare: '=' });
    case 'cargo':
      return readSemverRange(requirement, { bare: '^' });
    case 'hex': {
      const signs = requirement.replaceAll(' and ', ' ').replaceAll(' or ', ' || ');
      return readSemverRange(signs, { bare: '=', pessimistic: true });
    }
    case 'gem':
      return readGemRequirement(requirement);
    case 'composer':
      return readComposerConstraint(requirement);
    default:
      return readAlternatives(splitRequirement(requirement, /\|\|/), (word) => plain(scheme, word));
  }
}

function plain(scheme: VersionScheme, word: string): Alternative | undefined {
  const bound = plainBound(word, (text) => isVersion(scheme, text));
  return bound === undefined ? undefined : [bound];
}
