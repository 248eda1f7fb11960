// Turns what language analyzers found in lock files and installed trees into packages, one for each version.
import type { PackageLocation, PackageType, SoftwarePackage } from '@guardcell/core';
import type { AnalyzerResult, FoundFragment } from '../analyzer.ts';
import { packageUrl } from './package-url.ts';

/** One package in one file; plain data. */
export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly string[];
  readonly dev?: boolean;
  readonly direct?: boolean;
}

/** `installed` says that the files are there; a lock file only says that they shall be. */
export interface PackageListing {
  readonly evidence: 'lock' | 'installed';
  readonly packages: readonly ListedPackage[];
}

interface Gathered {
  readonly first: ListedPackage;
  readonly locations: Map<string, PackageLocation>;
  licenses: readonly string[];
  /** Undefined until a lock file names it. */
  dev: boolean | undefined;
  direct: boolean;
}

/** Longer names and versions are not real ones; they would only fill memory. */
const MAX_TEXT = 512;

/** True for a name and version that can be reported. */
export function isPlausible(name: string, version: string): boolean {
  return name !== '' && version !== '' && name.length <= MAX_TEXT && version.length <= MAX_TEXT;
}

function namespaced(name: string): { readonly namespace: string; readonly name: string } {
  const cut = name.lastIndexOf('/');
  return cut < 0 ? { namespace: '', name } : { namespace: name.slice(0, cut), name: name.slice(cut + 1) };
}

function gather(into: Map<string, Gathered>, listed: ListedPackage, location: PackageLocation): Gathered {
  const key = `${listed.name}\n${listed.version}`;
  const entry = into.get(key) ?? {
    first: listed,
    locations: new Map(),
    licenses: [],
    dev: undefined,
    direct: false,
  };
  into.set(key, entry);
  entry.locations.set(`${location.path}\n${location.layer ?? ''}`, location);
  if (entry.licenses.length === 0) entry.licenses = listed.licenses ?? [];
  entry.direct ||= listed.direct === true;
  return entry;
}

/**
 * Packages of all listings. The same version in several places is one package with all locations, those of
 * installed files first; it is `dev` only when every lock file that names it says so.
 */
export function assembleListings(
  type: PackageType,
  found: readonly FoundFragment<PackageListing>[],
): AnalyzerResult {
  const gathered = new Map<string, Gathered>();
  for (const { value, location } of found) {
    if (value.evidence !== 'installed') continue;
    for (const listed of value.packages) gather(gathered, listed, location);
  }
  for (const { value, location } of found) {
    if (value.evidence !== 'lock') continue;
    for (const listed of value.packages) {
      const entry = gather(gathered, listed, location);
      entry.dev = (entry.dev ?? true) && listed.dev === true;
    }
  }
  const packages = [...gathered.values()].map((entry): SoftwarePackage => {
    const { name, version } = entry.first;
    return {
      name,
      version,
      type,
      purl: packageUrl({ type, ...namespaced(name), version }),
      locations: [...entry.locations.values()],
      licenses: entry.licenses,
      ...(entry.dev === true ? { dev: true } : {}),
      ...(entry.direct ? { direct: true } : {}),
    };
  });
  return { packages };
}
