// What the analyzers of databases of packages share: packages become whole with the release of the system that has them.
import type { OsRelease, PackageLocation, SoftwarePackage } from '@guardcell/core';
import type { AnalyzedFile, AnalyzerResult, FoundFragment } from '../analyzer.ts';
import { readRelease, releaseOf } from './os-release/index.ts';

export type SystemFragment<Listed> =
  | { readonly kind: 'packages'; readonly packages: readonly Listed[] }
  | { readonly kind: 'release'; readonly release: OsRelease };

type Result<Listed> =
  | { readonly value: SystemFragment<Listed>; readonly incomplete?: string }
  | { readonly problem: string };

/** Of a release file; undefined when it says nothing. */
export function releaseFragment(
  file: AnalyzedFile,
): { readonly value: { readonly kind: 'release'; readonly release: OsRelease } } | undefined {
  const release = readRelease(file);
  return release === undefined ? undefined : { value: { kind: 'release', release } };
}

/** Records that could not be reported as packages, told beside those that could. */
export function unusableEntries(count: number): string {
  return `${count} entries of the package database have no usable name or version`;
}

/** Of a text that lists packages; undefined when it lists none. `parse` is given who counts records that are of no use. */
export function packagesFragment<Listed>(
  parse: (onUnusable: () => void) => readonly Listed[],
): Result<Listed> | undefined {
  let unusable = 0;
  const packages = parse(() => {
    unusable += 1;
  });
  if (packages.length === 0) return unusable === 0 ? undefined : { problem: unusableEntries(unusable) };
  const value = { kind: 'packages', packages } as const;
  return unusable === 0 ? { value } : { value, incomplete: unusableEntries(unusable) };
}

/** A file below /etc as the package brought it: path and digest, `sha1:…`. */
export type ShippedSetting = readonly [path: string, digest: string];

export interface ListedPackage {
  readonly files: readonly string[];
  readonly settings?: readonly ShippedSetting[];
}

/** Whether a path may be one of settings that people change. */
export function isSetting(path: string): boolean {
  return path.startsWith('/etc/');
}

/** One package a purl, where it was found first, the owners of files, and settings as they were brought. */
export function assembleSystem<Listed extends ListedPackage>(
  found: readonly FoundFragment<SystemFragment<Listed>>[],
  packageOf: (entry: Listed, location: PackageLocation, os: OsRelease | undefined) => SoftwarePackage,
): AnalyzerResult {
  const os = releaseOf(
    found.flatMap(({ location, value }) =>
      value.kind === 'release' ? [{ location, value: value.release }] : [],
    ),
  );
  const packages = new Map<string, SoftwarePackage>();
  const owners = new Map<string, string>();
  const shipped = new Map<string, string>();
  for (const { location, value } of found) {
    if (value.kind !== 'packages') continue;
    for (const entry of value.packages) {
      const made = packageOf(entry, location, os);
      if (!packages.has(made.purl)) packages.set(made.purl, made);
      for (const path of entry.files) owners.set(path, made.purl);
      for (const [path, digest] of entry.settings ?? []) shipped.set(path, digest);
    }
  }
  return { packages: [...packages.values()], owners, shipped };
}
