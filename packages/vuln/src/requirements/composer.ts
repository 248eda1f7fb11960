// Composer constraints: comparators, `^`, `~`, wildcards, hyphens; commas and spaces join, `|` and `||` part.
import { isVersion } from '../versions/registry.ts';
import { plainBound, readAlternatives, splitRequirement } from './comparators.ts';
import { type Alternative, bump, type Requirement } from './constraint.ts';

export function readComposerConstraint(text: string): Requirement {
  const hyphens = text.replace(/([^\s|,]+)\s+-\s+([^\s|,]+)/g, '>=$1 <=$2');
  return readAlternatives(splitRequirement(hyphens, /\|\|?/), comparator);
}

const valid = (text: string): boolean => isVersion('composer', text);

function comparator(word: string): Alternative | undefined {
  if (word === '*') return [];
  const [, prefix] = /^={0,2}v?(\d+(?:\.\d+)*)(?:\.[x*])+$/i.exec(word) ?? [];
  if (prefix !== undefined) return between(prefix, bump(prefix.split('.'), prefix.split('.').length - 1));
  const [, sign, version = ''] = /^([~^])(.+)$/.exec(word) ?? [];
  if (sign === undefined) {
    const bound = plainBound(word.replace(/^<>/, '!='), valid);
    return bound === undefined ? undefined : [bound];
  }
  const [numbersText] = /\d+(?:\.\d+)*/.exec(version) ?? [];
  if (numbersText === undefined || !valid(version)) return undefined;
  const numbers = numbersText.split('.');
  if (sign === '~') return between(version, bump(numbers, Math.max(numbers.length - 2, 0)));
  const significant = numbers.findIndex((number) => !/^0+$/.test(number));
  return between(version, bump(numbers, significant < 0 ? numbers.length - 1 : significant));
}

/** The upper end leaves out its own pre-releases, as Composer does. */
function between(low: string, high: string): Alternative {
  return [
    { operator: '>=', version: low },
    { operator: '<', version: `${high}-dev` },
  ];
}
