// RPM versions, `epoch:version-release`; each of the two is compared by segments, `~` sorts before the end, `^` after.
import { compareNumbers, compareText, type VersionOrder, versionOrder } from './order.ts';

interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
}

function parse(text: string): RpmVersion | undefined {
  const match = /^(?:(\d+|\(none\)):)?([A-Za-z0-9._+~^]+)(?:-([A-Za-z0-9._+~^]+))?$/.exec(text);
  if (match === null) return undefined;
  const [, epoch = '', version = '', release = ''] = match;
  if (!/[A-Za-z0-9]/.test(version)) return undefined;
  return { epoch: epoch === '(none)' ? '' : epoch, version, release };
}

/** Separators part segments and mean nothing else. */
function segments(text: string): readonly string[] {
  return text.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
}

/** Where a segment stands when the other side has another kind: `~`, the end, `^`, letters, digits. */
function rank(segment: string | undefined): number {
  if (segment === undefined) return 1;
  if (segment === '~') return 0;
  if (segment === '^') return 2;
  return /^\d/.test(segment) ? 4 : 3;
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a[at];
    const right = b[at];
    const difference = rank(left) - rank(right);
    if (difference !== 0) return difference;
    if (left === undefined || right === undefined) return 0;
    const result = rank(left) === 4 ? compareNumbers(left, right) : compareText(left, right);
    if (result !== 0) return result;
  }
  return 0;
}

function compare(a: RpmVersion, b: RpmVersion): number {
  return (
    compareNumbers(a.epoch, b.epoch) ||
    compareSegments(segments(a.version), segments(b.version)) ||
    compareSegments(segments(a.release), segments(b.release))
  );
}

/** Order of RPM packages, whatever distribution. */
export const RPM: VersionOrder = versionOrder(parse, compare);
