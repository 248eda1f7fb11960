// PEP 440 specifiers: `~=`, `==` and `!=` with `.*`, the four comparisons, `===` on the text. Commas join.
import { comparePublic, parsePep440 } from '../versions/pep440.ts';

const SPECIFIER = /^(~=|===|==|!=|<=|>=|<|>)\s*(\S+)$/;
const MAX_LENGTH = 4096;

/** Undefined when the version or a specifier cannot be read. */
export function satisfiesPep440(version: string, requirement: string): boolean | undefined {
  if (requirement.length > MAX_LENGTH) return undefined;
  const specifiers = requirement
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const results = specifiers.map((specifier) => meets(version, specifier));
  return results.includes(undefined) ? undefined : results.every((result) => result === true);
}

function meets(text: string, specifier: string): boolean | undefined {
  const [, operator, wanted = ''] = SPECIFIER.exec(specifier) ?? [];
  if (operator === '===') return text.toLowerCase() === wanted.toLowerCase();
  const version = parsePep440(text);
  const wild = (operator === '==' || operator === '!=') && wanted.endsWith('.*');
  const bound = parsePep440(wild ? wanted.slice(0, -2) : wanted);
  if (version === undefined || bound === undefined) return undefined;
  const order = comparePublic(version, bound);
  const { epoch, release } = bound;
  const startsLike = (length: number): boolean =>
    Number(version.epoch) === Number(epoch) &&
    release.slice(0, length).every((number, at) => Number(version.release[at] ?? '0') === Number(number));
  // A local part matters only to who asks for one.
  const sameLocal = bound.local.length === 0 || bound.local.join('.') === version.local.join('.');
  switch (operator) {
    case '==':
      return wild ? startsLike(release.length) : order === 0 && sameLocal;
    case '!=':
      return wild ? !startsLike(release.length) : order !== 0 || !sameLocal;
    case '~=':
      return release.length < 2 ? undefined : order >= 0 && startsLike(release.length - 1);
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      // Not the pre-releases of the bound, unless it is one itself.
      return order < 0 && (bound.pre !== undefined || bound.dev !== undefined || !isPreOf());
    case '>':
      return (
        order > 0 &&
        (bound.post !== undefined ||
          !(version.post !== undefined && startsLike(release.length) && sameRelease()))
      );
    default:
      return undefined;
  }

  function isPreOf(): boolean {
    return (version?.pre !== undefined || version?.dev !== undefined) && sameRelease();
  }
  function sameRelease(): boolean {
    const length = Math.max(version?.release.length ?? 0, release.length);
    return Array.from({ length }, (_, at) => at).every(
      (at) => Number(version?.release[at] ?? '0') === Number(release[at] ?? '0'),
    );
  }
}
