// Ranges of npm and of Cargo, Pub, Hex and SwiftPM manifests: `^1.2`, `~1.2.3`, `1.x`, `1.2 - 2.0`, `>=1 <2 || 3.*`.
// Pre-releases count as the versions they are: an advisory for `<1.5` speaks of 1.5.0-beta and of 1.4.0-beta.

import { plainBound, readAlternatives, splitRequirement } from './comparators.ts';
import { type Alternative, bump, type Requirement } from './constraint.ts';

const PARTIAL =
  /^([<>=~^!]*)[v=]?(\d+|[xX*])?(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
/** The least version with these numbers. */
const LEAST = '-0';

/** Where those who use this grammar differ. */
export interface SemverDialect {
  /** What a version without operator means: exactly it (npm) or everything compatible (Cargo). */
  readonly bare: '=' | '^';
  /** `~> 2.0` takes all of 2 (Hex); elsewhere it is another way to write `~2.0`. */
  readonly pessimistic?: boolean;
}

export function readSemverRange(text: string, dialect: SemverDialect): Requirement {
  const hyphens = text.replace(/([^\s|,]+)\s+-\s+([^\s|,]+)/g, '>=$1 <=$2');
  const alternatives = splitRequirement(hyphens, /\|\|/);
  return readAlternatives(alternatives, (word) => comparator(word, dialect));
}

function comparator(word: string, { bare, pessimistic }: SemverDialect): Alternative | undefined {
  if (/^(?:\*|x|latest|any)$/i.test(word)) return [];
  const [, sign = '', ...rest] = PARTIAL.exec(word) ?? [undefined, undefined];
  const pre = rest[3];
  const wild = rest.slice(0, 3).findIndex((part) => part === undefined || /[xX*]/.test(part));
  const numbers = rest.slice(0, wild < 0 ? 3 : wild) as string[];
  if (rest.length === 0) return exact(word);
  const operator = sign === '' ? (wild >= 0 && wild < 3 && bare === '=' ? '=' : bare) : sign;
  if (numbers.length === 0)
    return sign.startsWith('<') && sign !== '<=' ? [{ operator: '<', version: '0.0.0-0' }] : [];
  const low = `${full(numbers)}${pre === undefined ? '' : `-${pre}`}`;
  const least = numbers.length < 3 ? `${full(numbers)}${LEAST}` : low;
  const after = (at: number): string => `${full(bump(numbers, at).split('.'))}${LEAST}`;
  const last = numbers.length - 1;
  switch (operator) {
    case '':
    case '=':
    case '==':
      return numbers.length === 3 ? [{ operator: '=', version: low }] : between(least, after(last));
    case '~>':
      if (pessimistic === true) return between(least, after(Math.max(last - 1, 0)));
      return between(least, after(Math.min(last, 1)));
    case '!=':
      return [{ operator: '!=', version: low }];
    case '~':
      return between(least, after(Math.min(last, 1)));
    case '^': {
      const significant = numbers.findIndex((number) => !/^0+$/.test(number));
      return between(least, after(significant < 0 ? last : significant));
    }
    case '>':
      return numbers.length === 3
        ? [{ operator: '>', version: low }]
        : [{ operator: '>=', version: after(last) }];
    case '>=':
      return [{ operator: '>=', version: least }];
    case '<':
      return [{ operator: '<', version: least }];
    case '<=':
      return numbers.length === 3
        ? [{ operator: '<=', version: low }]
        : [{ operator: '<', version: after(last) }];
    default:
      return undefined;
  }
}

/** Versions in npm's loose form (`1.2.3beta`) take plain operators only. */
function exact(word: string): Alternative | undefined {
  const bound = plainBound(word, (text) => /^\d+\.\d+\.\d+[A-Za-z][0-9A-Za-z.-]*$/.test(text));
  return bound === undefined ? undefined : [bound];
}

function between(low: string, high: string): Alternative {
  return [
    { operator: '>=', version: low },
    { operator: '<', version: high },
  ];
}

function full(numbers: readonly string[]): string {
  return [...numbers, '0', '0'].slice(0, 3).join('.');
}
