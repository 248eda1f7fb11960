// Searches programs for the version texts of `patterns.ts`. Time grows with the size of the file, not with its content:
// literals are found by the runtime's search, and each may be tried only so often.
import { type FileContent, placeOf } from '../../content/file-content.ts';
import type { FoundPackage } from '../found-package.ts';
import { LONE_PATTERNS, type LoneVersionPattern, VERSION_PATTERNS, type VersionPattern } from './patterns.ts';

const WINDOW_BYTES = 96;
/** Places of one literal that are tried. */
const MAX_TRIES = 4096;

/** Positions of a literal, at most `MAX_TRIES`. */
function* placesOf(content: FileContent, literal: string): Generator<number> {
  const needle = Buffer.from(literal, 'latin1');
  let at = placeOf(content, needle);
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
    yield at;
    at = placeOf(content, needle, at + 1);
  }
}

function versionIn(content: FileContent, pattern: VersionPattern, basename: string): string {
  const { literal, version, before = 0 } = pattern;
  const minor = pattern.named ? (/\d+\.\d+/.exec(basename)?.[0] ?? '') : '';
  for (const at of placesOf(content, literal)) {
    const start = Math.max(0, at - before);
    const text = content.read(start, at + WINDOW_BYTES - start).toString('latin1');
    const found = version.exec(text)?.[1];
    if (found !== undefined && (minor === '' || found.startsWith(`${minor}.`))) return found;
  }
  return '';
}

function byNumbers(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const at = left.findIndex((number, i) => number !== right[i]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function loneVersionIn(
  content: FileContent,
  { witness, version, literals, pick }: LoneVersionPattern,
): string {
  if (placeOf(content, Buffer.from(witness, 'latin1')) < 0) return '';
  const versions = new Set<string>();
  for (const literal of literals) {
    for (const at of placesOf(content, literal)) {
      const found = version.exec(content.read(at, WINDOW_BYTES).toString('latin1'))?.[1];
      if (found !== undefined) versions.add(found);
    }
  }
  if (pick === 'only' && versions.size !== 1) return '';
  return [...versions].sort(byNumbers).at(-1) ?? '';
}

/** All file patterns in one, so that a name is looked at once. */
const ANY_FILE = new RegExp([...VERSION_PATTERNS, ...LONE_PATTERNS].map(({ file }) => file.source).join('|'));

/** Names of files that any pattern is for. */
export const hasPattern = (basename: string): boolean => ANY_FILE.test(basename);

/** Programs that the file is, by its name and its texts. */
export function findVersions(content: FileContent, basename: string): readonly FoundPackage[] {
  const found = new Map<string, FoundPackage>();
  const keep = (name: string, version: string): void => {
    if (version !== '' && !found.has(name)) found.set(name, { name, version });
  };
  for (const pattern of VERSION_PATTERNS) {
    if (pattern.file.test(basename)) keep(pattern.name, versionIn(content, pattern, basename));
  }
  for (const pattern of LONE_PATTERNS) {
    if (pattern.file.test(basename)) keep(pattern.name, loneVersionIn(content, pattern));
  }
  // MariaDB's programs are called like those of MySQL and may name both.
  if (found.has('mariadb')) found.delete('mysql');
  return [...found.values()];
}
