// Files in use → packages in use: the strongest way in which any file of a package was touched.
import type { InUse } from '@guardcell/core';
import type { OwnershipIndex } from './ownership-index.ts';

export type TouchGrade = Extract<InUse, 'executed' | 'loaded' | 'opened'>;

/** A file that was touched, by its path within the container. */
export interface TouchedFile {
  readonly path: string;
  readonly grade: TouchGrade;
  /** ms since 1970. */
  readonly lastMs: number;
}

export interface PackageInUse {
  readonly purl: string;
  /** `unknown` for packages of which nobody knows the files. */
  readonly grade: TouchGrade | 'unknown';
  /** Last touch of this grade, ms since 1970; 0 when unknown. */
  readonly lastMs: number;
  /** A file of it that was touched in this way; empty when unknown. */
  readonly example: string;
}

const STRENGTH: Readonly<Record<TouchGrade, number>> = { executed: 3, loaded: 2, opened: 1 };

/** Whether the first grade says more than the second. */
export function isStronger(one: TouchGrade, other: TouchGrade): boolean {
  return STRENGTH[one] > STRENGTH[other];
}

interface Best {
  grade: TouchGrade;
  lastMs: number;
  example: string;
}

/** Packages that are in use, and those of which it cannot be said; all others of the index were not touched. */
export function packagesInUse(index: OwnershipIndex, touched: Iterable<TouchedFile>): PackageInUse[] {
  const best = new Map<number, Best>();
  for (const { path, grade, lastMs } of touched) {
    for (const owner of index.ownersOf(path)) {
      const known = best.get(owner);
      if (known === undefined || isStronger(grade, known.grade)) {
        best.set(owner, { grade, lastMs, example: path });
      } else if (known.grade === grade && lastMs > known.lastMs) {
        known.lastMs = lastMs;
        known.example = path;
      }
    }
  }
  for (const [alias, owner] of index.aliases) {
    const known = best.get(owner);
    if (known !== undefined && !best.has(alias)) best.set(alias, known);
  }
  const result: PackageInUse[] = [];
  for (const [number, { grade, lastMs, example }] of best) {
    const purl = index.purls[number];
    if (purl !== undefined) result.push({ purl, grade, lastMs, example });
  }
  for (const number of index.unknown) {
    const purl = index.purls[number];
    if (purl !== undefined && !best.has(number)) {
      result.push({ purl, grade: 'unknown', lastMs: 0, example: '' });
    }
  }
  return result;
}
